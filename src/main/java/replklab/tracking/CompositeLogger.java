package replklab.tracking;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Passes everything to several loggers; the failure of one keeps nothing from the others. */
record CompositeLogger(List<RunLogger> loggers) implements RunLogger {
    @Override
    public void params(Map<String, ?> params) {
        each(logger -> logger.params(params));
    }

    @Override
    public void tags(Map<String, String> tags) {
        each(logger -> logger.tags(tags));
    }

    @Override
    public void metrics(Map<String, Double> values, long step) {
        each(logger -> logger.metrics(values, step));
    }

    @Override
    public void dataset(DatasetInput input) {
        each(logger -> logger.dataset(input));
    }

    @Override
    public void artifact(Path file, String folder) {
        each(logger -> logger.artifact(file, folder));
    }

    @Override
    public void artifactText(String path, String text) {
        each(logger -> logger.artifactText(path, text));
    }

    @Override
    public void end(RunStatus status) {
        each(logger -> logger.end(status));
    }

    private void each(Consumer<RunLogger> action) {
        RuntimeException failure = null;
        for (RunLogger logger : loggers) {
            try {
                action.accept(logger);
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
