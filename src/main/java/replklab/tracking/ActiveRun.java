package replklab.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import replklab.base.LabException;
import replklab.tracking.MlflowApi.ServerRun;

/**
 * A run that goes on: it takes everything down in its own folder and, through the folder's outbox, in MLflow. Start one
 * with {@link Tracker#startRun}.
 */
public final class ActiveRun implements RunLogger {
    private final RunFolder folder;
    private final Outbox outbox;
    private final Sender sender;
    private final Delivery delivery;
    private final Consumer<String> notices;
    private RunRecord record;
    private boolean over;

    ActiveRun(
            RunFolder folder,
            RunRecord record,
            Outbox outbox,
            Event.Origin origin,
            boolean leftBehind,
            Sender sender,
            Consumer<String> notices) {
        this.folder = folder;
        this.record = record;
        this.outbox = outbox;
        this.sender = sender;
        this.notices = notices;
        this.delivery = new Delivery(folder.path(), outbox, origin, leftBehind, notices, this::created);
    }

    /** The run's own folder. */
    public Path folder() {
        return folder.path();
    }

    /** MLflow's id of the run, empty as long as MLflow could not be told of the run. */
    public Optional<String> runId() {
        return delivery.run().map(ServerRun::id);
    }

    /** The run's place on MLflow's page, below the server's address. */
    public Optional<String> page() {
        return delivery.run().map(run -> "/#/experiments/" + run.experimentId() + "/runs/" + run.id());
    }

    String key() {
        return delivery.origin().key();
    }

    Delivery delivery() {
        return delivery;
    }

    /** Writes the event that the run begins with. */
    synchronized void begin(Event.Origin origin) {
        try {
            record.save(folder.path());
        } catch (IOException e) {
            throw RunFolder.unwritable(RunRecord.file(folder.path()), e);
        }
        append(origin);
    }

    @Override
    public synchronized void params(Map<String, ?> params) {
        if (goesOn() && !params.isEmpty()) {
            folder.params(params);
            Map<String, String> texts = new LinkedHashMap<>();
            params.forEach((key, value) -> texts.put(key, String.valueOf(value)));
            append(new Event.Params(texts));
        }
    }

    @Override
    public synchronized void tags(Map<String, String> tags) {
        if (goesOn() && !tags.isEmpty()) {
            folder.tags(tags);
            append(new Event.Tags(tags));
        }
    }

    @Override
    public synchronized void metrics(Map<String, Double> values, long step) {
        if (goesOn() && !values.isEmpty()) {
            long now = System.currentTimeMillis();
            folder.metrics(values, step, now);
            append(new Event.Metrics(step, now, values));
        }
    }

    @Override
    public synchronized void dataset(DatasetInput input) {
        if (goesOn()) {
            folder.dataset(input);
            append(new Event.Input(input));
        }
    }

    @Override
    public synchronized void artifact(Path file, String to) {
        if (goesOn()) {
            Path kept = folder.keep(file, to);
            append(new Event.Artifact(Names.artifactPath(to, String.valueOf(file.getFileName())), relative(kept)));
        }
    }

    @Override
    public synchronized void artifactText(String path, String text) {
        if (goesOn()) {
            append(new Event.Artifact(path, relative(folder.keepText(path, text))));
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
                    folder.kept(model.name()).stream().map(this::relative).toList();
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
        Event.End end = new Event.End(status, System.currentTimeMillis());
        Optional<LabException> failure = Optional.empty();
        try {
            folder.end(status);
        } catch (LabException e) {
            failure = Optional.of(e);
        }
        record = record.withStatus(status, end.time());
        try {
            record.save(folder.path());
        } catch (IOException e) {
            failure = Optional.of(RunFolder.unwritable(RunRecord.file(folder.path()), e));
        }
        try {
            append(end);
        } catch (LabException e) {
            failure = Optional.of(e);
            delivery.endUnwritten(end);
            sender.poke();
        }
        if (failure.isPresent()) {
            if (status == RunStatus.FINISHED) {
                throw failure.get();
            }
            notices.accept(failure.get().getMessage());
        }
    }

    /** Whether the run has ended. */
    public synchronized boolean ended() {
        return over;
    }

    /** False when the run was killed, where the threads that still work on it need not hear of that. */
    private boolean goesOn() {
        if (over && record.status() != RunStatus.KILLED) {
            throw new LabException("run '" + record.name() + "' has ended; nothing can be logged to it any more");
        }
        return !over;
    }

    private void append(Event event) {
        try {
            outbox.append(event);
        } catch (IOException e) {
            throw RunFolder.unwritable(outbox.file(), e);
        }
        sender.poke();
    }

    private String relative(Path kept) {
        return folder.path().relativize(kept).toString();
    }

    private synchronized void created(ServerRun run) {
        if (record.runId().equals(run.id())) {
            return;
        }
        record = record.withRunId(run.id());
        try {
            record.save(folder.path());
        } catch (IOException e) {
            notices.accept(
                    RunFolder.unwritable(RunRecord.file(folder.path()), e).getMessage());
        }
    }
}
