package replklab.tracking;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import replklab.base.ExitActions;
import replklab.base.LabException;
import replklab.base.LabHome;

/**
 * The door to MLflow: the server that {@code MLFLOW_TRACKING_URI} names, or the embedded one under {@code mlruns/}. It starts
 * runs, sends what they log on a thread of its own, and reads runs back.
 *
 * <p>MLflow must answer when the tracker is opened. After that runs go on without it: what they log is kept in their
 * folders and sent when it is back, by this tracker or by {@link #sendKept} of a later one. When the process is told
 * to stop, open runs end as {@link RunStatus#KILLED}.
 */
public final class Tracker implements AutoCloseable {
    /** What the folder of a run is called that another has taken the place of: its own name, this, and a time. */
    public static final String REPLACED = ".replaced-";

    private static final Duration CREATION = Duration.ofSeconds(5);
    /** How long nothing may arrive at the end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(30);

    /** How long a slow MLflow is told the rest, as long as it takes something. */
    private static final Duration MOST_WORDS = Duration.ofMinutes(5);

    private static final Duration SILENT = Duration.ofSeconds(5);

    /** For one more attempt where MLflow did not answer before. */
    private static final Duration IN_VAIN = Duration.ofSeconds(3);

    private static final Duration LAST_WORDS_AT_EXIT = Duration.ofSeconds(5);

    private final Endpoint endpoint;
    private final MlflowApi api;
    private final Sender sender;
    private final Origin provenance;
    private final Consumer<String> notices;
    private final boolean silent;
    private final List<ActiveRun> runs = new CopyOnWriteArrayList<>();
    private final Runnable exitAction = this::exit;
    private Optional<Path> kept = Optional.empty();

    private Tracker(Endpoint endpoint, Origin provenance, Consumer<String> notices) {
        this.endpoint = endpoint;
        this.silent = endpoint instanceof AbsentEndpoint;
        this.provenance = provenance;
        this.notices = notices;
        this.api = new MlflowApi(endpoint);
        this.sender = new Sender(api, notices);
        ExitActions.add(ExitActions.Phase.RUNS, exitAction);
    }

    /** The tracker of this checkout and environment; notices go to standard error. */
    public static Tracker open() {
        return open(System.getenv(), LabHome.resolve("mlruns"), LabHome.root(), System.err::println);
    }

    /**
     * A tracker.
     *
     * @param environment holds {@code MLFLOW_TRACKING_URI} and the other variables of MLflow's own clients, if set, and {@code HOME}
     * @param mlruns folder of the embedded server
     * @param checkout whose commit the runs are tagged with
     * @param notices hears in one line what the user may want to know; called from several threads
     */
    public static Tracker open(Map<String, String> environment, Path mlruns, Path checkout, Consumer<String> notices) {
        Tracker tracker = new Tracker(Endpoint.of(environment, mlruns, notices), Origin.of(checkout), notices);
        try {
            tracker.api.experimentNames();
            return tracker;
        } catch (MlflowUnreachable | MlflowRefused e) {
            tracker.close();
            boolean barred =
                    e instanceof MlflowUnreachable unreachable && unreachable.kind() == MlflowUnreachable.Kind.BARRED;
            throw new LabException(
                    barred
                            ? "MLflow at " + tracker.uri() + ": " + e.getMessage()
                            : "no MLflow at " + tracker.uri() + " (" + e.getMessage() + "): start it, or correct "
                                    + "MLFLOW_TRACKING_URI, or unset it to use the embedded server",
                    e);
        }
    }

    /**
     * A tracker that tells nobody: what is logged stays in the runs' folders, for {@link #sendKept} of another program that has the
     * same server.
     */
    public static Tracker silent(Map<String, String> environment, Path checkout, Consumer<String> notices) {
        return new Tracker(AbsentEndpoint.of(environment), Origin.of(checkout), notices);
    }

    /**
     * A tracker for one run among many on many machines: it tells the server that {@code MLFLOW_TRACKING_URI} names, if that answers;
     * and where none is named it is {@linkplain #silent silent}, since each machine would start a server of its own.
     */
    public static Tracker ofOneAmongMany(Map<String, String> environment, Path checkout, Consumer<String> notices) {
        if (!isNamed(environment)) {
            return silent(environment, checkout, notices);
        }
        Tracker tracker = new Tracker(Endpoint.of(environment, checkout, notices), Origin.of(checkout), notices);
        try {
            tracker.api.within(CREATION).probe();
        } catch (MlflowUnreachable | MlflowRefused e) {
            notices.accept("MLflow at " + tracker.uri() + " does not let itself be told (" + e.getMessage()
                    + "): what this run logs is kept in its folder until then");
            tracker.sender.unanswered();
        }
        return tracker;
    }

    /** Whether {@code MLFLOW_TRACKING_URI} names a server. */
    public static boolean isNamed(Map<String, String> environment) {
        return !environment.getOrDefault(TrackingAddress.VARIABLE, "").isBlank();
    }

    /** Whether somebody else must tell MLflow what is logged here. */
    public boolean isSilent() {
        return silent;
    }

    /** Address of the server and its page, without a slash at the end. */
    public URI uri() {
        return endpoint.uri();
    }

    /**
     * Starts a run that stands for itself, such as one execution of an experiment.
     *
     * @param folder the run's own folder, made if missing; an earlier run in it is moved beside it, nothing of it is lost
     * @throws LabException if the experiment is deleted in MLflow, or the folder belongs to a run that goes on
     */
    public ActiveRun startRun(RunSpec spec, Path folder) {
        return startRun(spec, folder, UUID.randomUUID().toString());
    }

    /**
     * The same with a key of the caller's choice.
     *
     * @param key another one for each run; runs that other programs {@linkplain #startChild start below it} find it by that
     */
    public ActiveRun startRun(RunSpec spec, Path folder, String key) {
        try {
            if (isReachable()) {
                api.within(CREATION).experimentId(spec.experiment());
            }
        } catch (MlflowRefused e) {
            throw new LabException(e.getMessage(), e);
        } catch (MlflowUnreachable e) {
            sender.unanswered(); // it will find out by itself, and say so
        }
        return start(spec, key, "", folder, folder);
    }

    /** Starts a run below another, such as one variant and seed. */
    public ActiveRun startChild(ActiveRun parent, RunSpec spec, Path folder) {
        return startChild(parent.key(), spec, folder, folder);
    }

    /**
     * The same below a run that another program may have started, or will start.
     *
     * @param parent its {@link ActiveRun#key()}
     * @param folder where the run works
     * @param place where it will be {@linkplain #move moved} to: what lies there now goes aside
     */
    public ActiveRun startChild(String parent, RunSpec spec, Path folder, Path place) {
        return start(spec, UUID.randomUUID().toString(), parent, folder, place);
    }

    /**
     * Moves the folder of a run that has ended to a place where there is none; what MLflow does not have yet is told from there.
     *
     * @throws IOException if something lies there, or the folder is gone; then nothing more of the run is told
     */
    public void move(ActiveRun run, Path to) throws IOException {
        Path from = run.folder();
        if (isReachable()) {
            sender.flush(CREATION);
        }
        leave(run);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        Path place = to.toAbsolutePath().normalize();
        if (!silent && !RunLog.isSettled(place)) {
            LeftBehind.take(place, endpoint.identity())
                    .filter(left -> !left.elsewhere())
                    .ifPresent(left -> sender.add(adopt(left)));
        }
    }

    /** Lets go of a run as it stands: it is not ended, and nothing more of it is written or told by this tracker. */
    public void leave(ActiveRun run) throws IOException {
        runs.remove(run);
        run.leave();
        if (!sender.release(run.folder())) {
            run.closeLog();
        }
    }

    /**
     * Goes on with the run that a folder holds, ended or killed, in the same run of MLflow; empty if the folder holds no run, or one
     * whose log is {@linkplain RunRecord#isDamaged damaged}: a new one takes its place, and what is there goes aside. A run that
     * another server was told of moves here: this tracker's server hears all of it.
     */
    public Optional<ActiveRun> resumeRun(Path folder) {
        Path place = folder.toAbsolutePath().normalize();
        if (!RunLog.existsIn(place)) {
            return Optional.empty();
        }
        try {
            refuseIfActive(place);
            sender.release(place);
            RunLog log = HandOver.take(place, HandOver.PATIENCE, notices);
            try {
                if (!log.record().exists() || log.record().isDamaged()) {
                    log.close();
                    return Optional.empty();
                }
                LeftBehind.bury(log);
                boolean elsewhere = !log.record().tracker().equals(endpoint.identity());
                if (elsewhere && !log.drained()) {
                    notices.accept("the run in " + place + " goes on in this MLflow, which is told all of it; "
                            + log.record().tracker() + " has not heard its end");
                }
                if (elsewhere || log.record().isGivenUp()) { // or somebody deleted it in MLflow, but wants it to go on
                    log.append(new Event.Moved(
                            endpoint.identity(), UUID.randomUUID().toString()));
                    log.acknowledge(0);
                }
                log.append(new Event.Resume(System.currentTimeMillis()));
                return Optional.of(begin(new ActiveRun(new RunFolder(place), log, true, sender, notices)));
            } catch (IOException | RuntimeException e) {
                log.close();
                throw e;
            }
        } catch (IOException e) {
            throw RunFolder.unwritable(place, e);
        }
    }

    /** The same with a run that lies elsewhere: its folder is moved first, and back if it holds no run to go on with. */
    public Optional<ActiveRun> resumeRun(Path folder, Path from) {
        try {
            Path place = from.toAbsolutePath().normalize();
            sender.release(place);
            HandOver.take(place, HandOver.PATIENCE, notices).close();
            Files.move(place, folder, StandardCopyOption.ATOMIC_MOVE);
            Optional<ActiveRun> run = resumeRun(folder);
            if (run.isEmpty()) {
                Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
            }
            return run;
        } catch (IOException e) {
            throw RunFolder.unwritable(from, e);
        }
    }

    /**
     * What {@link #sendKept} found.
     *
     * @param sent runs whose log has now arrived completely
     * @param killed runs among all those whose process had gone without ending them; they end as killed
     * @param waiting runs whose log MLflow still does not have; it is tried again when this tracker closes, and until then another
     *     program may take the run
     * @param elsewhere runs whose log is for another MLflow server
     */
    public record Kept(int sent, int killed, int waiting, int elsewhere) {}

    /**
     * Sends what earlier processes could not: logs left behind by an outage, and the end of runs whose process was killed.
     * Runs of processes that live are left alone.
     *
     * @param root the folder below which the runs' folders lie; it need not exist
     */
    public Kept sendKept(Path root) {
        return sendKept(root, LAST_WORDS, LAST_WORDS);
    }

    /**
     * The same, with the runs that were for another server, or for the one that their machine would have started, and which that one has
     * not taken: those of nodes that could reach none, or called this one by another name.
     */
    public Kept collectKept(Path root) {
        return sendKept(root, true, () -> sender.flush(LAST_WORDS, LAST_WORDS));
    }

    /**
     * The same.
     *
     * @param patience how long MLflow may answer nothing
     * @param most how long in all
     */
    Kept sendKept(Path root, Duration patience, Duration most) {
        return sendKept(root, false, () -> sender.flush(patience, most));
    }

    private Kept sendKept(Path root, boolean unheard, Runnable telling) {
        if (silent) {
            return new Kept(0, 0, 0, 0);
        }
        int killed = 0;
        int elsewhere = 0;
        List<Delivery> adopted = new ArrayList<>();
        try {
            for (Path folder : LeftBehind.below(root.toAbsolutePath().normalize())) {
                Optional<LeftBehind> left = LeftBehind.take(folder, endpoint.identity(), unheard);
                if (left.isEmpty()) {
                    continue;
                }
                if (left.get().elsewhere()) {
                    elsewhere++;
                    continue;
                }
                killed += left.get().killed() ? 1 : 0;
                adopted.add(adopt(left.get()));
            }
        } catch (IOException e) {
            throw new LabException("cannot read what is kept below " + root + ": " + e.getMessage(), e);
        }
        adopted.forEach(sender::add);
        if (!adopted.isEmpty()) {
            telling.run();
        }
        int sent = (int) adopted.stream().filter(Delivery::finished).count();
        List<Delivery> waiting = adopted.stream().filter(run -> !run.idle()).toList();
        waiting.forEach(this::letGo);
        if (!waiting.isEmpty()) {
            kept = Optional.of(root);
        }
        return new Kept(sent, killed, waiting.size(), elsewhere);
    }

    private void letGo(Delivery run) {
        try {
            sender.release(run.folder());
        } catch (IOException e) {
            notices.accept("cannot close " + run.log().file() + ": " + e.getMessage());
        }
    }

    /** Tries to send everything now; tells whether it has all arrived. */
    public boolean flush(Duration patience) {
        return sender.flush(patience) == Sender.Outcome.ARRIVED;
    }

    /** An experiment's place on MLflow's page, below the server's address; empty while MLflow does not know it, or does not answer. */
    public Optional<String> experimentPage(String experiment) {
        return experimentId(experiment).map(RunPage::ofExperiment);
    }

    /** The addresses at which MLflow shows an experiment's runs, by their ids; none while MLflow does not know it, or does not answer. */
    public Function<String, Optional<String>> runPages(String experiment) {
        Optional<String> id = experimentId(experiment);
        return run -> id.map(known -> uri() + RunPage.of(known, run));
    }

    private Optional<String> experimentId(String experiment) {
        if (!isReachable()) {
            return Optional.empty();
        }
        try {
            return api.within(CREATION).experiment(experiment).map(known -> known.id());
        } catch (MlflowUnreachable | MlflowRefused e) {
            return Optional.empty();
        }
    }

    /** What a run that started now would be tagged with: commit, JDK, machine and the like, by {@link RunTags}. */
    public Map<String, String> provenance() {
        return provenance.tags();
    }

    /** Waits until what was logged is sent, so that nothing goes on beside a measurement; not at all while MLflow does not answer. */
    public void settle(Duration patience) {
        if (isReachable()) {
            sender.flush(patience);
        }
    }

    /** Reads runs back. What runs of this tracker have logged may take a {@link #flush} to be there. */
    public RunQuery query() {
        return new RunQuery(api);
    }

    /**
     * Sends what there is, and stops the embedded server if it was started here. Runs that are still open end as
     * {@link RunStatus#FAILED}.
     */
    @Override
    public void close() {
        ExitActions.remove(exitAction);
        finish(RunStatus.FAILED, LAST_WORDS, MOST_WORDS);
        kept.ifPresent(this::sendKeptAtLast);
        sender.close();
        api.close();
        endpoint.close();
    }

    private void sendKeptAtLast(Path root) {
        Kept left = sendKept(root, false, () -> tellTheRest(LAST_WORDS, MOST_WORDS));
        if (left.waiting > 0) {
            notices.accept("MLflow does not have everything yet of " + left.waiting + " runs below " + root
                    + "; it is kept and the next start sends it");
        }
    }

    private void exit() {
        finish(RunStatus.KILLED, LAST_WORDS_AT_EXIT, LAST_WORDS_AT_EXIT);
    }

    private void finish(RunStatus status, Duration patience, Duration most) {
        for (ActiveRun run : runs.reversed()) { // children before parents
            try {
                run.end(status);
                if (silent) {
                    leave(run);
                }
            } catch (LabException | IOException e) {
                notices.accept(e.getMessage());
            }
        }
        if (!sender.waiting().isEmpty() && tellTheRest(patience, most) != Sender.Outcome.ARRIVED) {
            notices.accept("MLflow does not have everything yet; it is kept and the next start sends it: "
                    + String.join(
                            ", ", sender.waiting().stream().map(Path::toString).toList()));
        }
    }

    /** Sends what there is at the end: at once where MLflow is quick, with a notice where it takes longer. */
    private Sender.Outcome tellTheRest(Duration patience, Duration most) {
        if (sender.isDown()) {
            return sender.flush(IN_VAIN);
        }
        Duration first = patience.compareTo(SILENT) < 0 ? patience : SILENT;
        Sender.Outcome outcome = sender.flush(first);
        if (outcome != Sender.Outcome.SLOW || first.equals(patience)) {
            return outcome;
        }
        notices.accept("telling MLflow the rest; Ctrl-C leaves that to the next start");
        return sender.flush(patience, most);
    }

    private boolean isReachable() {
        return !silent && sender.reachable();
    }

    private ActiveRun start(RunSpec spec, String key, String parent, Path folder, Path replaces) {
        Path place = folder.toAbsolutePath().normalize();
        try {
            refuseIfActive(place);
            Path before = replaces.toAbsolutePath().normalize();
            String replaced = makeWay(before);
            if (!before.equals(place) && Files.exists(before)) { // what is left of a run whose log is gone
                Files.move(before, place, StandardCopyOption.ATOMIC_MOVE);
            }
            RunLog log = HandOver.take(place, HandOver.PATIENCE, notices);
            try {
                log.append(new Event.Create(
                        key,
                        spec.experiment(),
                        endpoint.identity(),
                        spec.name(),
                        parent,
                        System.currentTimeMillis(),
                        tags(spec),
                        replaced.isEmpty() ? log.lostKey() : replaced));
                return begin(new ActiveRun(new RunFolder(place), log, false, sender, notices));
            } catch (IOException | RuntimeException e) {
                log.close();
                throw e;
            }
        } catch (IOException e) {
            throw RunFolder.unwritable(place, e);
        }
    }

    private ActiveRun begin(ActiveRun run) {
        runs.removeIf(ActiveRun::ended);
        runs.add(run);
        if (silent) {
            return run;
        }
        boolean reachable = isReachable();
        sender.add(run.delivery());
        if (reachable) {
            sender.flush(CREATION); // so that the run has an id; without one it goes on as well
        }
        return run;
    }

    private Map<String, String> tags(RunSpec spec) {
        Map<String, String> tags = new LinkedHashMap<>(provenance.tags());
        tags.put(RunTags.NAME, spec.name());
        tags.put(RunTags.SOURCE, spec.source());
        tags.put(RunTags.SOURCE_TYPE, "LOCAL");
        if (!spec.description().isEmpty()) {
            tags.put(RunTags.DESCRIPTION, spec.description());
        }
        tags.putAll(spec.tags());
        return tags;
    }

    private void refuseIfActive(Path folder) {
        if (runs.stream().anyMatch(run -> !run.ended() && run.folder().equals(folder))) {
            throw HandOver.busy(folder);
        }
    }

    /**
     * A run that lies in the folder goes aside before another takes its place, to be sent from there if it must.
     *
     * @return its {@link RunLog#lostKey}
     */
    private String makeWay(Path folder) throws IOException {
        if (!RunLog.existsIn(folder)) {
            return "";
        }
        if (!RunLog.isSettled(folder)) {
            sender.flush(CREATION);
        }
        sender.release(folder);
        RunLog free = HandOver.take(folder, HandOver.PATIENCE, notices);
        boolean worthKeeping = !free.isEmpty();
        String lost = free.lostKey();
        free.close();
        if (!worthKeeping) {
            return lost; // a process died before it wrote the first record
        }
        Path aside = folder.resolveSibling(folder.getFileName() + REPLACED + System.currentTimeMillis());
        Files.move(folder, aside);
        Optional<LeftBehind> moved = RunLog.isSettled(aside)
                ? Optional.empty()
                : LeftBehind.take(aside, endpoint.identity()).filter(run -> !run.elsewhere());
        if (moved.isPresent()) {
            notices.accept(
                    "MLflow does not have the log of the last run in " + folder + " yet; it is kept in " + aside);
            sender.add(adopt(moved.get()));
        }
        return lost;
    }

    private Delivery adopt(LeftBehind left) {
        return new Delivery(left.folder(), left.log(), true, notices);
    }
}
