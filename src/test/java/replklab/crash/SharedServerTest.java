package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.tracking.ActiveRun;
import replklab.tracking.LoggedRun;
import replklab.tracking.RunSpec;
import replklab.tracking.RunStatus;
import replklab.tracking.RunTags;
import replklab.tracking.Tracker;

/**
 * One MLflow that many processes share, as docs/tracking-server.md sets it up: PostgreSQL and a store that speaks S3. {@link PostgresTest} has
 * the log-in, which costs MLflow more per request than all the rest.
 */
class SharedServerTest {
    private static final int SEEDS = 4;
    private static final int RUNS = 2 * SEEDS;
    private static final int AT_ONCE = 200;
    private static final int STEPS = 5;
    /** MLflow keeps a model's files in a place of their own. */
    private static final String MODEL = "classifier/";

    @TempDir
    static Path folder;

    private static Postgres postgres;
    private static S3Store store;
    private static MlflowProcess mlflow;

    @BeforeAll
    static void start() throws Exception {
        postgres = Postgres.start();
        Path python = ServerPython.get();
        store = S3Store.start(folder, python);
        Map<String, String> environment = new HashMap<>(store.environment());
        environment.put("MLFLOW_SQLALCHEMYSTORE_POOL_SIZE", "20");
        environment.put("MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW", "65");
        List<String> more = List.of("--artifacts-destination", store.destination());
        mlflow = MlflowProcess.start(folder, python, postgres.uri(), environment, more);
    }

    @AfterAll
    static void stop() throws IOException {
        if (mlflow != null) {
            mlflow.close();
        }
        if (store != null) {
            store.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    /** Two of its runs were done where the server cannot be reached or is not known; the sweep does the others and tells of all. */
    @Test
    void aSweepIsThereWithTheRunsOfNodesThatSawNoServer() throws IOException {
        Story story = new Story("shared-server");
        try (Checkout checkout = Checkout.make(story, "one")) {
            String nobody = "http://127.0.0.1:" + MlflowProcess.freePort();
            LabProcess away = checkout.lab(Map.of("MLFLOW_TRACKING_URI", nobody), command("run", "--index", "0"));
            LabProcess unnamed = checkout.lab(Map.of(), command("run", "--index", "3"));
            assertThat(away.await(story)).as(away.said()).isZero();
            assertThat(away.errors()).contains("what this run logs is kept in its folder");
            assertThat(unnamed.await(story)).as(unnamed.said()).isZero();
            LabProcess sweep = checkout.lab(mlflow.environment(), command("sweep", "--on", "local", "--jobs", "4"));
            assertThat(sweep.await(story)).as(sweep.said()).isZero();

            Map<String, MlflowRun> there = active("one");
            MlflowRun parent = onlyParent(there);
            assertThat(parent.status()).isEqualTo("FINISHED");
            assertThat(there.keySet()).hasSize(1 + RUNS);
            for (int kernels : List.of(3, 5)) {
                for (int seed = 1; seed <= SEEDS; seed++) {
                    Path run = checkout.runs("one").resolve("kernels=%d,seed=%d".formatted(kernels, seed));
                    requireAsWritten(run, there, parent.id());
                }
            }
            checkout.passed();
        }
    }

    private static String[] command(String first, String... more) {
        List<String> all = new ArrayList<>(List.of(first, "one", "--profile", "smoke", "--seeds", "" + SEEDS));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /**
     * Each with a tracker of its own, as a process has it, and before anybody has made their parent; what the server was too busy to
     * hear, a collector tells.
     */
    @Test
    void runsThatAllBeginAtOnceAreThereOnceEach() throws Exception {
        List<String> notices = Collections.synchronizedList(new ArrayList<>());
        Path root = folder.resolve("at-once");
        String parent = "all at once";
        try (ExecutorService processes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> begun = IntStream.range(0, AT_ONCE)
                    .mapToObj(number -> processes.submit(() -> run(root, parent, number, notices)))
                    .toList();
            for (Future<Void> run : begun) {
                run.get();
            }
        }
        try (Tracker collector = Tracker.ofOneAmongMany(mlflow.environment(), root, notices::add)) {
            ActiveRun whole = collector.startRun(
                    RunSpec.of("many", parent).tag(RunTags.SHARED_KEY, parent), root.resolve("parent"), parent);
            whole.end(RunStatus.FINISHED);
            Tracker.Kept kept = collector.sendKept(root);
            for (int again = 0; again < 10 && kept.waiting() > 0; again++) { // as a user calls the collector again
                kept = collector.sendKept(root);
            }
            assertThat(kept.waiting()).as("%s", notices).isZero();
            assertThat(kept.killed()).isZero();
            assertThat(collector.flush(Duration.ofMinutes(5))).as("%s", notices).isTrue();
        }
        Map<String, MlflowRun> there = active("many");
        assertThat(there.keySet()).hasSize(1 + AT_ONCE);
        MlflowRun whole = onlyParent(there);
        for (int number = 0; number < AT_ONCE; number++) {
            requireAsWritten(root.resolve("run-" + number), there, whole.id());
        }
    }

    private static Void run(Path root, String parent, int number, List<String> notices) throws IOException {
        try (Tracker tracker = Tracker.ofOneAmongMany(mlflow.environment(), root, notices::add)) {
            Path place = root.resolve("run-" + number);
            ActiveRun run = tracker.startChild(
                    parent,
                    RunSpec.of("many", "run " + number)
                            .variant("number=" + number)
                            .seed(1),
                    place,
                    place);
            run.params(Map.of("number", number));
            for (int step = 1; step <= STEPS; step++) {
                run.metrics(Map.of("loss", 1.0 / (step + number)), step);
            }
            run.artifactText("experiment.yaml", "name: run " + number + "\n");
            run.result("{}");
            run.end(RunStatus.FINISHED);
        }
        return null;
    }

    private static Map<String, MlflowRun> active(String experiment) throws IOException {
        return mlflow.store().runs(experiment).stream()
                .filter(MlflowRun::active)
                .collect(Collectors.toMap(MlflowRun::id, run -> run));
    }

    private static MlflowRun onlyParent(Map<String, MlflowRun> runs) {
        List<String> parents = runs.values().stream()
                .filter(run -> !run.tags().containsKey(RunTags.PARENT))
                .map(MlflowRun::id)
                .toList();
        assertThat(parents).hasSize(1);
        return runs.get(parents.getFirst());
    }

    /** Everything of a run's own log, once, and its files in the store, byte by byte. */
    private static void requireAsWritten(Path folder, Map<String, MlflowRun> all, String parent) throws IOException {
        LoggedRun ours = LoggedRun.in(folder).orElseThrow();
        MlflowRun its = all.get(ours.runId());
        assertThat(its).as("%s in MLflow", folder.getFileName()).isNotNull();
        assertThat(its.status()).isEqualTo("FINISHED").isEqualTo(ours.status().name());
        assertThat(its.tags()).containsEntry(RunTags.PARENT, parent);
        assertThat(its.params()).isEqualTo(ours.params());
        Map<String, List<Double>> points = new TreeMap<>();
        ours.history(null)
                .forEach((metric, values) ->
                        values.forEach((step, value) -> points.put(metric + "@" + step, List.of(value))));
        Map<String, List<Double>> told = new TreeMap<>();
        its.points()
                .forEach((point, values) ->
                        told.put(point, values.stream().map(Double::valueOf).toList()));
        assertThat(told).isEqualTo(points);
        assertThat(ours.artifacts()).isNotEmpty();
        String model = String.join("", its.models()).replaceFirst("\\S+ ", ""); // status and place
        for (String path : Set.copyOf(ours.artifacts())) {
            if (path.equals(MODEL + "MLmodel")) {
                continue; // names itself by the id that the server gave it
            }
            Path local = folder.resolve("artifacts").resolve(path);
            byte[] there = path.startsWith(MODEL)
                    ? store.read(model, path.substring(MODEL.length()))
                    : store.read(its.artifacts(), path);
            assertThat(there).as(path).isEqualTo(Files.readAllBytes(local));
        }
    }
}
