package replklab.tracking;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import replklab.tracking.MlflowApi.ServerRun;
import replklab.tracking.RunLog.Entry;

/** Brings one run's log to MLflow, event by event, in order. Used by one thread of the {@link Sender} at a time, but for the marked. */
final class Delivery {
    private static final String REFUSED = "refused.jsonl";

    private final Path folder;
    private final RunLog log;
    private final Patience patience;
    private final Consumer<String> notices;

    private volatile Optional<ServerRun> run;
    private volatile Optional<Event.End> unwrittenEnd = Optional.empty();
    private volatile boolean setAside;
    private volatile boolean finished;
    private volatile boolean ended;
    private volatile boolean refusedBefore;
    private final boolean leftBehind;
    private volatile boolean looked;
    /** The server did not know the parent when this run was made. */
    private boolean orphan;

    private volatile boolean createTried;
    /** A request to make the run of which nothing was heard may still arrive. */
    private volatile boolean createUncertain;

    /** @param leftBehind whether an earlier process has begun to tell the server of the run */
    Delivery(Path folder, RunLog log, boolean leftBehind, Consumer<String> notices) {
        this.folder = folder;
        this.log = log;
        this.patience = new Patience(log);
        this.leftBehind = leftBehind;
        this.createTried = leftBehind;
        this.notices = notices;
        this.run = log.record()
                .known()
                .map(known -> new ServerRun(known.runId(), known.experimentId(), known.artifactUri(), false));
        this.setAside = log.record().isGivenUp();
    }

    Path folder() {
        return folder;
    }

    /** The run's {@link RunTags#KEY}. */
    String key() {
        return log.record().key();
    }

    RunLog log() {
        return log;
    }

    /** The run on the server, once it is known; any thread may ask. */
    Optional<ServerRun> run() {
        return run;
    }

    /** All has arrived and the log is gone; any thread may ask. */
    boolean finished() {
        return finished;
    }

    /** Key of the parent that the server must know before this run is made; any thread may ask. */
    Optional<String> waitsFor() {
        String parent = log.record().create().parent();
        return run.isEmpty() && !setAside && !parent.isEmpty() ? Optional.of(parent) : Optional.empty();
    }

    /** Whether the server may still be told of this run for the first time; any thread may ask. */
    boolean unmade() {
        return run.isEmpty() && !setAside && !finished;
    }

    /** Nothing waits that could be sent; any thread may ask. */
    boolean idle() {
        boolean all = log.drained() && unwrittenEnd.isEmpty() && !ended;
        return finished || setAside || (all && (looked || !leftBehind));
    }

    /** Ends the run on the server although the end could not be written down (full disk); any thread may call. */
    void endUnwritten(Event.End end) {
        unwrittenEnd = Optional.of(end);
    }

    /** Sends what there is. */
    void deliver(MlflowApi api, ParentIds parents) throws MlflowUnreachable {
        try {
            log.sync();
            looked = true;
            if (leftBehind && log.drained()) { // only to be marked as done
                ended |= log.record().hasEnded();
            }
            List<Entry> entries = log.unsent();
            while (!entries.isEmpty()) {
                for (int from = 0; from < entries.size(); ) {
                    List<Entry> group = leadingGroup(entries.subList(from, entries.size()));
                    send(api, parents, group);
                    log.acknowledge(group.getLast().end());
                    from += group.size();
                }
                entries = log.unsent();
            }
            if (unwrittenEnd.isPresent() && log.drained()) {
                end(api, serverRun(api), unwrittenEnd.get());
                unwrittenEnd = Optional.empty();
            }
            if (ended && log.drained()) {
                log.settle();
                finished = true;
            }
        } catch (MlflowUnreachable e) {
            throw e;
        } catch (MlflowRefused e) {
            setAside(e.getMessage());
        } catch (IOException e) {
            setAside = true; // of this process alone: the disk may be read again
            notices.accept("cannot read " + log.file() + ": " + e.getMessage());
        }
    }

    /** Finds the id of a parent run by its key. */
    interface ParentIds {
        Optional<String> idOf(String experimentId, String key) throws MlflowUnreachable, MlflowRefused;
    }

    /** Parameters, tags and metrics in a row go together, anything else alone. */
    private static List<Entry> leadingGroup(List<Entry> entries) {
        int size = 0;
        while (size < entries.size() && entries.get(size).event().orElse(null) instanceof Event.Batched) {
            size++;
        }
        return entries.subList(0, Math.max(1, size));
    }

    /**
     * Sends a group, or sets aside what of it MLflow will never take.
     *
     * @throws MlflowRefused if MLflow will not have the run itself
     */
    private void send(MlflowApi api, ParentIds parents, List<Entry> group)
            throws MlflowUnreachable, MlflowRefused, IOException {
        Entry first = group.getFirst();
        switch (first.event().orElse(null)) {
            case Event.Create create ->
                patience.send(() -> create(api, parents, create), () -> api.tagAgain(create.experiment()));
            case Event.Local _ -> {
                // For this program alone.
            }
            case null -> refuse(first.text(), "a damaged line", "it cannot be read");
            case Event event -> {
                ServerRun target = serverRun(api);
                try {
                    patience.send(() -> send(api, parents, target, event, group), () -> api.tagAgain(target, key()));
                } catch (MlflowRefused e) {
                    if (e.kind() == MlflowRefused.Kind.REQUEST) {
                        api.run(target.id()); // throws if the run is the reason
                    }
                    refused(api, parents, group, e);
                }
            }
        }
    }

    private void send(MlflowApi api, ParentIds parents, ServerRun to, Event event, List<Entry> group)
            throws MlflowUnreachable, MlflowRefused {
        switch (event) {
            case Event.Batched _ -> {
                List<Event.Batched> events = new ArrayList<>();
                group.forEach(entry -> events.add((Event.Batched) entry.event().orElseThrow()));
                for (LogBatch batch : LogBatch.split(events)) {
                    api.log(to.id(), batch);
                }
            }
            case Event.Input input -> api.input(to.id(), input.dataset());
            case Event.Artifact artifact -> api.artifact(to, artifact, folder.resolve(artifact.file()));
            case Event.Resume _ -> {
                api.resume(to.id());
                ended = false;
            }
            case Event.Model model -> api.models().deliver(to, model, folder);
            case Event.About about -> api.models().describe(to.experimentId(), about.description());
            case Event.End end -> {
                place(api, parents, to);
                end(api, to, end);
            }
            case Event.Create _, Event.Local _ -> throw new IllegalStateException("these go another way");
        }
    }

    /** Many processes share a parent: a run may be made before it, and then goes below it when one of the two ends. */
    private void place(MlflowApi api, ParentIds parents, ServerRun to) throws MlflowUnreachable {
        Event.Create create = log.record().create();
        try {
            if (create.tags().containsKey(RunTags.SHARED_KEY)) {
                api.adopt(to, key());
            }
            if (orphan) {
                Optional<String> parent = parents.idOf(to.experimentId(), create.parent());
                if (parent.isPresent()) {
                    api.place(to.id(), parent.get());
                    orphan = false;
                }
            }
        } catch (MlflowRefused e) {
            notices.accept("cannot put the run in " + folder + " and its parent together: " + e.getMessage());
        }
    }

    private void end(MlflowApi api, ServerRun to, Event.End end) throws MlflowUnreachable, MlflowRefused {
        api.end(to.id(), end.status(), end.time());
        ended = true;
        if (!createUncertain) {
            return;
        }
        try {
            api.deleteTwins(to, key());
        } catch (MlflowRefused e) {
            notices.accept("cannot see whether MLflow holds the run in " + folder + " twice: " + e.getMessage());
        }
    }

    private void refused(MlflowApi api, ParentIds parents, List<Entry> group, MlflowRefused e)
            throws MlflowUnreachable, MlflowRefused, IOException {
        switch (e.kind()) {
            case GONE -> throw e;
            case LACKING, STILL_LACKING -> {
                keep(group.getFirst().text());
                if (e.kind() == MlflowRefused.Kind.LACKING) {
                    notices.accept(e.getMessage() + ": they stay in the runs' folders, listed in " + REFUSED
                            + "; everything else arrives");
                }
            }
            case REQUEST -> {
                if (group.size() > 1) {
                    for (Entry entry : group) { // one of them is at fault
                        send(api, parents, List.of(entry));
                        log.acknowledge(entry.end());
                    }
                    return;
                }
                Event event = group.getFirst().event().orElseThrow();
                List<Event.Batched> singles = event instanceof Event.Batched batched ? batched.singles() : List.of();
                if (singles.size() > 1) {
                    for (Event.Batched single : singles) {
                        sendSingle(api, single);
                    }
                    return;
                }
                refuse(group.getFirst().text(), event.told(), e.getMessage());
                ended |= event instanceof Event.End;
            }
        }
    }

    /** Sends one value of an event of which MLflow did not take all, or sets it aside. */
    private void sendSingle(MlflowApi api, Event.Batched single) throws MlflowUnreachable, MlflowRefused, IOException {
        ServerRun target = serverRun(api);
        try {
            for (LogBatch batch : LogBatch.split(List.of(single))) {
                patience.send(() -> api.log(target.id(), batch), () -> api.tagAgain(target, key()));
            }
        } catch (MlflowRefused e) {
            if (e.kind() == MlflowRefused.Kind.GONE) {
                throw e;
            }
            refuse(Json.line(single), single.told(), e.getMessage());
        }
    }

    /** Sets aside an event that MLflow will never take, so that it does not hold up the rest. */
    private void refuse(String line, String what, String reason) throws IOException {
        keep(line);
        if (!refusedBefore) {
            refusedBefore = true;
            notices.accept("MLflow refused " + what + " of the run in " + folder + " (" + reason + "); it is kept in "
                    + folder.resolve(REFUSED) + ", as is whatever else it refuses of this run");
        }
    }

    private void keep(String line) throws IOException {
        Files.writeString(
                folder.resolve(REFUSED),
                line + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private void create(MlflowApi api, ParentIds parents, Event.Create create) throws MlflowUnreachable, MlflowRefused {
        String experiment = api.experimentId(create.experiment());
        if (!create.lost().isEmpty()) {
            endLost(api, experiment, create.lost());
        }
        if (createTried && foundBefore(api, experiment)) {
            return;
        }
        String parent = "";
        if (!create.parent().isEmpty()) {
            parent = parents.idOf(experiment, create.parent()).orElse("");
            orphan = parent.isEmpty();
        }
        Event.Create keyed = create.withKey(key());
        createTried = true;
        try {
            found(api.create(experiment, keyed, parent));
        } catch (MlflowUnreachable e) {
            api.prepareSecondAttempt(e);
            if (!foundBefore(api, experiment)) {
                found(api.create(experiment, keyed, parent));
            }
        }
    }

    /** The run that was in this folder before is over, whatever became of it. */
    private void endLost(MlflowApi api, String experiment, String lost) throws MlflowUnreachable {
        try {
            api.endAbandoned(experiment, lost);
        } catch (MlflowRefused e) {
            notices.accept("cannot see whether MLflow believes that the run goes on whose log in " + folder
                    + " was lost: " + e.getMessage());
        }
    }

    /** An attempt of which nothing was heard may have arrived; it may also still do so. */
    private boolean foundBefore(MlflowApi api, String experiment) throws MlflowUnreachable, MlflowRefused {
        createUncertain = true;
        Optional<ServerRun> known = api.find(experiment, key());
        known.ifPresent(this::found);
        return known.isPresent();
    }

    /** The run that an earlier process has created. */
    private ServerRun serverRun(MlflowApi api) throws MlflowUnreachable, MlflowRefused {
        if (run.isEmpty()) {
            Event.Create create = log.record().create();
            found(api.find(api.experimentId(create.experiment()), key())
                    .orElseThrow(
                            () -> new MlflowRefused(MlflowRefused.Kind.GONE, "MLflow does not know the run any more")));
        }
        return run.orElseThrow();
    }

    private void found(ServerRun known) {
        run = Optional.of(known);
        Event.Known event = new Event.Known(known.id(), known.experimentId(), known.artifactUri());
        if (log.record().known().equals(Optional.of(event))) {
            return;
        }
        try {
            log.append(event);
        } catch (IOException e) {
            notices.accept(RunFolder.unwritable(log.file(), e).getMessage()); // the next start asks the server again
        }
    }

    /** Gives the run up, for later starts as well; only a run that is gone on with is told anew. */
    private void setAside(String reason) {
        setAside = true;
        String kept = "nothing more of it is sent, its log stays there";
        try {
            log.append(new Event.GivenUp(reason));
        } catch (IOException e) {
            kept += " (which cannot be noted: " + e.getMessage() + ")";
        }
        notices.accept("MLflow does not have the run in " + folder + " any more or will not take it (" + reason + "): "
                + kept);
    }
}
