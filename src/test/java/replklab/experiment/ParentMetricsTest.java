package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.stats.Metric;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;

/** What the parent tells of its runs. */
class ParentMetricsTest {
    private static final List<Metric> METRICS = List.of(new Metric("accuracy", "accuracy", "%", 1));

    private static RunRow row(String level, long seed, RunEnd status, double accuracy) {
        Map<String, Double> metrics = status == RunEnd.FINISHED ? Map.of("accuracy", accuracy) : Map.of();
        return new RunRow(Map.of("shortcut", level), seed, status, metrics, List.of(), 1, "", "c");
    }

    @Test
    void variantsHaveMeansOverTheSeedsThatFinished() {
        Map<String, Double> all = ParentMetrics.of(
                List.of(
                        row("with", 1, RunEnd.FINISHED, 70),
                        row("with", 2, RunEnd.FINISHED, 74),
                        row("with", 3, RunEnd.FINISHED, Double.NaN),
                        row("with", 4, RunEnd.FAILED, 0),
                        row("without", 1, RunEnd.FINISHED, 60)),
                METRICS);
        assertThat(all)
                .containsEntry("accuracy.mean/with shortcut", 72.0)
                .containsEntry("seeds.finished/with shortcut", 3.0)
                .containsEntry("seeds.failed/with shortcut", 1.0)
                .containsEntry("accuracy.mean/without shortcut", 60.0)
                .containsEntry("runs.finished", 4.0)
                .containsEntry("runs.failed", 1.0)
                .doesNotContainKeys("accuracy.sd/without shortcut", "seeds.failed/without shortcut");
        assertThat(all.get("accuracy.sd/with shortcut")).isCloseTo(Math.sqrt(8), within(1e-12));
    }

    /** MLflow takes letters, digits and _ - . : / and spaces; / would be a folder. */
    @Test
    void levelsOfAnyFormBecomeNamesApart() {
        Map<String, Double> all = ParentMetrics.of(
                List.of(
                        row("a/b", 1, RunEnd.FINISHED, 1),
                        row("a,b", 1, RunEnd.FINISHED, 2),
                        row("größer als 3×3!", 1, RunEnd.FINISHED, 3),
                        row("x".repeat(400), 1, RunEnd.FINISHED, 4)),
                METRICS);
        assertThat(all)
                .containsEntry("accuracy.mean/shortcut a b", 1.0)
                .containsEntry("accuracy.mean/shortcut a b 2", 2.0)
                .containsEntry("accuracy.mean/shortcut größer als 3 3", 3.0);
        assertThat(all.keySet())
                .allMatch(name -> name.length() <= 250)
                .filteredOn(name -> name.startsWith("accuracy.mean/"))
                .hasSize(4);
    }
}
