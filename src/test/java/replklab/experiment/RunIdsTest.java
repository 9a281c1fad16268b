package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.ProcessLock;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunSpec;
import replklab.tracking.TestPython;
import replklab.tracking.Tracker;

/** A report that was written before MLflow had given ids gets them from the runs' logs. */
class RunIdsTest {
    @TempDir
    static Path home;

    private static Tracker tracker;

    @TempDir
    Path results;

    @BeforeAll
    static void start() {
        TestPython.use();
        tracker = Tracker.open(Map.of(), home.resolve("mlruns"), home, notice -> {});
    }

    @AfterAll
    static void stop() {
        tracker.close();
    }

    private String run(Path runs, String level, long seed) {
        RunPlan plan = new RunPlan(Map.of("kernel", level), seed);
        RunSpec spec = RunSpec.of("late", plan.name())
                .variant(plan.label())
                .seed(seed)
                .tags(new RunIdentity("a", "b", "c", "", "").tags());
        ActiveRun run = tracker.startRun(spec, runs.resolve(plan.folder()));
        StoredRun.write(
                run, new RunRow(plan.variant(), seed, RunEnd.FINISHED, Map.of("accuracy", 1.5), List.of(), 1, "", "c"));
        run.end(replklab.tracking.RunStatus.FINISHED);
        return run.runId().orElseThrow();
    }

    @Test
    void emptyCellsAreFilledAndTheRestStays() throws IOException {
        Path folder = results.resolve("quick/late");
        String first = run(folder.resolve("runs"), "3, \"small\"", 1);
        run(folder.resolve("runs"), "13", 1);
        Path file = folder.resolve("runs.csv");
        String text = "kernel,seed,status,accuracy,seconds,run_id,commit,config\n"
                + "\"3, \"\"small\"\"\",1,finished,1.5,1.0,%s,c,d\n"
                + "13,1,finished,1.5,1.0,known,c,d\n"
                + "31,1,failed,,1.0,,c,d\n";
        Files.writeString(file, text.formatted(""));
        assertThat(RunIds.complete(results)).isOne();
        assertThat(file).hasContent(text.formatted(first));
        assertThat(RunIds.complete(results)).isZero();
    }

    @Test
    void whatAnotherProcessWritesIsLeftToIt() throws IOException {
        Path folder = results.resolve("quick/late");
        run(folder.resolve("runs"), "5", 2);
        Path file = folder.resolve("runs.csv");
        String text = "kernel,seed,status,seconds,run_id\n5,2,finished,1.0,\n";
        Files.writeString(file, text);
        try (ProcessLock _ = ProcessLock.tryLock(folder.resolve("runs/lock")).orElseThrow()) {
            assertThat(RunIds.complete(results)).isZero();
        }
        assertThat(file).hasContent(text);
        assertThat(RunIds.complete(results)).isOne();
    }
}
