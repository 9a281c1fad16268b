package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;
import replklab.bench.Description;
import replklab.bench.Measured;
import replklab.bench.Memory;
import replklab.bench.Timing;

/** What an engine's counters become. */
class NetworkLatencyTest {
    private static Measured measured(Map<String, Double> layers, double... milliseconds) {
        return new Measured(
                "openvino", "1", "", Timing.of(milliseconds), new Description(Memory.UNKNOWN, "", layers), Map.of());
    }

    @Test
    void theShareIsTheEnginesOwnAndTheLatencyTheClocks() {
        Map<String, Double> layers = new LinkedHashMap<>();
        layers.put("pointwise", 60.0);
        layers.put("depthwise 31x31", 15.0);
        layers.put("depthwise 3x3", 5.0);
        layers.put("convolution 3x3", 12.0);
        layers.put("other", 8.0);
        NetworkLatency latency = new NetworkLatency("openvino", "replknet-31b", 4, 224, 0, 0);
        Map<String, Double> numbers = latency.numbers(measured(layers, 100, 80, 90));
        assertThat(numbers.get("depthwise_share")).isCloseTo(20, within(1e-9));
        assertThat(numbers.get("latency_ms")).isEqualTo(90);
        assertThat(numbers.get("throughput")).isCloseTo(4000 / 90.0, within(1e-9));
        assertThat(numbers.get("depthwise_ms")).isEqualTo(20);
        assertThat(numbers.get("pointwise_ms")).isEqualTo(60);
        assertThat(numbers.get("rest_ms")).isCloseTo(20, within(1e-9));
        latency.metrics().forEach(metric -> assertThat(numbers).containsKey(metric.key()));
    }

    /** An engine without counters has no share, which is no share of nothing. */
    @Test
    void withoutCountersTheShareIsNoNumber() {
        NetworkLatency latency = new NetworkLatency("torch", "replknet-31b", 1, 224, 0, 0);
        assertThat(latency.numbers(measured(Map.of(), 5)).get("depthwise_share"))
                .isNaN();
    }

    @Test
    void saysWhatCannotBeMeasured() {
        assertThatThrownBy(() -> new NetworkLatency("ours", "swin-b", 1, 224, 0, 0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("network is swin-b, which the library has not");
        assertThatThrownBy(() -> new NetworkLatency("torch", "swin-b", 1, 100, 0, 0))
                .hasMessageContaining("resolution is 100; swin-b takes multiples of 32");
        assertThatThrownBy(() -> new NetworkLatency("opnvino", "replknet-31b", 1, 224, 0, 0))
                .hasMessageContaining("unknown implementation 'opnvino'; did you mean openvino?");
        assertThatThrownBy(() -> new NetworkLatency("torch", "replknet-31", 1, 224, 0, 0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("replknet-31");
        assertThatThrownBy(() -> new NetworkLatency("torch", "replknet-31b", 0, 224, 0, 0))
                .hasMessageContaining("batch is 0");
    }

    /** ND4J computes one layer for one image, which counts as often as there are layers and images. */
    @Test
    void whatNd4jDoesOnceCountsForAllLayersAndImages() {
        DepthwiseLayers nd4j = new DepthwiseLayers("nd4j", 24, 4, 64, 16, 3, 0, 0);
        DepthwiseLayers torch = new DepthwiseLayers("torch", 24, 4, 64, 16, 3, 0, 0);
        assertThat(nd4j.what().images()).isEqualTo(1);
        assertThat(torch.what().images()).isEqualTo(4);
        assertThat(nd4j.numbers(measured(Map.of(), 2)).get("latency_ms")).isEqualTo(2 * 24 * 4);
        assertThat(torch.numbers(measured(Map.of(), 2)).get("latency_ms")).isEqualTo(2);
        // Valid products of 3x3 on 16 pixels: (3 * 16 - 2)^2 a map.
        assertThat(torch.numbers(measured(Map.of(), 2)).get("gflops"))
                .isCloseTo(2e-6 * 24 * 4 * 64 * 46 * 46 / 2, within(1e-9));
        assertThat(nd4j.facts(measured(Map.of(), 2)).get("valid_macs"))
                .isEqualTo(torch.facts(measured(Map.of(), 2)).get("valid_macs"));
    }
}
