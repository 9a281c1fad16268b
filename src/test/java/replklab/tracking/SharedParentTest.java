package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A parent that many processes share, who begin in any order and may not reach the server. */
class SharedParentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String KEY = "the sweep";
    /** What the server says of a tag that a run does not have. */
    private static final String NONE = "null";

    @TempDir
    Path folder;

    private final FakeMlflow mlflow = new FakeMlflow();
    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        mlflow.close();
    }

    private Tracker process(Map<String, String> environment) {
        return Tracker.ofOneAmongMany(environment, folder, notices::add);
    }

    private ActiveRun child(Tracker tracker, String name) {
        Path place = folder.resolve("runs").resolve(name);
        return tracker.startChild(KEY, RunSpec.of("shortcut", name), place, place);
    }

    private ActiveRun parent(Tracker tracker) {
        return tracker.startRun(
                RunSpec.of("shortcut", "parent").tag(RunTags.SHARED_KEY, KEY), folder.resolve("parent"), KEY);
    }

    private Object parentOf(String name) {
        return mlflow.of(name, "tag:" + RunTags.PARENT);
    }

    private Object parentsId() throws IOException {
        return RunRecord.read(folder.resolve("parent"))
                .flatMap(RunRecord::runId)
                .orElseThrow();
    }

    @Test
    void runsMadeBeforeTheirParentGoBelowItWhenItEnds() throws IOException {
        try (Tracker first = process(mlflow.environment())) {
            child(first, "early").end(RunStatus.FINISHED);
            assertThat(first.flush(PATIENCE)).isTrue();
        }
        assertThat(parentOf("early")).isEqualTo(NONE);
        try (Tracker second = process(mlflow.environment())) {
            ActiveRun parent = parent(second);
            child(second, "late").end(RunStatus.FINISHED);
            parent.end(RunStatus.FINISHED);
            assertThat(second.flush(PATIENCE)).isTrue();
        }
        assertThat(parentOf("early")).isEqualTo(parentsId());
        assertThat(parentOf("late")).isEqualTo(parentsId());
        assertThat(parentOf("parent")).isEqualTo(NONE);
        assertThat(notices).isEmpty();
    }

    @Test
    void aRunThatEndsAfterItsParentWasMadeFindsIt() throws IOException {
        try (Tracker first = process(mlflow.environment());
                Tracker second = process(mlflow.environment())) {
            ActiveRun early = child(first, "early");
            assertThat(first.flush(PATIENCE)).isTrue();
            parent(second);
            assertThat(second.flush(PATIENCE)).isTrue();
            assertThat(parentOf("early")).isEqualTo(NONE);
            early.end(RunStatus.FINISHED);
            assertThat(first.flush(PATIENCE)).isTrue();
            assertThat(parentOf("early")).isEqualTo(parentsId());
        }
        assertThat(notices).isEmpty();
    }

    /** What stays beside its parent is said; the parent ends all the same. */
    @Test
    void aServerThatDoesNotSearchStillHearsTheEnd() {
        try (Tracker tracker = process(mlflow.environment())) {
            ActiveRun parent = parent(tracker);
            assertThat(tracker.flush(PATIENCE)).isTrue();
            mlflow.answer(
                    path -> path.endsWith("runs/search"),
                    400,
                    "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"no such filter\"}");
            parent.end(RunStatus.FINISHED);
            assertThat(tracker.flush(PATIENCE)).isTrue();
        }
        assertThat(mlflow.of("parent", "status")).isEqualTo("FINISHED");
        assertThat(notices)
                .singleElement()
                .asString()
                .contains("cannot put the run in", "and its parent together", "no such filter");
    }

    /** One had no address, the other one that nobody answers at; a run that another server has stays that one's. */
    @Test
    void aCollectorTellsOfRunsThatNoServerTook() throws IOException {
        try (FakeMlflow gone = new FakeMlflow();
                FakeMlflow other = new FakeMlflow()) {
            Map<String, String> nobody = gone.environment();
            gone.stop();
            try (Tracker silent = process(Map.of());
                    Tracker away = process(nobody);
                    Tracker elsewhere = process(other.environment())) {
                child(silent, "silent").end(RunStatus.FINISHED);
                child(away, "away").end(RunStatus.FINISHED);
                child(elsewhere, "elsewhere").metric("loss", 1, 1);
                assertThat(elsewhere.flush(PATIENCE)).isTrue();
                other.stop();
                child(elsewhere, "unheard").end(RunStatus.FINISHED);
            }
            try (Tracker collector = process(mlflow.environment())) {
                assertThat(collector.sendKept(folder).elsewhere())
                        .as("what is not the collector's business is left alone")
                        .isEqualTo(4);
                ActiveRun parent = parent(collector);
                Tracker.Kept kept = collector.collectKept(folder);
                assertThat(kept.sent()).isEqualTo(3);
                assertThat(kept.elsewhere()).isOne();
                parent.end(RunStatus.FINISHED);
                assertThat(collector.flush(PATIENCE)).isTrue();
            }
            for (String name : List.of("silent", "away", "unheard")) {
                assertThat(mlflow.of(name, "status")).as(name).isEqualTo("FINISHED");
                assertThat(parentOf(name)).as(name).isEqualTo(parentsId());
            }
        }
    }
}
