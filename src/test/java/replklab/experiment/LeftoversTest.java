package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.ProcessLock;
import replklab.experiment.Leftovers.Kind;
import replklab.experiment.Leftovers.Leftover;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunSpec;
import replklab.tracking.RunStatus;
import replklab.tracking.TestPython;
import replklab.tracking.Tracker;

/** What is removed is nowhere needed; what MLflow lacks or somebody works on stays. */
class LeftoversTest {
    @TempDir
    static Path home;

    private static Tracker tracker;

    @TempDir
    Path checkout;

    @BeforeAll
    static void start() {
        TestPython.use();
        tracker = Tracker.open(Map.of(), home.resolve("mlruns"), home, notice -> {});
    }

    @AfterAll
    static void stop() {
        tracker.close();
    }

    private ActiveRun run(String folder) {
        return tracker.startRun(
                RunSpec.of("left", folder), checkout.resolve("results").resolve(folder));
    }

    private ActiveRun ended(String folder) {
        ActiveRun run = run(folder);
        run.result("{}");
        run.end(RunStatus.FINISHED);
        assertThat(tracker.flush(Duration.ofSeconds(30))).isTrue();
        return run;
    }

    private List<Path> kept(List<Leftover> found, boolean kept) {
        return found.stream()
                .filter(each -> each.kept().isPresent() == kept)
                .map(each -> checkout.resolve("results").relativize(each.path()))
                .toList();
    }

    @Test
    void whatIsInMlflowGoesAndTheRestStays() throws IOException {
        String gone = "quick/x/runs/a" + Tracker.REPLACED + "12";
        String going = "quick/x/runs/a" + Tracker.REPLACED + "13";
        ended(gone);
        ActiveRun active = run(going);
        ended("quick/x/runs/a");
        Path checkpoint = checkout.resolve("results/quick/x/runs/a/checkpoint.safetensors");
        Files.writeString(checkpoint, "far");
        ended("smoke/y/runs/b");
        Files.writeString(checkout.resolve("results/smoke/y/report.md"), "# y");
        Path digests = Files.createDirectories(checkout.resolve(".lab")).resolve("digests.txt");
        Files.writeString(digests, "known");

        List<Leftover> found = Leftovers.find(checkout);
        assertThat(kept(found, false))
                .containsExactlyInAnyOrder(
                        Path.of("smoke/y"), Path.of(gone), Path.of("quick/x/runs/a/checkpoint.safetensors"));
        assertThat(kept(found, true)).containsExactly(Path.of(going));
        Leftovers.remove(found);
        assertThat(checkout.resolve("results/smoke/y")).doesNotExist();
        assertThat(checkout.resolve("results").resolve(gone)).doesNotExist();
        assertThat(checkpoint).doesNotExist();
        assertThat(checkpoint.resolveSibling("run.log")).exists();
        assertThat(checkout.resolve("results").resolve(going).resolve("run.log"))
                .exists();
        assertThat(digests).exists();
        active.end(RunStatus.KILLED);
        assertThat(tracker.flush(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void anExperimentThatIsBeingRunStays() throws IOException {
        ended("rerun/0123/z/runs/b");
        Path lock = checkout.resolve("results/rerun/0123/z/runs/lock");
        try (ProcessLock _ = ProcessLock.tryLock(lock).orElseThrow()) {
            List<Leftover> found = Leftovers.find(checkout);
            assertThat(found).singleElement().satisfies(each -> {
                assertThat(each.kind()).isEqualTo(Kind.RERUN);
                assertThat(each.kept()).contains("a live process works there");
            });
            Leftovers.remove(found);
        }
        assertThat(lock).exists();
    }
}
