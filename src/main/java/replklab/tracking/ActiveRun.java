package replklab.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import replklab.base.LabException;

/**
 * A run that goes on. Everything it is told is appended to the {@link RunLog} of its folder, from which MLflow is told. Start one
 * with {@link Tracker#startRun}.
 *
 * <p>A run that is gone on with may be told again what it was told before: values of the same metric and step, parameters and
 * data sets that its log has are passed over.
 */
public final class ActiveRun implements RunLogger {
    private final RunFolder folder;
    private final RunLog log;
    private final Sender sender;
    private final Delivery delivery;
    private final Consumer<String> notices;
    private boolean over;
    private boolean left;

    ActiveRun(RunFolder folder, RunLog log, boolean leftBehind, Sender sender, Consumer<String> notices) {
        this.folder = folder;
        this.log = log;
        this.sender = sender;
        this.notices = notices;
        this.delivery = new Delivery(folder.path(), log, leftBehind, notices);
    }

    /** The run's own folder. */
    public Path folder() {
        return folder.path();
    }

    /** MLflow's id of the run, empty as long as MLflow could not be told of the run. */
    public Optional<String> runId() {
        return log.record().runId();
    }

    /** The run's place on MLflow's page, below the server's address. */
    public Optional<String> page() {
        return delivery.run().map(run -> RunPage.of(run.experimentId(), run.id()));
    }

    /** What the run's log says so far. */
    public RunRecord record() {
        return log.record();
    }

    /** Names the run among all, here and in MLflow ({@link RunTags#KEY}). */
    public String key() {
        return log.record().key();
    }

    Delivery delivery() {
        return delivery;
    }

    @Override
    public synchronized void params(Map<String, ?> params) {
        Map<String, String> known = log.record().params();
        Map<String, String> added = new LinkedHashMap<>();
        params.forEach((key, value) -> {
            Names.check(key);
            String before = known.get(key);
            if (before != null && !before.equals(String.valueOf(value))) {
                throw new LabException("parameter " + key + " of the run in " + folder.path() + " is " + before
                        + " and cannot become " + value + ": a parameter holds for the whole run");
            }
            if (before == null) {
                added.put(key, String.valueOf(value));
            }
        });
        if (goesOn() && !added.isEmpty()) {
            append(new Event.Params(added));
        }
    }

    @Override
    public synchronized void tags(Map<String, String> tags) {
        Map<String, String> known = log.record().tags();
        Map<String, String> added = new LinkedHashMap<>();
        tags.forEach((key, value) -> {
            Names.check(key);
            if (!Objects.equals(known.get(key), value)) {
                added.put(key, value);
            }
        });
        if (goesOn() && !added.isEmpty()) {
            append(new Event.Tags(added));
        }
    }

    @Override
    public synchronized void metrics(Map<String, Double> values, long step) {
        Map<String, Double> added = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            Names.check(key);
            if (!log.record().isLogged(key, step)) {
                added.put(key, value);
            }
        });
        if (goesOn() && !added.isEmpty()) {
            append(new Event.Metrics(step, System.currentTimeMillis(), added));
        }
    }

    @Override
    public synchronized void dataset(DatasetInput input) {
        if (goesOn() && !log.record().has(input)) {
            append(new Event.Input(input));
        }
    }

    @Override
    public synchronized void artifact(Path file, String to) {
        if (goesOn()) {
            Path kept = folder.keep(file, to);
            append(new Event.Artifact(
                    Names.artifactPath(to, String.valueOf(file.getFileName())), folder.relative(kept)));
        }
    }

    @Override
    public synchronized void artifactText(String path, String text) {
        if (goesOn()) {
            append(new Event.Artifact(path, folder.relative(folder.keepText(path, text))));
        }
    }

    /** Writes down something that is to be found again in the run's record, and that MLflow is not told. */
    public synchronized void note(String kind, String json) {
        if (goesOn()) {
            append(new Event.Note(kind, json));
        }
    }

    /** Writes down what came out of the run, safe from a power cut: from here on it is a finished run. */
    public synchronized void result(String json) {
        if (goesOn()) {
            append(new Event.Result(json));
            sync();
        }
    }

    /** Forces to the disk what the run was told. */
    public void sync() {
        try {
            log.sync();
        } catch (IOException e) {
            throw RunFolder.unwritable(log.file(), e);
        }
    }

    /**
     * The folder that takes a model's files before {@link #model} tells of it; empty now.
     *
     * @param name of the model
     */
    public Path modelFolder(String name) {
        return folder.emptied(name);
    }

    /** A model that the run made, whose files lie in its {@link #modelFolder}. */
    public synchronized void model(LoggedModel model) {
        if (goesOn()) {
            List<String> files =
                    folder.kept(model.name()).stream().map(folder::relative).toList();
            append(new Event.Model(key() + "/" + model.name(), model, files));
        }
    }

    /** What the run's experiment is about, Markdown; what somebody else has written there stays. */
    public synchronized void about(String description) {
        if (goesOn()) {
            append(new Event.About(description));
        }
    }

    /**
     * Ends the run. MLflow hears of it even if the disk is full; the failure to write then throws only where the run was
     * to be a finished one.
     */
    @Override
    public synchronized void end(RunStatus status) {
        if (!status.ended()) {
            throw new IllegalArgumentException("a run ends as FINISHED, FAILED or KILLED, not as " + status);
        }
        if (over) {
            return;
        }
        over = true;
        // What is finished stays so, even if something goes wrong afterwards.
        RunStatus ending = log.record().result().isPresent() ? RunStatus.FINISHED : status;
        Event.End end = new Event.End(ending, System.currentTimeMillis());
        try {
            append(end);
            sync();
        } catch (LabException e) {
            delivery.endUnwritten(end);
            sender.poke();
            if (ending == RunStatus.FINISHED) {
                throw e;
            }
            notices.accept(e.getMessage());
        }
    }

    /** Whether the run has ended. */
    public synchronized boolean ended() {
        return over;
    }

    /** From here on nothing more is written; threads that still work on it need not hear of that. */
    synchronized void leave() {
        left = true;
        over = true;
    }

    void closeLog() throws IOException {
        log.close();
    }

    /** False when the run was killed, where the threads that still work on it need not hear of that. */
    private boolean goesOn() {
        if (over && !left && log.record().status() != RunStatus.KILLED) {
            throw new LabException("run '" + log.record().name() + "' has ended; nothing can be logged to it any more");
        }
        return !over;
    }

    private void append(Event event) {
        try {
            log.append(event);
        } catch (IOException e) {
            throw RunFolder.unwritable(log.file(), e);
        }
        sender.poke();
    }
}
