package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;
import replklab.base.LabException;
import replklab.base.UsageException;

/** The tracker with a real MLflow server, which this class starts once. */
class MlflowServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static final List<String> NOTICES = Collections.synchronizedList(new ArrayList<>());
    private static Tracker tracker;

    private static Path python() {
        String named = System.getProperty(PythonEnvironment.PROPERTY);
        Path python = named == null ? Path.of(".venv", "bin", "python").toAbsolutePath() : Path.of(named);
        assertThat(python)
                .as("the Python with MLflow that ./lab setup makes; without it these tests cannot run")
                .isExecutable();
        System.setProperty(PythonEnvironment.PROPERTY, python.toString());
        return python;
    }

    /** A folder for another server, with a database whose tables exist: making them takes MLflow seconds. */
    private Path furnished() throws IOException {
        Path mlruns = Files.createDirectories(folder.resolve("mlruns"));
        Files.copy(shared.resolve("empty.db"), mlruns.resolve("mlflow.db"));
        return mlruns;
    }

    @BeforeAll
    static void start() throws IOException {
        python();
        long begin = System.nanoTime();
        tracker = Tracker.open(Map.of(), shared.resolve("mlruns"), Path.of(""), NOTICES::add);
        System.out.printf("MLflow started within %.1f s%n", (System.nanoTime() - begin) * 1e-9);
        Files.copy(shared.resolve("mlruns/mlflow.db"), shared.resolve("empty.db"));
    }

    @AfterAll
    static void stop() {
        if (tracker != null) {
            tracker.close();
        }
        assertThat(shared.resolve("mlruns/server.json")).doesNotExist();
    }

    private static String get(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(tracker.uri() + path)).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static TrackedRun find(String experiment, String name) {
        return tracker.query().runs(experiment).stream()
                .filter(run -> run.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void keepsParentsChildrenParametersMetricsInputsAndArtifacts() throws Exception {
        RunSpec spec =
                RunSpec.of("shortcut", "both").description("# Guideline 2").source("lab run shortcut");
        ActiveRun parent = tracker.startRun(spec, folder.resolve("p"));
        ActiveRun child = tracker.startChild(
                parent, RunSpec.of("shortcut", "k13 seed 7").variant("k13").seed(7), folder.resolve("c"));
        child.params(Map.of("lr", 0.1, "long", "x".repeat(7000), "markup", "<a & 'b'>"));
        for (int step = 0; step < 2300; step++) {
            child.metrics(Map.of("train/loss", 1.0 / (step + 1)), step);
        }
        child.metrics(Map.of("nan", Double.NaN, "up", Double.POSITIVE_INFINITY, "down", Double.NEGATIVE_INFINITY), 1);
        child.dataset(new DatasetInput(
                "fashion-mnist", "0123456789".repeat(6), "data/fashion-mnist", "", "{\"num_rows\":60000}", "train"));
        child.artifact(Files.writeString(folder.resolve("größe 1.csv"), "a,b\n"), "curves/all");
        child.end(RunStatus.FINISHED);
        parent.end(RunStatus.FINISHED);
        assertThat(tracker.flush(PATIENCE)).isTrue();

        TrackedRun above = find("shortcut", "both");
        assertThat(above.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(above.parentRunId()).isEmpty();
        assertThat(above.tags())
                .containsEntry(RunTags.DESCRIPTION, "# Guideline 2")
                .containsEntry(RunTags.SOURCE, "lab run shortcut")
                .containsKeys(RunTags.USER, RunTags.JDK, RunTags.MACHINE);
        TrackedRun run = find("shortcut", "k13 seed 7");
        assertThat(run.parentRunId()).contains(above.runId()).isEqualTo(parent.runId());
        assertThat(run.variant()).contains("k13");
        assertThat(run.seed()).contains(7L);
        assertThat(run.params()).containsEntry("lr", "0.1").containsEntry("markup", "<a & 'b'>");
        assertThat(run.params().get("long")).hasSize(6000).endsWith("[cut]");
        assertThat(run.metrics()).containsEntry("train/loss", 1.0 / 2300).containsEntry("nan", Double.NaN);
        assertThat(run.metrics())
                .containsEntry("up", Double.POSITIVE_INFINITY)
                .containsEntry("down", Double.NEGATIVE_INFINITY);
        assertThat(tracker.query().history(run.runId(), "up"))
                .singleElement()
                .satisfies(point -> assertThat(point.value()).isEqualTo(Double.POSITIVE_INFINITY));
        assertThat(run.end()).hasValueSatisfying(end -> assertThat(end).isAfterOrEqualTo(run.start()));

        List<MetricPoint> history = tracker.query().history(run.runId(), "train/loss");
        assertThat(history).hasSize(2300);
        assertThat(history.get(99).step()).isEqualTo(99);
        assertThat(history.get(99).value()).isEqualTo(0.01);

        JsonNode json = new ObjectMapper().readTree(get("/api/2.0/mlflow/runs/get?run_id=" + run.runId()));
        JsonNode input = json.at("/run/inputs/dataset_inputs/0");
        assertThat(input.at("/dataset/name").asText()).isEqualTo("fashion-mnist");
        assertThat(input.at("/dataset/digest").asText()).hasSize(36);
        assertThat(input.at("/dataset/profile").asText()).contains("60000");
        assertThat(input.at("/tags/0/value").asText()).isEqualTo("train");
        String artifact = "curves/all/gr%C3%B6%C3%9Fe%201.csv";
        assertThat(get("/get-artifact?run_id=" + run.runId() + "&path=" + artifact))
                .isEqualTo("a,b\n");
        assertThat(shared.resolve("mlruns/artifacts")).isDirectory();
        assertThat(RunRecord.read(folder.resolve("c")).orElseThrow().runId()).contains(run.runId());
    }

    /** Another program than ours says what arrived. */
    @Test
    void mlflowsOwnJavaClientReadsWhatWasLogged() {
        ActiveRun run = tracker.startRun(RunSpec.of("foreign", "read").seed(3), folder.resolve("foreign"));
        run.params(Map.of("lr", 0.1));
        run.metric("loss", 0.25, 1);
        run.metric("loss", Double.NaN, 2);
        run.end(RunStatus.FINISHED);
        assertThat(tracker.flush(PATIENCE)).isTrue();
        try (MlflowClient client = new MlflowClient(tracker.uri().toString())) {
            Service.Run read = client.getRun(run.runId().orElseThrow());
            assertThat(read.getInfo().getStatus()).isEqualTo(Service.RunStatus.FINISHED);
            assertThat(read.getData().getParams(0).getValue()).isEqualTo("0.1");
            assertThat(client.getMetricHistory(run.runId().orElseThrow(), "loss"))
                    .extracting(Service.Metric::getValue)
                    .containsExactlyInAnyOrder(0.25, Double.NaN);
        }
    }

    @Test
    void runsEndAsFailedOrKilledAndSendingTwiceChangesNothing() throws IOException {
        for (RunStatus status : List.of(RunStatus.FAILED, RunStatus.KILLED)) {
            Path place = folder.resolve(status.name());
            ActiveRun run = tracker.startRun(RunSpec.of("ends", status.name()), place);
            run.params(Map.of("lr", 1));
            run.tags(Map.of("phase", "train"));
            run.metric("loss", 0.25, 3);
            run.metric("loss", Double.NaN, 4);
            run.dataset(new DatasetInput("d", "1", "here", "", "", "test"));
            run.artifactText("a.txt", "text");
            assertThat(tracker.flush(PATIENCE)).isTrue();
            // The same log again, as if nothing of it had been noted as sent.
            Path twin = folder.resolve(status.name() + "-twin");
            Files.createDirectories(twin.resolve("artifacts"));
            Files.copy(place.resolve("artifacts/a.txt"), twin.resolve("artifacts/a.txt"));
            Files.copy(place.resolve("run.log"), twin.resolve("run.log"));
            byte[] end = LogLine.encode(Json.line(new Event.End(status, System.currentTimeMillis())));
            Files.write(twin.resolve("run.log"), end, StandardOpenOption.APPEND);
            run.end(status);
            assertThat(tracker.flush(PATIENCE)).isTrue();

            assertThat(tracker.sendKept(twin)).isEqualTo(new Tracker.Kept(1, 0, 0, 0));
            assertThat(tracker.query().runs("ends"))
                    .filteredOn(one -> one.name().equals(status.name()))
                    .hasSize(1);
            TrackedRun read = find("ends", status.name());
            assertThat(read.status()).isEqualTo(status);
            assertThat(tracker.query().history(read.runId(), "loss")).hasSize(2);
            assertThat(twin.resolve("refused.jsonl")).doesNotExist();
        }
    }

    @Test
    void aRunResumes() {
        ActiveRun first = tracker.startRun(RunSpec.of("resumed", "r"), folder);
        first.metric("loss", 1, 1);
        first.end(RunStatus.KILLED);
        assertThat(tracker.flush(PATIENCE)).isTrue();
        ActiveRun second = tracker.resumeRun(folder).orElseThrow();
        assertThat(second.runId()).isEqualTo(first.runId());
        assertThat(find("resumed", "r").status()).isEqualTo(RunStatus.RUNNING);
        second.metric("loss", 2, 2);
        second.end(RunStatus.FINISHED);
        assertThat(tracker.flush(PATIENCE)).isTrue();
        assertThat(find("resumed", "r").status()).isEqualTo(RunStatus.FINISHED);
        assertThat(tracker.query().history(second.runId().orElseThrow(), "loss"))
                .hasSize(2);
    }

    @Test
    void anUnknownExperimentNamesTheNearOnes() {
        tracker.startRun(RunSpec.of("small-maps", "x"), folder).end(RunStatus.FINISHED);
        assertThatThrownBy(() -> tracker.query().runs("smal-maps"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("did you mean small-maps?");
    }

    private static ServerProcess process(Path mlruns) {
        return ServerProcess.last(mlruns).orElseThrow();
    }

    private static void shoot(ServerProcess server) {
        ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
        while (server.runs()) {
            SharedServer.pause(20);
        }
    }

    /** The system takes a moment to take a process down, in which its locks still hold. */
    @Test
    void aServerThatIsJustEndingIsWaitedFor() throws Exception {
        Path mlruns = Files.createDirectories(folder.resolve("ending"));
        FileChannel ending =
                FileChannel.open(mlruns.resolve("server.running"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (ending) {
            assertThat(ending.tryLock()).isNotNull();
            CompletableFuture<MlflowServer> next = CompletableFuture.supplyAsync(
                    () -> MlflowServer.open(mlruns, line -> {}), Thread::startVirtualThread);
            while (!Files.exists(mlruns.resolve("server.log"))) {
                SharedServer.pause(20);
            }
            SharedServer.pause(1_500); // so that it finds the lock
            ending.close();
            try (MlflowServer server = next.get()) {
                assertThat(server.uri().getPort()).isPositive();
            }
        }
    }

    @Test
    void aSecondUserGetsTheServerThatRuns() {
        MlflowServer second = MlflowServer.open(shared.resolve("mlruns"), 1, NOTICES::add);
        assertThat(second.uri()).isEqualTo(tracker.uri());
        assertThat(NOTICES)
                .last()
                .asString()
                .contains("runs already, on port " + second.uri().getPort());
        second.close();
        second.close();
        assertThat(tracker.query().experiments()).contains("Default");
    }

    @Test
    void aServerThatWasShotIsBackOnItsPort() {
        ServerProcess before = process(shared.resolve("mlruns"));
        URI page = tracker.uri();
        shoot(before);
        assertThat(tracker.query().experiments()).contains("Default");
        assertThat(tracker.uri()).isEqualTo(page);
        assertThat(process(shared.resolve("mlruns"))).isNotEqualTo(before);
    }

    /** What a browser makes of it: {@code BrowserTourTest}. */
    @Test
    void aNewVisitorBeginsWithTrainingRuns() throws Exception {
        assertThat(get("/"))
                .containsSubsequence(
                        "<head>", "mlflow.workflowType_v1", "machine_learning", "<meta charset", "</html>");
        assertThat(get("/health")).isEqualTo("OK");
        assertThat(get("/static-files/manifest.json"))
                .doesNotContain("workflowType")
                .contains("start_url");
    }

    @Test
    void whatListensOnThePortMustProveItself() throws Exception {
        Path mlruns = furnished();
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        HttpServer impostor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        impostor.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("OK".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        impostor.start();
        int port = impostor.getAddress().getPort();
        // As after a kill -9 of all that used the server, when something else has taken its port.
        Json.save(mlruns.resolve("server.json"), new ServerProcess(Long.MAX_VALUE, 0, port));
        try (MlflowServer server = MlflowServer.open(mlruns, heard::add)) {
            assertThat(heard).singleElement().asString().contains("port " + port + " is taken");
            assertThat(server.answers()).isTrue();
            assertThat(ServerKey.of(mlruns).answers(port, PATIENCE)).isFalse();
            assertThat(ServerKey.of(mlruns).answers(tracker.uri().getPort(), PATIENCE))
                    .as("the server of another folder")
                    .isFalse();
            for (Path each : List.of(mlruns, shared.resolve("mlruns"))) {
                String token = "Bearer " + ServerKey.of(each).token();
                assertThat(status(server.uri(), token)).isEqualTo(each.equals(mlruns) ? 200 : 503);
            }
            assertThat(status(server.uri(), "Bearer somebody's own")).isEqualTo(200);
        } finally {
            impostor.stop(0);
        }
        assertThat(mlruns.resolve("server.json")).doesNotExist();
    }

    private static int status(URI server, String authorization) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            server.resolve("/api/2.0/mlflow/experiments/get?experiment_id=0"))
                    .header("Authorization", authorization)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    /** Waits until a server that starts has taken the folder. */
    private static void awaitClaim(Path mlruns) throws IOException, InterruptedException {
        try (FileChannel running = FileChannel.open(
                mlruns.resolve("server.running"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock free = running.tryLock();
            while (free != null) {
                free.release();
                Thread.sleep(10);
                free = running.tryLock();
            }
        }
    }

    /** Its starter was killed before it served: whoever comes next waits for it and shares it. */
    @Test
    void aServerWhoseStarterIsGoneIsShared() throws Exception {
        Path mlruns = furnished().toRealPath();
        ServerKey key = ServerKey.of(mlruns);
        ServerLease.take(mlruns).close();
        ProcessBuilder builder = new ProcessBuilder(
                        python().toString(),
                        PythonEnvironment.program("serve.py", mlruns).toString())
                .redirectErrorStream(true)
                .redirectOutput(mlruns.resolve("server.log").toFile());
        ServerProcess.cleanse(builder.environment());
        Process orphan = builder.start();
        try (Writer orders = orphan.outputWriter(StandardCharsets.UTF_8)) {
            orders.write(Json.line(Map.of(
                    "folder", mlruns.toString(), "port", 0, "exact", false, "key", key.hex(), "token", key.token())));
        }
        awaitClaim(mlruns);
        SharedServer share = SharedServer.join(mlruns, OptionalInt.empty(), python(), NOTICES::add);
        assertThat(share.startedHere()).isFalse();
        assertThat(share.answers()).isTrue();
        assertThat(ServerProcess.last(mlruns).orElseThrow().pid()).isEqualTo(orphan.pid());
        share.leave();
        assertThat(orphan.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** One that no outgoing connection takes in between: theirs are from 32768 on. */
    private static int freePort() throws IOException {
        int port = 20_000 + (int) (ProcessHandle.current().pid() % 10_000);
        while (true) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException e) {
                port++;
            }
        }
    }

    @Test
    void ofTwoFoldersOnlyOneGetsAPort() throws Exception {
        int port = freePort();
        List<CompletableFuture<ServerProcess>> starts = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            Path mlruns = Files.createDirectories(folder.resolve(name)).toRealPath();
            Files.copy(shared.resolve("empty.db"), mlruns.resolve("mlflow.db"));
            ServerLease.take(mlruns).close();
            starts.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return ServerProcess.start(mlruns, ServerKey.of(mlruns), port, true, python());
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    Thread::startVirtualThread));
        }
        List<ServerProcess> servers = new ArrayList<>();
        int refused = 0;
        for (CompletableFuture<ServerProcess> start : starts) {
            try {
                servers.add(start.get());
            } catch (ExecutionException e) {
                assertThat(e).cause().isInstanceOf(LabException.class).hasMessageContaining("in use");
                refused++;
            }
        }
        servers.forEach(MlflowServerTest::shoot);
        assertThat(servers).extracting(ServerProcess::port).containsExactly(port);
        assertThat(refused).isEqualTo(1);
    }

    @Test
    void theServerLivesAsLongAsAnyoneNeedsItHoweverTheyEnd() throws Exception {
        Path mlruns = furnished();
        Process first = ProcessDeathTest.start("", folder, "first");
        Process second = ProcessDeathTest.start("", folder, "second");
        ServerProcess server = process(mlruns);
        try (Tracker sharing = Tracker.open(Map.of(), mlruns, Path.of(""), NOTICES::add)) {
            first.destroyForcibly().waitFor();
            ActiveRun run = sharing.startRun(RunSpec.of("shortcut", "lives"), folder.resolve("lives"));
            assertThat(sharing.sendKept(folder)).isEqualTo(new Tracker.Kept(1, 1, 0, 0));
            run.end(RunStatus.FINISHED);
        }
        assertThat(process(mlruns)).isEqualTo(server);
        assertThat(ServerKey.of(mlruns).answers(server.port(), PATIENCE)).isTrue();
        second.destroyForcibly().waitFor();
        while (server.runs()) { // by itself, as nobody else is left
            SharedServer.pause(20);
        }
    }

    @Test
    void nobodyElseReadsItsKey() throws Exception {
        Path mlruns = shared.resolve("mlruns");
        for (String file : List.of("server.key", "server.json", "server.log")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mlruns.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mlruns)))
                .isEqualTo("rwx------");
        Optional<String> commandLine =
                ProcessHandle.of(process(mlruns).pid()).orElseThrow().info().commandLine();
        assertThat(commandLine.orElseThrow())
                .contains("serve.py")
                .doesNotContain(ServerKey.of(mlruns).hex());
    }

    @Test
    void aCopiedFolderHasAnotherKey() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copy"));
        ServerKey own = ServerKey.of(shared.resolve("mlruns"));
        Files.copy(shared.resolve("mlruns/server.key"), copy.resolve("server.key"));
        assertThat(ServerKey.of(copy).hex()).isNotEqualTo(own.hex());
        assertThat(ServerKey.of(copy).token()).isNotEqualTo(own.token());
        assertThat(ServerKey.of(shared.resolve("mlruns")).hex()).isEqualTo(own.hex());
    }

    @Test
    void theUsersSettingsOfMlflowDoNotReachIt() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "MLFLOW_SERVER_ALLOWED_HOSTS", "mlflow.example.org",
                "MLFLOW_TRACKING_URI", "http://elsewhere",
                "_MLFLOW_STATIC_PREFIX", "/x",
                "HOME", "/home/me"));
        ServerProcess.cleanse(environment);
        assertThat(environment)
                .containsOnlyKeys(
                        "HOME", "MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION");
    }

    @Test
    void aPlaceThatIsNoFolderIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> MlflowServer.open(file, NOTICES::add))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(file + " is not a folder");
    }

    @Test
    void anExactPortThatIsTakenIsAnError() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> MlflowServer.open(folder, taken.getLocalPort(), NOTICES::add))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void aServerThatCannotStartShowsItsLog() throws IOException {
        Files.createDirectories(folder.resolve("mlflow.db"));
        assertThatThrownBy(() -> MlflowServer.open(folder, NOTICES::add))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(folder.resolve("server.log").toString())
                .hasMessageContaining("unable to open database file");
    }

    @Test
    void withoutPythonTheErrorSaysWhatToDo() {
        Path none = folder.resolve("no/python");
        String before = System.setProperty(PythonEnvironment.PROPERTY, none.toString());
        try {
            assertThatThrownBy(
                            () -> MlflowServer.open(folder, OptionalInt.empty(), PythonEnvironment.python(), x -> {}))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining(none.toString())
                    .hasMessageContaining("./lab setup");
        } finally {
            System.setProperty(PythonEnvironment.PROPERTY, before);
        }
    }
}
