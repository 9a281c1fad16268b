package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;

/** The tracker against a server of our own that fails on demand; {@link MlflowServerTest} has the real one. */
class TrackerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final RunSpec PARENT = RunSpec.of("shortcut", "parent");

    @TempDir
    Path folder;

    private final FakeMlflow mlflow = new FakeMlflow();
    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        mlflow.close();
    }

    private Tracker open() {
        return open(mlflow.environment());
    }

    private Tracker open(Map<String, String> environment) {
        return Tracker.open(environment, folder.resolve("mlruns"), folder, notices::add);
    }

    private Path runs(String name) {
        return folder.resolve("results").resolve(name);
    }

    @Test
    void tellsEverythingInOrder() throws IOException {
        Path file = Files.writeString(folder.resolve("curve.csv"), "1,2");
        try (Tracker tracker = open()) {
            ActiveRun parent =
                    tracker.startRun(PARENT.description("**why**").tag("replklab.profile", "smoke"), runs("p"));
            ActiveRun child = tracker.startChild(
                    parent, RunSpec.of("shortcut", "child").variant("k13").seed(4), runs("c"));
            child.params(Map.of("lr", 0.1));
            child.metric("loss", 0.5, 1);
            child.dataset(new DatasetInput("fashion-mnist", "d1", "data/fashion-mnist", "", "{}", "train"));
            child.artifact(file, "curves/first seed");
            child.artifactText("spec.yaml", "a: 1");
            child.metric("loss", Double.NaN, 2);
            child.end(RunStatus.FINISHED);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            parent.end(RunStatus.FINISHED);
            assertThat(parent.runId()).contains("run1");
            assertThat(child.page()).contains("/#/experiments/1/runs/run2?workflowType=machine_learning");
        }
        assertThat(mlflow.told)
                .containsExactly(
                        "create parent",
                        "create child",
                        "param lr=0.1",
                        "metric loss=0.5@1",
                        "input fashion-mnist",
                        "file curves/first seed/curve.csv",
                        "file spec.yaml",
                        "metric loss=NaN@2",
                        "status FINISHED",
                        "status FINISHED");
        assertThat(mlflow.of("child", "tag:" + RunTags.PARENT)).isEqualTo("run1");
        assertThat(mlflow.of("child", "tag:" + RunTags.VARIANT)).isEqualTo("k13");
        assertThat(mlflow.of("child", "tag:" + RunTags.SEED)).isEqualTo("4");
        assertThat(mlflow.of("parent", "tag:" + RunTags.DESCRIPTION)).isEqualTo("**why**");
        assertThat(mlflow.files.get("1/run2/artifacts/spec.yaml")).asString().isEqualTo("a: 1");
        RunRecord record = RunRecord.read(runs("c")).orElseThrow();
        assertThat(record.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(record.runId()).contains("run2");
        assertThat(notices).isEmpty();
    }

    @Test
    void aRunGoesOnWithoutMlflowAndTheNextStartSendsWhatWasKept() throws IOException {
        try (Tracker tracker = open()) {
            ActiveRun parent = tracker.startRun(PARENT, runs("p"));
            parent.metric("loss", 1, 1);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            mlflow.stop();
            parent.metric("loss", 2, 2);
            assertThat(tracker.flush(PATIENCE)).isFalse();
            // This child cannot even be created.
            ActiveRun child = tracker.startChild(parent, RunSpec.of("shortcut", "child"), runs("c"));
            child.metric("loss", 3, 3);
            child.artifactText("a.txt", "text");
            assertThat(child.runId()).isEmpty();
            child.end(RunStatus.FINISHED);
            parent.metric("loss", 4, 4);
            parent.end(RunStatus.FAILED);
        }
        assertThat(notices).filteredOn(line -> line.contains("does not answer")).hasSize(1);
        assertThat(notices.getLast())
                .contains("the next start sends it")
                .contains(runs("c").toString());
        assertThat(mlflow.told("metric")).containsExactly("metric loss=1.0@1");

        // A process killed while it wrote may also leave half a line.
        Files.writeString(runs("c").resolve("run.log"), "00000017 0123", StandardOpenOption.APPEND);
        mlflow.start();
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder.resolve("results"))).isEqualTo(new Tracker.Kept(2, 0, 0, 0));
            assertThat(tracker.sendKept(folder.resolve("results"))).isEqualTo(new Tracker.Kept(0, 0, 0, 0));
        }
        assertThat(mlflow.told)
                .containsExactly(
                        "create parent",
                        "metric loss=1.0@1",
                        "metric loss=2.0@2",
                        "metric loss=4.0@4",
                        "status FAILED",
                        "create child",
                        "metric loss=3.0@3",
                        "file a.txt",
                        "status FINISHED");
        assertThat(mlflow.of("child", "tag:" + RunTags.PARENT)).isEqualTo("run1");
        assertThat(Long.parseLong(mlflow.of("child", "start"))).isLessThan(System.currentTimeMillis());
        assertThat(RunRecord.read(runs("c")).orElseThrow().runId()).contains("run2");
    }

    @Test
    void mlflowComingBackGetsWhatItMissed() {
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            mlflow.stop();
            run.metric("loss", 1, 1);
            assertThat(tracker.flush(PATIENCE)).isFalse();
            mlflow.start();
            run.metric("loss", 2, 2);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            run.end(RunStatus.FINISHED);
        }
        assertThat(mlflow.told("metric")).containsExactly("metric loss=1.0@1", "metric loss=2.0@2");
        assertThat(notices).hasSize(2);
        assertThat(notices.get(1)).contains("answers again");
    }

    @Test
    void manyMetricsTakeFewRequestsWithinTheLimits() {
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            Map<String, Object> params = new HashMap<>();
            for (int i = 0; i < 250; i++) {
                params.put("p" + i, "\"<>".repeat(2000));
            }
            run.params(params);
            for (int step = 0; step < 5000; step++) {
                run.metrics(Map.of("loss", 1.0 / (step + 1), "rate", 0.1), step);
            }
            run.end(RunStatus.FINISHED);
        }
        assertThat(mlflow.told("metric loss")).hasSize(5000);
        assertThat(mlflow.told("param")).hasSize(250);
        assertThat(mlflow.requests()).isLessThan(100);
        assertThat(notices).isEmpty();
    }

    @Test
    void aRefusedEventIsSetAsideAndHoldsUpNothing() {
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            run.params(Map.of("good", 1));
            run.params(Map.of("bad", 2));
            run.metric("loss", 1, 1);
            run.end(RunStatus.FINISHED);
        }
        assertThat(mlflow.told).contains("param good=1", "metric loss=1.0@1", "status FINISHED");
        assertThat(runs("p").resolve("refused.jsonl")).content().contains("bad").doesNotContain("good");
        assertThat(notices).singleElement().asString().contains("refused").contains("bad parameter");
    }

    @Test
    void aRunThatTheServerCannotDigestDoesNotHoldUpOthers() {
        mlflow.fail(path -> path.endsWith("log-inputs"));
        try (Tracker tracker = open()) {
            ActiveRun first = tracker.startRun(PARENT, runs("p"));
            first.dataset(new DatasetInput("x", "d", "s", "", "", "train"));
            ActiveRun second = tracker.startRun(RunSpec.of("shortcut", "second"), runs("s"));
            second.metric("loss", 1, 1);
            assertThat(tracker.flush(PATIENCE)).isFalse();
            assertThat(mlflow.told("metric")).hasSize(1);
            mlflow.fail(path -> false);
        }
        assertThat(mlflow.told("input")).hasSize(1);
    }

    @Test
    void aLostAnswerMakesNoSecondRun() {
        mlflow.dropAnswers(path -> path.endsWith("runs/create"));
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            mlflow.dropAnswers(path -> false);
            run.metric("loss", 1, 1);
            run.end(RunStatus.FINISHED);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            assertThat(run.runId()).isPresent();
        }
        assertThat(mlflow.of("parent", "status")).isEqualTo("FINISHED");
        assertThat(mlflow.runCount()).isEqualTo(1);
    }

    @Test
    void aLogOfWhichAllWasSentIsOnlyMarkedAsDone() throws IOException {
        Path place = runs("p");
        try (RunLog log = RunLog.open(place).orElseThrow()) {
            log.append(new Event.Create("key", "shortcut", mlflow.uri(), "parent", "", 1, Map.of(), ""));
            log.append(new Event.End(RunStatus.FINISHED, 2));
            log.acknowledge(log.unsent().getLast().end());
        }
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder)).isEqualTo(new Tracker.Kept(1, 0, 0, 0));
            assertThat(tracker.sendKept(folder)).isEqualTo(new Tracker.Kept(0, 0, 0, 0));
        }
        assertThat(mlflow.told).isEmpty();
        assertThat(RunRecord.read(place)).isPresent();
    }

    @Test
    void aRunOfADeadProcessThatHadItsResultIsFinished() throws IOException {
        try (RunLog log = RunLog.open(runs("p")).orElseThrow()) {
            log.append(new Event.Create("key", "shortcut", mlflow.uri(), "parent", "", 1, Map.of(), ""));
            log.append(new Event.Result("{}"));
        }
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder)).isEqualTo(new Tracker.Kept(1, 0, 0, 0));
        }
        assertThat(mlflow.told("status")).containsExactly("status FINISHED");
    }

    @Test
    void aLogWithoutAFirstRecordIsNoRunAndInNobodysWay() throws IOException {
        Files.createDirectories(runs("p"));
        Files.createFile(runs("p").resolve("run.log"));
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder)).isEqualTo(new Tracker.Kept(0, 0, 0, 0));
            assertThat(tracker.resumeRun(runs("p"))).isEmpty();
            tracker.startRun(PARENT, runs("p")).end(RunStatus.FINISHED);
        }
        assertThat(mlflow.of("parent", "status")).isEqualTo("FINISHED");
    }

    @Test
    void aLogWhoseFirstRecordIsDamagedGoesAsideForANewRun() throws IOException {
        try (RunLog log = RunLog.open(runs("p")).orElseThrow()) {
            log.append(new Event.Create("key", "shortcut", mlflow.uri(), "parent", "", 1, Map.of(), ""));
            log.append(new Event.Metrics(1, 1, Map.of("loss", 4.0)));
        }
        byte[] bytes = Files.readAllBytes(runs("p").resolve("run.log"));
        bytes[bytes.length / 4] ^= 1;
        Files.write(runs("p").resolve("run.log"), bytes);
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder)).isEqualTo(new Tracker.Kept(0, 0, 0, 0));
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            run.metric("loss", 5, 1);
            run.end(RunStatus.FINISHED);
        }
        assertThat(mlflow.told("metric")).containsExactly("metric loss=5.0@1");
    }

    @Test
    void nobodyGoesOnWithARunWhoseLogLostWhatMlflowHas() throws IOException {
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            run.metric("loss", 1, 1);
            run.metric("loss", 2, 2);
            run.end(RunStatus.KILLED);
        }
        Path log = runs("p").resolve("run.log");
        List<String> lines = Files.readAllLines(log);
        Files.writeString(log, String.join("\n", lines.subList(0, lines.size() - 2)) + "\n");
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder)).isEqualTo(new Tracker.Kept(1, 1, 0, 0));
            assertThat(tracker.resumeRun(runs("p"))).isEmpty();
            tracker.startRun(PARENT, runs("p")).end(RunStatus.FINISHED);
        }
        assertThat(mlflow.runCount()).isEqualTo(2);
        assertThat(mlflow.told("metric"))
                .as("told again, at the same time as before, they are the same points for MLflow")
                .containsOnly("metric loss=1.0@1", "metric loss=2.0@2");
        assertThat(mlflow.told("status")).endsWith("status FINISHED").doesNotContain("status RUNNING");
    }

    /** Whatever takes a log, its run is over: the process that had it is gone. */
    @ParameterizedTest
    @ValueSource(strings = {"gone", "empty", "damaged in its first record"})
    void aRunWhoseLogIsLostIsOverForMlflowToo(String damage) throws IOException {
        try (Tracker tracker = open()) {
            tracker.startRun(PARENT, runs("p")).end(RunStatus.FINISHED);
        }
        mlflow.createAgain("parent"); // one that goes on, as a killed process leaves it
        Path log = runs("p").resolve("run.log");
        byte[] bytes = Files.readAllBytes(log);
        switch (damage) {
            case "gone" -> Files.delete(log);
            case "empty" -> Files.write(log, new byte[0]);
            default -> {
                bytes[20] ^= 1;
                Files.write(log, bytes);
            }
        }
        mlflow.told.clear();
        try (Tracker tracker = open()) {
            tracker.startRun(PARENT, runs("p")).end(RunStatus.FINISHED);
        }
        assertThat(mlflow.told).containsExactly("status KILLED", "create parent", "status FINISHED");
        assertThat(notices).isEmpty();
    }

    @Test
    void aMetricHasOneValueAStepHoweverOftenItIsTold() {
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            run.metric("loss", 1, 1);
            run.metric("loss", 2, 2);
            run.params(Map.of("lr", 1));
            run.end(RunStatus.KILLED);
            ActiveRun again = tracker.resumeRun(runs("p")).orElseThrow();
            again.params(Map.of("lr", 1, "width", 2));
            again.metrics(Map.of("loss", 2.0, "rate", 0.1), 2);
            again.metric("loss", 3, 3);
            assertThatThrownBy(() -> again.params(Map.of("lr", 2)))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("parameter lr of the run in " + runs("p") + " is 1 and cannot become 2");
        }
        assertThat(mlflow.told("metric"))
                .containsExactly("metric loss=1.0@1", "metric loss=2.0@2", "metric rate=0.1@2", "metric loss=3.0@3");
        assertThat(mlflow.told("param")).containsExactly("param lr=1", "param width=2");
    }

    @Test
    void aRunThatGoesOnElsewhereIsToldThereFromItsBeginning() {
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            run.metric("loss", 1, 1);
            run.end(RunStatus.KILLED);
        }
        try (FakeMlflow other = new FakeMlflow();
                Tracker tracker = open(other.environment())) {
            ActiveRun run = tracker.resumeRun(runs("p")).orElseThrow();
            run.metric("loss", 2, 2);
            run.end(RunStatus.FINISHED);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            assertThat(other.told("metric")).containsExactly("metric loss=1.0@1", "metric loss=2.0@2");
            assertThat(other.of("parent", "status")).isEqualTo("FINISHED");
            assertThat(tracker.sendKept(folder.resolve("results"))).isEqualTo(new Tracker.Kept(0, 0, 0, 0));
        }
    }

    @Test
    void whatAnotherServerIsToGetWaitsForIt() {
        try (Tracker tracker = open()) {
            tracker.startRun(PARENT, runs("p"));
            mlflow.stop();
        }
        try (FakeMlflow other = new FakeMlflow();
                Tracker tracker = open(other.environment())) {
            assertThat(tracker.sendKept(folder.resolve("results"))).isEqualTo(new Tracker.Kept(0, 0, 0, 1));
            assertThat(other.told).isEmpty();
        }
        assertThat(RunLog.existsIn(runs("p"))).isTrue();
    }

    @Test
    void aNewRunInTheSameFolderDoesNotLoseWhatWasKept() throws IOException {
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            mlflow.stop();
            run.metric("loss", 1, 1);
            run.end(RunStatus.FAILED);
            tracker.startRun(RunSpec.of("shortcut", "again"), runs("p"));
            mlflow.start();
        }
        try (var left = Files.list(folder.resolve("results"))) {
            assertThat(left).hasSize(2);
        }
        assertThat(mlflow.told("metric")).hasSize(1);
        assertThat(mlflow.of("parent", "status")).isEqualTo("FAILED");
        assertThat(mlflow.runCount()).isEqualTo(2);
    }

    @Test
    void aFolderHoldsOneRunAtATime() {
        try (Tracker tracker = open()) {
            tracker.startRun(PARENT, runs("p"));
            assertThatThrownBy(() -> tracker.startRun(PARENT, runs("p")))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("belongs to a run that goes on");
        }
    }

    /** Another program has done its work and still tells MLflow the rest: that is waited for. */
    @Test
    void aFolderIsTakenOverWhenTheOtherLetsGo() throws Exception {
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            run.end(RunStatus.FINISHED);
            assertThat(tracker.flush(PATIENCE)).isTrue();
        }
        RunLog held = RunLog.open(runs("p")).orElseThrow();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread other = Thread.ofPlatform().start(() -> {
            try (held) {
                waiting.await();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (Tracker tracker = Tracker.open(mlflow.environment(), folder.resolve("mlruns"), folder, line -> {
            if (line.startsWith("waiting for the run in ")) {
                waiting.countDown();
            }
        })) {
            assertThat(tracker.resumeRun(runs("p"))).isPresent();
        }
        other.join();
        RunLog again = RunLog.open(runs("p")).orElseThrow();
        try (again) {
            assertThatThrownBy(() -> HandOver.take(runs("p"), Duration.ofMillis(100), notices::add))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("belongs to a run that goes on");
        }
    }

    @Test
    void openRunsEndAsFailedWhenTheTrackerIsClosed() {
        try (Tracker tracker = open()) {
            tracker.startRun(PARENT, runs("p"));
        }
        assertThat(mlflow.of("parent", "status")).isEqualTo("FAILED");
    }

    @Test
    void aRunResumesInTheSameRunOfMlflow() {
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            run.metric("loss", 1, 1);
            run.end(RunStatus.KILLED);
        }
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.resumeRun(runs("p")).orElseThrow();
            assertThat(run.runId()).contains("run1");
            run.metric("loss", 2, 2);
            run.end(RunStatus.FINISHED);
            assertThat(tracker.resumeRun(runs("never"))).isEmpty();
        }
        assertThat(mlflow.told)
                .containsExactly(
                        "create parent",
                        "metric loss=1.0@1",
                        "status KILLED",
                        "status RUNNING",
                        "metric loss=2.0@2",
                        "status FINISHED");
    }

    @Test
    void aDeletedExperimentIsAClearError() {
        mlflow.addDeletedExperiment();
        try (Tracker tracker = open()) {
            assertThatThrownBy(() -> tracker.startRun(RunSpec.of("gone", "x"), runs("p")))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("'gone' is deleted")
                    .hasMessageContaining("restore");
        }
    }

    @Test
    void artifactsOfALocalServerAreCopied() {
        Path root = folder.resolve("server");
        mlflow.artifactRoot("file://" + root);
        try (Tracker tracker = open()) {
            Files.createDirectories(root);
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            run.artifactText("plots/a.txt", "text");
            run.end(RunStatus.FINISHED);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(root.resolve("1/run1/artifacts/plots/a.txt")).hasContent("text");
    }

    @Test
    void artifactsOutOfReachStayInTheFolder() {
        mlflow.artifactRoot("s3://bucket");
        try (Tracker tracker = open()) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            run.artifactText("a.txt", "text");
            run.end(RunStatus.FINISHED);
        }
        assertThat(notices).singleElement().asString().contains("s3://bucket").contains("--artifacts-destination");
        assertThat(runs("p").resolve("artifacts/a.txt")).hasContent("text");
        assertThat(mlflow.of("parent", "status")).isEqualTo("FINISHED");
    }

    @Test
    void credentialsAreSentButNotShown() {
        String uri = mlflow.uri().replace("http://", "http://anna:secret@");
        try (Tracker tracker = open(Map.of("MLFLOW_TRACKING_URI", uri))) {
            ActiveRun run = tracker.startRun(PARENT, runs("p"));
            run.artifactText("a.txt", "text");
            run.end(RunStatus.FINISHED);
            assertThat(tracker.uri()).hasToString(mlflow.uri());
        }
        assertThat(mlflow.authorizations)
                .contains("PUT Basic YW5uYTpzZWNyZXQ=")
                .allSatisfy(line -> assertThat(line).endsWith("Basic YW5uYTpzZWNyZXQ="));
        Map<String, String> token = Map.of("MLFLOW_TRACKING_URI", mlflow.uri(), "MLFLOW_TRACKING_TOKEN", "t");
        try (Tracker tracker = open(token)) {
            assertThat(tracker.query().experiments()).isEmpty();
        }
        assertThat(mlflow.authorizations.getLast()).endsWith("Bearer t");
    }

    @Test
    void refusesTrackersItCannotUse() {
        for (String uri : List.of("file:///tmp/mlruns", "sqlite:///mlflow.db", "databricks", "http://", "ht tp")) {
            assertThatThrownBy(() -> open(Map.of("MLFLOW_TRACKING_URI", uri)))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("MLFLOW_TRACKING_URI=" + uri)
                    .hasMessageContaining("http://HOST:PORT");
        }
    }

    @Test
    void aServerThatIsNotThereAtTheStartIsAnError() {
        mlflow.stop();
        assertThatThrownBy(this::open)
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no MLflow at " + mlflow.uri());
    }

    @Test
    void somethingElseOnThePortIsAnError() {
        Map<String, String> elsewhere = Map.of("MLFLOW_TRACKING_URI", mlflow.uri() + "/other/");
        assertThatThrownBy(() -> open(elsewhere))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no MLflow at " + mlflow.uri() + "/other");
    }
}
