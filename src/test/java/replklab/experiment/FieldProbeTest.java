package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import replklab.analysis.ContributionScore;
import replklab.analysis.EffectiveReceptiveField;
import replklab.analysis.ImageSource;
import replklab.data.DatasetSpec;
import replklab.data.Datasets;
import replklab.data.TrainTest;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;

/** The receptive field as an experiment asks for it. */
class FieldProbeTest {
    private static final TrainTest DATA = Datasets.open(new DatasetSpec("fashion-mnist", null, 0, 10, 20), 0);

    private static RepLKNet network(int kernel, int layers) {
        RepLKNet network = new RepLKNet(
                new RepLKNetConfig(List.of(kernel), List.of(layers), List.of(8), 0, 1, 2, 0, 1, 10),
                new SplittableRandom(1));
        network.train(false);
        return network;
    }

    @Test
    void isThatOfImagesSpreadOverTheData() {
        RepLKNet network = network(3, 1);
        ContributionScore expected = EffectiveReceptiveField.of(network)
                .score(ImageSource.of(DatasetImages.of(DATA.test(), IntStream.of(0, 4, 8, 12, 16))));
        Map<String, Double> metrics = new FieldProbe(5).ask(network, DATA);
        assertThat(metrics).containsEntry("erf_radius", expected.radius());
        assertThat(metrics.get("erf_area")).isCloseTo(100 * expected.area(0.5).ratio(), within(1e-9));
        assertThat(metrics.get("erf_area_99"))
                .isCloseTo(100 * expected.area(0.99).ratio(), within(1e-9));
        assertThat(metrics.keySet())
                .containsExactlyElementsOf(new FieldProbe(5)
                        .metrics().stream().map(metric -> metric.key()).toList());
    }

    @Test
    void growsWithTheKernel() {
        Map<Integer, Double> radius = new LinkedHashMap<>();
        List.of(3, 7)
                .forEach(kernel -> radius.put(
                        kernel, new FieldProbe(20).ask(network(kernel, 1), DATA).get("erf_radius")));
        assertThat(radius.get(7)).isGreaterThan(radius.get(3));
    }
}
