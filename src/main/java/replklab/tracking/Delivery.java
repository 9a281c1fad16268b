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
import replklab.tracking.Outbox.Entry;

/** Brings one run's outbox to MLflow, event by event, in order. Used by the {@link Sender}'s thread alone, but for the marked. */
final class Delivery {
    private static final String REFUSED = "refused.jsonl";

    private final Path folder;
    private final Outbox outbox;
    private final Event.Origin origin;
    private final Consumer<String> notices;
    private final Consumer<ServerRun> created;

    private volatile Optional<ServerRun> run = Optional.empty();
    private volatile Optional<Event.End> unwrittenEnd = Optional.empty();
    private volatile boolean parked;
    private volatile boolean finished;
    private volatile boolean ended;
    private boolean refusedBefore;
    private final boolean leftBehind;
    private boolean createTried;

    /** @param created hears of the run's id as soon as there is one */
    Delivery(
            Path folder,
            Outbox outbox,
            Event.Origin origin,
            boolean leftBehind,
            Consumer<String> notices,
            Consumer<ServerRun> created) {
        this.folder = folder;
        this.outbox = outbox;
        this.origin = origin;
        this.leftBehind = leftBehind;
        this.createTried = leftBehind;
        this.notices = notices;
        this.created = created;
    }

    Path folder() {
        return folder;
    }

    Event.Origin origin() {
        return origin;
    }

    Outbox outbox() {
        return outbox;
    }

    /** The run on the server, once it is known; any thread may ask. */
    Optional<ServerRun> run() {
        return run;
    }

    /** All has arrived and the outbox is gone; any thread may ask. */
    boolean finished() {
        return finished;
    }

    /** Nothing waits that could be sent; any thread may ask. */
    boolean idle() {
        return finished || (outbox.drained() && unwrittenEnd.isEmpty() && !ended);
    }

    /** Ends the run on the server although the end could not be written down (full disk); any thread may call. */
    void endUnwritten(Event.End end) {
        unwrittenEnd = Optional.of(end);
    }

    /** Sends what there is. */
    void deliver(MlflowApi api, ParentIds parents) throws MlflowUnreachable {
        try {
            outbox.sync();
            if (leftBehind && outbox.drained()) { // only the outbox itself was left to remove
                ended |= outbox.last().orElse(null) instanceof Event.End;
            }
            List<Entry> entries = outbox.unsent();
            while (!entries.isEmpty() && !parked) {
                for (int from = 0; from < entries.size() && !parked; ) {
                    List<Entry> group = leadingGroup(entries.subList(from, entries.size()));
                    if (send(api, parents, group)) {
                        outbox.acknowledge(group.getLast().end());
                    } else if (!parked) {
                        return; // rewound
                    }
                    from += group.size();
                }
                entries = outbox.unsent();
            }
            if (unwrittenEnd.isPresent() && outbox.drained() && !parked) {
                Event.End end = unwrittenEnd.get();
                api.end(serverRun(api).orElseThrow().id(), end.status(), end.time());
                unwrittenEnd = Optional.empty();
                ended = true;
            }
            if (ended && outbox.drained()) {
                outbox.delete();
                finished = true;
            }
        } catch (MlflowUnreachable e) {
            throw e;
        } catch (MlflowRefused e) {
            park("MLflow refused the end of the run in " + folder + ": " + e.getMessage());
        } catch (IOException e) {
            park("cannot read " + outbox.file() + ": " + e.getMessage());
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

    /** Sends a group; false if it must be tried again from the outbox. */
    private boolean send(MlflowApi api, ParentIds parents, List<Entry> group) throws MlflowUnreachable, IOException {
        Entry first = group.getFirst();
        try {
            switch (first.event().orElse(null)) {
                case Event.Create create -> create(api, parents, create);
                case Event.Resume resume -> {
                    found(api.run(resume.runId()));
                    api.resume(resume.runId());
                    ended = false;
                }
                case null -> refuse(first, "the line is damaged");
                case Event event -> {
                    Optional<ServerRun> target = serverRun(api);
                    if (target.isEmpty()) {
                        outbox.acknowledge(0); // the server has lost the run: tell it all again
                        return false;
                    }
                    send(api, target.get(), event, group);
                }
            }
            return true;
        } catch (MlflowRefused e) {
            return refused(api, parents, group, e);
        }
    }

    private void send(MlflowApi api, ServerRun to, Event event, List<Entry> group)
            throws MlflowUnreachable, MlflowRefused {
        switch (event) {
            case Event.Batched _ -> {
                List<Event.Batched> events = new ArrayList<>();
                group.forEach(entry -> events.add((Event.Batched) entry.event().orElseThrow()));
                for (Batch batch : Batch.split(events)) {
                    api.log(to.id(), batch);
                }
            }
            case Event.Input input -> api.input(to.id(), input.dataset());
            case Event.Artifact artifact -> api.artifact(to, artifact, folder.resolve(artifact.file()));
            case Event.Model model -> api.models().deliver(to, model, folder);
            case Event.About about -> api.models().describe(to.experimentId(), about.description());
            case Event.End end -> {
                api.end(to.id(), end.status(), end.time());
                ended = true;
            }
            case Event.Origin _ -> throw new IllegalStateException("an origin goes another way");
        }
    }

    private boolean refused(MlflowApi api, ParentIds parents, List<Entry> group, MlflowRefused e)
            throws MlflowUnreachable, IOException {
        if (group.getFirst().event().orElse(null) instanceof Event.Origin) {
            park("MLflow refused the run in " + folder + " (" + e.getMessage()
                    + "); its log stays there and the next start tries again");
            return false;
        }
        if (group.size() == 1) {
            refuse(group.getFirst(), e.getMessage());
            return true;
        }
        for (Entry entry : group) { // one of them is at fault
            send(api, parents, List.of(entry));
            outbox.acknowledge(entry.end());
        }
        return true;
    }

    /** Sets aside an event that MLflow will never take, so that it does not hold up the rest. */
    private void refuse(Entry entry, String reason) throws IOException {
        Files.writeString(
                folder.resolve(REFUSED),
                entry.text() + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        if (!refusedBefore) {
            refusedBefore = true;
            notices.accept("MLflow refused something of the run in " + folder + " (" + reason + "); it is kept in "
                    + folder.resolve(REFUSED));
        }
        if (entry.event().orElse(null) instanceof Event.End) {
            ended = true;
        }
    }

    private void create(MlflowApi api, ParentIds parents, Event.Create create) throws MlflowUnreachable, MlflowRefused {
        String experiment = api.experimentId(create.experiment());
        if (createTried) { // an earlier attempt may have arrived without our hearing of it
            Optional<ServerRun> known = api.find(experiment, create.key());
            if (known.isPresent()) {
                found(known.get());
                return;
            }
        }
        String parent = "";
        if (!create.parent().isEmpty()) {
            parent = parents.idOf(experiment, create.parent()).orElse("");
        }
        createTried = true;
        found(api.create(experiment, create, parent));
    }

    /** The run that an earlier process has created, or empty if the server does not know it any more. */
    private Optional<ServerRun> serverRun(MlflowApi api) throws MlflowUnreachable, MlflowRefused {
        if (run.isEmpty()) {
            switch (origin) {
                case Event.Resume resume -> found(api.run(resume.runId()));
                case Event.Create create ->
                    api.find(api.experimentId(create.experiment()), create.key())
                            .ifPresent(this::found);
            }
        }
        return run;
    }

    private void found(ServerRun known) {
        run = Optional.of(known);
        created.accept(known);
    }

    private void park(String notice) {
        parked = true;
        notices.accept(notice);
    }
}
