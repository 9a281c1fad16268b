package replklab.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Runs for tests that need no more of MLflow than its ids. */
public final class TestRuns {
    private TestRuns() {}

    /**
     * Leaves the log of a run in a folder.
     *
     * @param id what MLflow called it, or empty if it had not heard of it
     */
    public static void log(Path folder, Map<String, String> tags, Consumer<ActiveRun> told, String id) {
        try (FakeMlflow mlflow = new FakeMlflow();
                Tracker tracker = Tracker.open(mlflow.environment(), folder, folder, line -> {})) {
            if (id.isEmpty()) {
                mlflow.stop();
            }
            RunSpec spec = RunSpec.of("test", "run").tags(tags);
            Files.deleteIfExists(folder.resolve("run.log"));
            ActiveRun run = tracker.startRun(spec, folder);
            tracker.flush(Duration.ofSeconds(20));
            told.accept(run);
            run.end(RunStatus.FINISHED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!id.isEmpty()) {
            rename(folder, id);
        }
    }

    private static void rename(Path folder, String id) {
        try (RunLog log = RunLog.open(folder).orElseThrow()) {
            log.append(new Event.Known(id, "1", "nowhere"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
