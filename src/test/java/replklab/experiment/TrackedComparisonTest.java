package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import replklab.stats.ComparedRun;
import replklab.stats.RunComparison;

class TrackedComparisonTest {
    @Test
    void aVariantsNameBecomesItsFactors() {
        assertThat(TrackedComparison.variant("shortcut=with kernel=13"))
                .containsExactly(Map.entry("shortcut", "with"), Map.entry("kernel", "13"));
        assertThat(TrackedComparison.variant("network=small and slow kernels=31-29-27-13"))
                .containsExactly(Map.entry("network", "small and slow"), Map.entry("kernels", "31-29-27-13"));
    }

    @Test
    void aNameOfAnotherFormIsOneLevel() {
        assertThat(TrackedComparison.variant("kernels 3-3-3-3"))
                .containsExactly(Map.entry("variant", "kernels 3-3-3-3"));
    }

    @Test
    void theMetricIsTheExperimentsOwnWhereItHasOne() {
        RunComparison latencies = runsWith("latency_ms", "gflops");
        assertThat(TrackedComparison.metric(latencies, List.of("dw-efficiency"), null)
                        .unit())
                .isEqualTo("ms");
        assertThat(TrackedComparison.metric(latencies, List.of("of somebody else"), null)
                        .key())
                .isEqualTo("gflops");
        assertThat(TrackedComparison.metric(runsWith("accuracy"), List.of("of somebody else"), null))
                .isEqualTo(Reports.ACCURACY);
        assertThat(TrackedComparison.metric(latencies, List.of("of somebody else"), "latency_ms")
                        .label())
                .isEqualTo("latency ms");
    }

    @Test
    void whateverIsConfiguredTellsSettingsApart() {
        Map<String, String> params = Map.of("training.epochs", "2", "kernel", "3", "seed", "1", "parameters", "888");
        Map<String, String> variant = Map.of("kernel", "3");
        String settings = TrackedComparison.settings(params, variant);
        for (String key : List.of(
                "model.width",
                "measure.batch",
                "data.name",
                "training.epochs",
                "finetune.training.epochs",
                "evaluate.cost",
                "kernel")) {
            Map<String, String> other = new TreeMap<>(params);
            other.put(key, "4");
            assertThat(TrackedComparison.settings(other, variant)).as(key).isNotEqualTo(settings);
        }
        Map<String, String> anotherRun = new TreeMap<>(params);
        anotherRun.putAll(Map.of("seed", "2", "parameters", "999"));
        assertThat(TrackedComparison.settings(anotherRun, variant)).isEqualTo(settings);
        assertThat(TrackedComparison.settings(Map.of("mine", "1"), variant)).isEmpty();
    }

    /** What older versions logged of one run, and what this one does. */
    @Test
    void runsOfOlderVersionsHaveTheSameSettings() {
        Map<String, String> variant = Map.of("shortcut", "with", "kernel", "3");
        Map<String, String> before = Map.of(
                "shortcut", "with", "kernel", "3", "model.shortcut", "true", "model.kernel", "3", "model.width", "1");
        Map<String, String> now = Map.of("shortcut", "true", "kernel", "3", "model.width", "1");
        assertThat(TrackedComparison.settings(now, variant)).isEqualTo(TrackedComparison.settings(before, variant));
        Map<String, String> measuredBefore =
                Map.of("kernel", "3", "measure.kernel", "3", "measure.name", "conv", "shortcut", "with");
        Map<String, String> measured = Map.of("kernel", "3", "measure.name", "conv");
        assertThat(TrackedComparison.settings(measured, Map.of("kernel", "3")))
                .isEqualTo(TrackedComparison.settings(measuredBefore, Map.of("kernel", "3")));
    }

    private static RunComparison runsWith(String... metrics) {
        Map<String, Double> values = new TreeMap<>();
        for (String metric : metrics) {
            values.put(metric, 1.0);
        }
        return new RunComparison(List.of(new ComparedRun(
                "x", "full", "", "", Map.of("kernel", "3"), 1, "FINISHED", values, Instant.EPOCH, "id")));
    }
}
