package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetricCheckTest {
    private static SortedMap<String, SortedMap<Long, Double>> points(Map<String, Map<Long, Double>> values) {
        SortedMap<String, SortedMap<Long, Double>> points = new TreeMap<>();
        values.forEach((name, each) -> points.put(name, new TreeMap<>(each)));
        return points;
    }

    @Test
    void theFirstStepThatDiffersIsFoundAndTimesDoNotCount() {
        List<MetricCheck> checks = MetricCheck.of(
                points(Map.of(
                        "loss", Map.of(1L, 2.0, 2L, 1.0, 3L, 0.5),
                        "nan", Map.of(1L, Double.NaN),
                        "missing", Map.of(4L, 1.0),
                        "images_per_second", Map.of(1L, 10.0),
                        "system/cpu_utilization_percentage", Map.of(1L, 10.0))),
                points(Map.of(
                        "loss", Map.of(1L, 2.0, 2L, Math.nextUp(1.0), 3L, 0.4),
                        "nan", Map.of(1L, Double.NaN),
                        "images_per_second", Map.of(1L, 11.0))),
                false);
        assertThat(checks)
                .extracting(MetricCheck::metric)
                .containsExactly("loss", "missing", "nan", "images_per_second", "system/cpu_utilization_percentage");
        assertThat(checks.get(0).firstDifference()).hasValue(2);
        assertThat(checks.get(1).firstDifference()).hasValue(4);
        assertThat(checks.get(2).isSame()).isTrue();
        assertThat(checks.get(3).timing() && checks.get(4).timing()).isTrue();
    }

    @Test
    void whereNothingCountsNothingIsCalledTheSame() {
        SortedMap<String, SortedMap<Long, Double>> times = points(Map.of("latency", Map.of(0L, 1.0)));
        assertThat(new Rerun.Outcome(null, MetricCheck.of(times, times, true)).isSame())
                .isFalse();
    }
}
