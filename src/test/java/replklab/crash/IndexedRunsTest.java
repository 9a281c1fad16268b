package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import replklab.tracking.FakeMlflow;

/** Processes that do one run each, killed, stopped and beside each other: what comes out is one process's to the last bit. */
class IndexedRunsTest {
    private static final long PATIENCE_MS = 120_000;
    private static final int KILLED = 137;
    private static final int TERMINATED = 143;
    private static final int TESTS = 3;

    private static final Story STORY = new Story("indexed");
    private static final FakeMlflow MLFLOW = new FakeMlflow();
    private static Checkout checkout;
    private static int passed;

    /** One process that did it undisturbed; the profiles differ in nothing but their names. */
    @BeforeAll
    static void runWhole() throws IOException {
        checkout = Checkout.make(STORY, "one");
        LabProcess whole = checkout.lab(MLFLOW.environment(), "run", "one", "--seeds", "1", "--profile", "quick");
        assertThat(whole.await(STORY)).as(whole.said()).isZero();
    }

    @AfterAll
    static void close() throws IOException {
        MLFLOW.close();
        if (passed == TESTS) {
            checkout.passed(); // else it stays for inspection
        }
        checkout.close();
    }

    private static LabProcess lab(String profile, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of("one", "--seeds", "1", "--profile", profile));
        return checkout.lab(Map.of(), all.toArray(String[]::new));
    }

    private static Path run(String place, int kernels) {
        return checkout.root().resolve("results/%s/one/runs/kernels=%d,seed=1".formatted(place, kernels));
    }

    private static Path attempts(Path run) {
        return run.resolveSibling(run.getFileName() + ".attempts");
    }

    /** Waits until a run is in the middle, with a checkpoint behind it; whatever number its attempt has. */
    private static void awaitCheckpoint(LabProcess program, Path run) throws IOException {
        boolean there = Processes.await(
                () -> !program.alive() || Files.exists(attempts(run).resolve("1/checkpoint.safetensors")), PATIENCE_MS);
        assertThat(there && program.alive())
                .as("in the middle of a run: %s", program.said())
                .isTrue();
    }

    private static void requireEqual(String place) throws IOException {
        for (int kernels : List.of(3, 5)) {
            assertThat(run(place, kernels).resolve("final.safetensors"))
                    .hasSameBinaryContentAs(run("quick", kernels).resolve("final.safetensors"));
            assertThat(attempts(run(place, kernels))).doesNotExist();
        }
        Page whole = Page.of(checkout.root().resolve("results/quick/one"));
        Page page = Page.of(checkout.root().resolve("results").resolve(place).resolve("one"));
        assertThat(page.runs()).hasSize(2);
        page.runs()
                .forEach((plan, row) -> assertThat(Page.steady(row))
                        .isEqualTo(Page.steady(whole.runs().get(plan))));
        assertThat(page.curves()).isEqualTo(whole.curves());
    }

    @Test
    void killedAndStoppedOnesGoOnToTheSameBits() throws IOException {
        LabProcess count = lab("smoke", "run", "--count");
        assertThat(count.await(STORY)).isZero();
        assertThat(count.output()).isEqualTo("2\n");

        LabProcess killed = lab("smoke", "run", "--index", "0");
        awaitCheckpoint(killed, run("smoke", 3));
        killed.kill();
        assertThat(killed.await(STORY)).isEqualTo(KILLED);
        LabProcess again = lab("smoke", "run", "--index", "0");
        assertThat(again.await(STORY)).as(again.said()).isZero();

        LabProcess stopped = lab("smoke", "run", "--index", "1");
        awaitCheckpoint(stopped, run("smoke", 5));
        Processes.signal(stopped.pid(), "TERM");
        assertThat(stopped.await(STORY)).as(stopped.said()).isEqualTo(TERMINATED);
        assertThat(attempts(run("smoke", 5))).as("the claim is given back").doesNotExist();
        assertThat(run("smoke", 5).resolve("checkpoint.safetensors")).exists();

        LabProcess early = lab("smoke", "run", "--collect", "--offline");
        assertThat(early.await(STORY)).isOne();
        assertThat(early.errors())
                .contains("missing: index 1, kernels=5 seed=1: stopped", "1 of 2 runs of one are missing");
        assertThat(checkout.results("one").resolve("report.md")).exists();

        LabProcess goesOn = lab("smoke", "run", "--index", "1");
        assertThat(goesOn.await(STORY)).as(goesOn.said()).isZero();
        LabProcess collect = lab("smoke", "run", "--collect", "--offline");
        assertThat(collect.await(STORY)).as(collect.said()).isZero();
        requireEqual("smoke");
        passed++;
    }

    /** It stood still for longer than its lease lasts, and comes back when another one is done. */
    @Test
    void ofTwoThatLiveTheFirstToPublishWins() throws IOException {
        Path run = run("smoke-set-training.epochs=40", 3);
        String[] one = {
            "run", "one", "--seeds", "1", "--profile", "smoke", "--set", "training.epochs=40", "--index", "0"
        };
        List<String> shortLease = List.of("-Dreplklab.lease=2");
        LabProcess first = checkout.lab(shortLease, Map.of(), one);
        awaitCheckpoint(first, run);
        Processes.signal(first.pid(), "STOP");
        Processes.pause(3_000);
        LabProcess second = checkout.lab(shortLease, Map.of(), one);
        assertThat(second.await(STORY)).as(second.said()).isZero();
        assertThat(run.resolve("final.safetensors")).exists();
        byte[] log = Files.readAllBytes(run.resolve("run.log"));
        Processes.signal(first.pid(), "CONT");
        assertThat(first.await(STORY)).as(first.said()).isZero();
        assertThat(first.errors()).contains("another attempt has finished it first, so this one stops");
        assertThat(run.resolve("run.log")).hasBinaryContent(log);
        assertThat(attempts(run)).doesNotExist();
        assertThat(new String(log, StandardCharsets.UTF_8))
                .as("went on from a checkpoint")
                .contains("\"resume\"");
        passed++;
    }

    @Test
    void aSweepOnThisMachineIsTheSame() throws IOException {
        LabProcess sweep = checkout.lab(
                MLFLOW.environment(),
                "sweep",
                "one",
                "--seeds",
                "1",
                "--profile",
                "full",
                "--on",
                "local",
                "--jobs",
                "2");
        assertThat(sweep.await(STORY)).as(sweep.said()).isZero();
        assertThat(sweep.errors()).contains("task 0 of one is done", "task 1 of one is done");
        requireEqual("full-seeds-1-1");
        LabProcess status = lab("full", "sweep", "--status");
        assertThat(status.await(STORY)).isZero();
        assertThat(status.output()).isEqualTo("one: 2 runs, 2 finished\n");
        passed++;
    }
}
