package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.stats.CurvePoint;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.tracking.TestRuns;

/** Results come back from their logs as they were. */
class StoredRunTest {
    private static final RunIdentity IDENTITY = new RunIdentity("settings", "library", "data", "", "");

    @TempDir
    Path folder;

    private static RunRow row() {
        Map<String, String> variant = new LinkedHashMap<>();
        variant.put("shortcut", "with");
        variant.put("kernel", "13");
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("test_loss", Double.NaN);
        metrics.put("accuracy", 0.1 + 0.2);
        metrics.put("images_per_second", Double.POSITIVE_INFINITY);
        List<CurvePoint> curve = List.of(new CurvePoint(1, metrics), new CurvePoint(2, Map.of("accuracy", Math.PI)));
        return new RunRow(variant, 3, RunEnd.FINISHED, metrics, curve, 1.25, "", "0123456789ab-dirty");
    }

    @Test
    void everythingComesBackUnderTheIdThatMlflowGave() {
        TestRuns.log(folder, IDENTITY.tags(), run -> StoredRun.write(run, row()), "run7");
        StoredRun read = StoredRun.read(folder).orElseThrow();
        assertThat(read.identity()).isEqualTo(IDENTITY);
        assertThat(read.row()).isEqualTo(row().withRunId("run7"));
        assertThat(read.row().variant().keySet()).containsExactly("shortcut", "kernel");
        assertThat(read.row().metrics().get("test_loss")).isNaN();
    }

    @Test
    void whatIsNoResultIsNone() {
        assertThat(StoredRun.read(folder)).isEmpty();
        for (String text : List.of("", "{}", "[]", "null", "{\"row\": {}}", "{\"row\": null}", "{\"row\"")) {
            TestRuns.log(folder, IDENTITY.tags(), run -> run.result(text), "");
            assertThat(StoredRun.read(folder)).as(text).isEmpty();
        }
        TestRuns.log(folder, Map.of(), run -> StoredRun.write(run, row()), "");
        assertThat(StoredRun.read(folder))
                .as("of a run that does not say what made it")
                .isEmpty();
    }

    @Test
    void epochsComeBackOnceEach() {
        List<CurvePoint> points = row().curve();
        TestRuns.log(
                folder,
                IDENTITY.tags(),
                run -> {
                    points.forEach(point -> RunArtifacts.note(run, point));
                    RunArtifacts.note(run, points.getLast());
                    assertThat(RunArtifacts.points(run.record())).isEqualTo(points);
                },
                "");
    }
}
