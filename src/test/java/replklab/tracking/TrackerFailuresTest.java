package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;

/** What servers do that are not well: whatever it is, the rest arrives, in order, once, and the user hears of it once. */
class TrackerFailuresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BRIEF = Duration.ofMillis(1500);
    private static final DatasetInput DATA = new DatasetInput("digits", "d", "s", "", "", "train");
    private static final String LOGIN_PAGE = "<html><title>Log in</title></html>";

    @TempDir
    Path folder;

    private final FakeMlflow mlflow = new FakeMlflow();
    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        mlflow.close();
    }

    private Tracker open() {
        return Tracker.open(mlflow.environment(), folder.resolve("mlruns"), folder, notices::add);
    }

    private ActiveRun start(Tracker tracker, String name) {
        return tracker.startRun(RunSpec.of("shortcut", name), runs(name));
    }

    private Path runs(String name) {
        return folder.resolve("results").resolve(name);
    }

    /** Sends what is left once the server is well again, and holds that each thing has arrived once. */
    private void recoverAndExpectAll(Tracker tracker) {
        mlflow.recover();
        assertThat(tracker.flush(PATIENCE)).isTrue();
        assertThat(mlflow.told)
                .containsExactly(
                        "create p",
                        "param lr=0.1",
                        "metric loss=1.0@1",
                        "input digits",
                        "file a.txt",
                        "metric loss=2.0@2",
                        "status FINISHED");
        assertThat(runs("p").resolve("refused.jsonl")).doesNotExist();
    }

    private ActiveRun logAll(Tracker tracker) {
        ActiveRun run = start(tracker, "p");
        logAll(run);
        return run;
    }

    private static void logAll(ActiveRun run) {
        run.params(Map.of("lr", 0.1));
        run.metric("loss", 1, 1);
        run.dataset(DATA);
        run.artifactText("a.txt", "text");
        run.metric("loss", 2, 2);
        run.end(RunStatus.FINISHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {LOGIN_PAGE, "", "{\"redirect\":\"/login\"}", "[]", "200 OK"})
    void anAnswerThatIsNotMlflowsIsNotTakenForIts(String body) {
        try (Tracker tracker = open()) {
            mlflow.answer(path -> true, 200, body);
            logAll(tracker);
            tracker.flush(BRIEF);
            assertThat(mlflow.told).isEmpty();
            recoverAndExpectAll(tracker);
        }
        assertThat(notices).hasSize(2);
        assertThat(notices.getFirst()).contains("not MLflow's");
    }

    /** One answer in seven is spoilt: that is said once, and not with each of them. */
    @Test
    void whatComesAndGoesIsToldOnce() {
        try (Tracker tracker = open()) {
            ActiveRun run = start(tracker, "p");
            for (int step = 0; step < 3; step++) {
                mlflow.answer(path -> path.endsWith("runs/log-batch"), 200, LOGIN_PAGE);
                run.metric("loss", step, step);
                assertThat(tracker.flush(BRIEF)).isFalse();
                mlflow.recover();
                assertThat(tracker.flush(PATIENCE)).isTrue();
            }
            run.end(RunStatus.FINISHED);
        }
        assertThat(mlflow.told("metric"))
                .containsExactly("metric loss=0.0@0", "metric loss=1.0@1", "metric loss=2.0@2");
        assertThat(notices).hasSize(2);
        assertThat(notices.getLast()).contains("answers again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runs/log-batch", "runs/update", "runs/log-inputs", "artifacts/a.txt"})
    void aPageInPlaceOfOneAnswerDoesNotLoseWhatItStandsFor(String endpoint) {
        try (Tracker tracker = open()) {
            mlflow.answer(path -> path.endsWith(endpoint), 200, LOGIN_PAGE);
            logAll(tracker);
            assertThat(tracker.flush(BRIEF)).isFalse();
            recoverAndExpectAll(tracker);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404, 408, 418, 429, 500, 502, 503})
    void whatMayPassIsSentAgain(int status) {
        try (Tracker tracker = open()) {
            mlflow.answer(
                    path -> true, status, LOGIN_PAGE, "Location", "https://u:s3cr3t@sso.example.org/in?token=t0k3n");
            logAll(tracker);
            tracker.flush(BRIEF);
            assertThat(mlflow.told).isEmpty();
            recoverAndExpectAll(tracker);
        }
        assertThat(notices).hasSize(2);
        assertThat(notices.getFirst()).contains("HTTP " + status).doesNotContain("s3cr3t", "t0k3n");
    }

    @Test
    void aServerThatAsksForAPauseGetsIt() {
        try (Tracker tracker = open()) {
            mlflow.answer(path -> path.endsWith("log-batch"), 429, "", "Retry-After", "1000");
            ActiveRun run = logAll(tracker);
            tracker.flush(BRIEF);
            int asked = mlflow.requests();
            run.end(RunStatus.FINISHED);
            assertThat(tracker.flush(BRIEF)).isFalse();
            assertThat(mlflow.requests()).isEqualTo(asked);
        }
        assertThat(mlflow.requests("log-batch")).isEqualTo(1);
    }

    /** What an earlier program could not send is nobody's while MLflow is away: whoever wants that run may have it. */
    @Test
    void whatWaitsForMlflowIsInNobodysWay() throws IOException {
        try (Tracker tracker = open()) {
            mlflow.fail(path -> !path.contains("experiments/search"));
            logAll(tracker);
        }
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder.resolve("results"))).isEqualTo(new Tracker.Kept(0, 0, 1, 0));
            RunLog.open(runs("p")).orElseThrow().close();
            mlflow.recover();
        }
        assertThat(mlflow.told("status")).as("sent when the tracker closed").containsExactly("status FINISHED");
        assertThat(RunLog.isSettled(runs("p"))).isTrue();
    }

    /** A run is let go while MLflow takes long over a file of it: that its request is interrupted tells nothing of the server. */
    @Test
    void lettingARunGoDoesNotPutTheServerAway() {
        mlflow.fail(path -> !path.contains("experiments/search"));
        try (Tracker tracker = open()) {
            logAll(tracker);
        }
        mlflow.recover();
        notices.clear();
        mlflow.hang(path -> path.endsWith("a.txt"));
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder.resolve("results"), BRIEF, BRIEF).waiting())
                    .isEqualTo(1);
            start(tracker, "other").end(RunStatus.FINISHED);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            assertThat(tracker.experimentPage("shortcut")).isPresent();
            assertThat(notices).isEmpty();
            mlflow.recover();
        }
        assertThat(mlflow.told("status")).hasSize(2);
        assertThat(notices).isEmpty();
    }

    /** A server that was too slow at the start is told the rest at the end, for as long as it takes something. */
    @Test
    void aSlowServerIsToldTheRestAtTheEnd() {
        mlflow.fail(path -> !path.contains("experiments/search"));
        try (Tracker tracker = open()) {
            ActiveRun run = start(tracker, "p");
            for (int i = 0; i < 12; i++) {
                run.artifactText(i + ".txt", "text");
            }
            run.end(RunStatus.FINISHED);
        }
        mlflow.recover();
        mlflow.slow(Duration.ofMillis(500));
        notices.clear();
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder.resolve("results"), BRIEF, BRIEF).waiting())
                    .isEqualTo(1);
        }
        assertThat(Set.copyOf(mlflow.told("file"))).hasSize(12); // one whose answer nobody waited for is sent again
        assertThat(mlflow.told("status")).containsExactly("status FINISHED");
        assertThat(notices).containsExactly("telling MLflow the rest; Ctrl-C leaves that to the next start");
    }

    /** What is left at the end is said, also where MLflow took something else in the meantime. */
    @Test
    void whatIsLeftAtTheEndIsSaid() {
        mlflow.fail(path -> !path.contains("experiments/search"));
        try (Tracker tracker = open()) {
            logAll(tracker);
        }
        mlflow.recover();
        mlflow.hang(path -> path.endsWith("a.txt"));
        notices.clear();
        Tracker tracker = open();
        assertThat(tracker.sendKept(folder.resolve("results"), BRIEF, BRIEF).waiting())
                .isEqualTo(1);
        start(tracker, "other").end(RunStatus.FINISHED);
        assertThat(tracker.flush(PATIENCE)).isTrue();
        Thread.currentThread().interrupt(); // nobody waits
        tracker.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(notices)
                .hasSize(2)
                .element(1, STRING)
                .contains("does not have everything yet of 1 runs", "the next start sends it");
    }

    /** One answer alone is somebody else's: what it stands for has not happened, whatever its status says. */
    @ParameterizedTest
    @CsvSource({
        "runs/log-batch, {\"status\":\"ok\"}",
        "runs/log-inputs, {\"status\":\"ok\"}",
        "runs/update, {\"status\":\"ok\"}",
        "artifacts/a.txt, {\"status\":\"ok\"}",
        "artifacts/a.txt, ''",
        "runs/log-batch, ''",
        "runs/create, {}"
    })
    void oneAnswerOfSomebodyElseConfirmsNothing(String endpoint, String body) {
        AtomicBoolean first = new AtomicBoolean(true);
        mlflow.answer(path -> path.endsWith(endpoint) && first.getAndSet(false), 200, body);
        try (Tracker tracker = open()) {
            logAll(tracker);
            tracker.flush(BRIEF);
            recoverAndExpectAll(tracker);
        }
        assertThat(first).isFalse();
    }

    /** Two runs make the same data set at once, and MLflow's database lets one of them through. */
    @Test
    void aRaceForADataSetIsRunAgain() {
        AtomicInteger races = new AtomicInteger();
        mlflow.answer(
                path -> path.endsWith("log-inputs") && races.getAndIncrement() < 2,
                400,
                "{\"error_code\":\"BAD_REQUEST\",\"message\":\"(sqlite3.IntegrityError) UNIQUE constraint failed: datasets.name\"}");
        try (Tracker tracker = open()) {
            logAll(tracker);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            recoverAndExpectAll(tracker);
        }
        assertThat(notices).isEmpty();
    }

    /** Something between us and MLflow says 404 once: that is no server without files. */
    @ParameterizedTest
    @ValueSource(strings = {"log-inputs", "artifacts/a.txt"})
    void oneBareNotFoundSetsNothingAside(String endpoint) {
        AtomicBoolean first = new AtomicBoolean(true);
        mlflow.answer(path -> path.endsWith(endpoint) && first.getAndSet(false), 404, LOGIN_PAGE);
        try (Tracker tracker = open()) {
            logAll(tracker);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            recoverAndExpectAll(tracker);
        }
        assertThat(first).isFalse();
        assertThat(notices).isEmpty();
    }

    @Test
    void aServerWithoutDataSetsAndFilesGetsEverythingElse() {
        mlflow.answer(path -> path.endsWith("log-inputs") || path.contains("mlflow-artifacts"), 404, LOGIN_PAGE);
        try (Tracker tracker = open()) {
            logAll(tracker);
            ActiveRun second = start(tracker, "second");
            second.dataset(DATA);
            second.metric("loss", 5, 5);
            second.end(RunStatus.FINISHED);
            assertThat(tracker.flush(PATIENCE)).isTrue();
        }
        assertThat(mlflow.told("metric"))
                .containsExactly("metric loss=1.0@1", "metric loss=2.0@2", "metric loss=5.0@5");
        assertThat(mlflow.told("status")).hasSize(2);
        assertThat(mlflow.requests("log-inputs"))
                .as("asked some times, then never again")
                .isEqualTo(MlflowApi.REFUSALS);
        assertThat(notices).hasSize(2);
        assertThat(notices.get(0)).contains("takes no data sets (HTTP 404)");
        assertThat(notices.get(1)).contains("takes no files (HTTP 404)");
        assertThat(runs("p").resolve("refused.jsonl")).content().contains("digits", "a.txt");
        assertThat(runs("second").resolve("refused.jsonl")).content().contains("digits");
    }

    /** Who may write runs but no files, as behind a proxy: the rest arrives. */
    @Test
    void filesThatAreForbiddenHoldUpNothing() {
        mlflow.answer(path -> path.contains("mlflow-artifacts"), 403, "Forbidden");
        try (Tracker tracker = open()) {
            logAll(tracker);
            assertThat(tracker.flush(PATIENCE)).isTrue();
        }
        assertThat(mlflow.told("metric")).hasSize(2);
        assertThat(mlflow.told("status")).containsExactly("status FINISHED");
        assertThat(notices).singleElement().asString().contains("takes no files", "HTTP 403");
        assertThat(runs("p").resolve("refused.jsonl")).content().contains("a.txt");
    }

    /** A log-in that fails now and then may hit files several times in a row, which is no reason to send none. */
    @Test
    void filesThatAreForbiddenNowAndThenArrive() {
        for (int status : new int[] {401, 403, 404}) {
            AtomicInteger requests = new AtomicInteger();
            mlflow.answer(
                    path -> path.contains("mlflow-artifacts") && requests.getAndIncrement() < MlflowApi.REFUSALS - 1,
                    status,
                    "Forbidden");
            try (Tracker tracker = open()) {
                ActiveRun run = start(tracker, "p" + status);
                run.artifactText("a.txt", "text");
                run.end(RunStatus.FINISHED);
                assertThat(tracker.flush(PATIENCE)).isTrue();
            }
            assertThat(runs("p" + status).resolve("refused.jsonl")).doesNotExist();
        }
        assertThat(notices).isEmpty();
    }

    /** As if this request about what comes next had been made long ago, again and again. */
    private void oftenNotTaken(String run, String request) throws IOException {
        try (RunLog log = RunLog.open(runs(run)).orElseThrow()) {
            assertThat(log.record().notTaken(log.sent(), request)).isNotEmpty();
            log.append(new Event.NotTaken(log.sent(), "another", 0));
            for (int i = 0; i < Patience.TIMES; i++) {
                log.append(new Event.NotTaken(log.sent(), request, i));
            }
        }
    }

    @Test
    void whatIsAnsweredWithAnErrorForEverIsSetAsideIfTheServerTakesOtherThings() throws IOException {
        mlflow.poison("Zürich");
        try (Tracker tracker = open()) {
            ActiveRun run = start(tracker, "p");
            run.params(Map.of("lr", 0.1));
            run.params(Map.of("where", "Zürich", "who", "me"));
            run.metric("loss", 1, 1);
            run.end(RunStatus.FINISHED);
            assertThat(tracker.flush(BRIEF)).isFalse();
        }
        for (int start = 0; start < 2; start++) { // first all that goes together, then what is left of it
            assertThat(mlflow.told("status")).isEmpty();
            oftenNotTaken("p", "POST /api/2.0/mlflow/runs/log-batch");
            try (Tracker tracker = open()) {
                assertThat(tracker.sendKept(folder, BRIEF, BRIEF).sent()).isEqualTo(start);
            }
        }
        assertThat(mlflow.told("param")).containsOnlyOnce("param who=me").doesNotContain("param where=Zürich");
        assertThat(mlflow.told("metric")).containsExactly("metric loss=1.0@1");
        assertThat(mlflow.of("p", "status")).isEqualTo("FINISHED");
        assertThat(runs("p").resolve("refused.jsonl"))
                .content()
                .contains("Zürich")
                .doesNotContain("who");
        assertThat(notices)
                .filteredOn(notice -> notice.contains("refused the parameter where"))
                .hasSize(1);
        assertThat(LeftBehind.below(folder.resolve("results"))).isEmpty();
    }

    @Test
    void aRunWhoseNameTheServerCannotStoreIsSetAside() throws IOException {
        mlflow.poison("Zürich");
        try (Tracker tracker = open()) {
            start(tracker, "Zürich").end(RunStatus.FINISHED);
            assertThat(tracker.flush(BRIEF)).isFalse();
        }
        oftenNotTaken("Zürich", "POST /api/2.0/mlflow/runs/create");
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder).waiting()).isZero();
        }
        assertThat(notices.getLast()).contains("will not take it", "DataError");
        assertThat(mlflow.told("create")).isEmpty();
    }

    /** Of a server that takes nothing it is not known what it would take. */
    @Test
    void aServerThatTakesNothingForLongGetsAllWhenItIsBack() throws IOException {
        try (Tracker tracker = open()) {
            ActiveRun run = start(tracker, "p");
            assertThat(tracker.flush(PATIENCE)).isTrue();
            mlflow.fail(path -> path.contains("log-") || path.contains("artifacts") || path.contains("update"));
            logAll(run);
            assertThat(tracker.flush(BRIEF)).isFalse();
        }
        oftenNotTaken("p", "POST /api/2.0/mlflow/runs/log-batch");
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder, BRIEF, BRIEF).waiting()).isEqualTo(1);
            assertThat(mlflow.told).containsExactly("create p");
            mlflow.recover();
            assertThat(tracker.sendKept(folder).sent()).isEqualTo(1);
            recoverAndExpectAll(tracker);
        }
    }

    @Test
    void ofAnEventThatIsRefusedTheGoodPartsArrive() {
        try (Tracker tracker = open()) {
            ActiveRun run = start(tracker, "p");
            run.params(Map.of("good", 1, "bad", 2, "fine", 3));
            run.end(RunStatus.FINISHED);
        }
        assertThat(mlflow.told("param")).containsExactlyInAnyOrder("param good=1", "param fine=3");
        assertThat(runs("p").resolve("refused.jsonl")).content().contains("bad").doesNotContain("good");
        assertThat(notices).singleElement().asString().contains("refused the parameter bad");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRunThatWasDeletedIsSetAsideForGood(boolean forGood) throws IOException {
        try (Tracker tracker = open()) {
            ActiveRun run = start(tracker, "p");
            ActiveRun other = start(tracker, "other");
            run.metric("loss", 1, 1);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            mlflow.delete("p", forGood);
            run.metric("loss", 2, 2);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            run.metric("loss", 3, 3);
            run.artifactText("a.txt", "text");
            run.end(RunStatus.FINISHED);
            other.metric("loss", 4, 4);
            other.end(RunStatus.FINISHED);
        }
        assertThat(mlflow.told("metric")).containsExactly("metric loss=1.0@1", "metric loss=4.0@4");
        assertThat(mlflow.told("status")).containsExactly("status FINISHED");
        assertThat(notices).singleElement().asString().contains("nothing more of it is sent");
        int asked = mlflow.requests();
        try (Tracker tracker = open()) {
            assertThat(tracker.sendKept(folder)).isEqualTo(new Tracker.Kept(0, 0, 0, 0));
            assertThat(mlflow.requests()).isEqualTo(asked + 1);
        }
        assertThat(notices).hasSize(1);
        try (Tracker tracker = open()) { // somebody wants it to go on all the same: then it is told anew
            tracker.resumeRun(runs("p")).orElseThrow().end(RunStatus.FINISHED);
            assertThat(tracker.flush(PATIENCE)).isTrue();
        }
        assertThat(mlflow.told("metric loss=3.0@3")).hasSize(1);
    }

    @Test
    void aRequestToCreateTheRunThatArrivesLateLeavesNoSecondOne() {
        try (Tracker tracker = open()) {
            mlflow.hang(path -> path.endsWith("runs/create"));
            ActiveRun run = start(tracker, "p"); // gives up waiting
            mlflow.recover();
            assertThat(tracker.flush(PATIENCE)).isTrue();
            mlflow.createAgain("p");
            run.metric("loss", 1, 1);
            run.end(RunStatus.FINISHED);
            assertThat(tracker.flush(PATIENCE)).isTrue();
        }
        assertThat(mlflow.told).containsExactly("create p", "metric loss=1.0@1", "status FINISHED", "delete run2");
        try (Tracker tracker = open()) { // nor is the run taken for deleted
            ActiveRun again = tracker.resumeRun(runs("p")).orElseThrow();
            again.end(RunStatus.FINISHED);
            assertThat(tracker.flush(PATIENCE)).isTrue();
        }
        assertThat(notices).allMatch(notice -> notice.contains("does not answer") || notice.contains("answers again"));
    }

    @Test
    void aRunWhoseFileHangsHoldsUpNoOther() {
        mlflow.hang(path -> path.endsWith("big.bin"));
        try (Tracker tracker = open()) {
            ActiveRun big = start(tracker, "big");
            big.artifactText("big.bin", "text");
            ActiveRun other = start(tracker, "other");
            assertThat(tracker.flush(BRIEF)).isFalse();
            other.metric("loss", 1, 1);
            other.end(RunStatus.FINISHED);
            tracker.flush(BRIEF);
            assertThat(mlflow.told("metric")).hasSize(1);
            assertThat(mlflow.told("status")).hasSize(1);
            mlflow.recover();
        }
        assertThat(mlflow.told("file")).containsExactly("file big.bin");
    }

    @Test
    void whileNothingAnswersOnlyTheFirstRunWaitsForIt() {
        try (Tracker tracker = open()) {
            mlflow.hang(path -> true);
            ActiveRun first = start(tracker, "first");
            int asked = mlflow.requests();
            ActiveRun second = start(tracker, "second");
            tracker.settle(PATIENCE);
            assertThat(mlflow.requests()).isEqualTo(asked);
            first.end(RunStatus.FINISHED);
            second.end(RunStatus.FINISHED);
            mlflow.recover();
            assertThat(tracker.flush(PATIENCE)).isTrue();
        }
        assertThat(mlflow.told("create")).containsExactlyInAnyOrder("create first", "create second");
        assertThat(mlflow.told("status")).hasSize(2);
    }

    @Test
    void aChildWaitsForItsParent() {
        try (Tracker tracker = open()) {
            mlflow.fail(path -> path.endsWith("runs/create"));
            ActiveRun parent = start(tracker, "p");
            ActiveRun child = tracker.startChild(parent, RunSpec.of("shortcut", "child"), runs("child"));
            child.end(RunStatus.FINISHED);
            parent.end(RunStatus.FINISHED);
            mlflow.recover();
            assertThat(tracker.flush(PATIENCE)).isTrue();
        }
        assertThat(mlflow.told("create")).containsExactly("create p", "create child");
        assertThat(mlflow.of("child", "tag:" + RunTags.PARENT)).isEqualTo("run1");
    }

    @Test
    void aHostNameThatIsRefusedIsToldWithItsRemedy() {
        mlflow.answer(path -> true, 403, "Invalid Host header - possible DNS rebinding attack detected");
        assertThatThrownBy(this::open)
                .isInstanceOf(LabException.class)
                .hasMessageContaining("Invalid Host header")
                .hasMessageContaining("--allowed-hosts")
                .hasMessageNotContaining("start it");
    }

    @Test
    void aLoginThatIsMissingIsToldWithItsRemedy() {
        mlflow.answer(path -> true, 401, "You are not authenticated.");
        assertThatThrownBy(this::open)
                .isInstanceOf(LabException.class)
                .hasMessageContaining("MLFLOW_TRACKING_USERNAME")
                .hasMessageNotContaining("start it");
    }
}
