package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;
import replklab.weights.Safetensors;
import replklab.weights.Weights;

/** RepLKNet beside the authors' PyTorch model, which ran in double precision. */
class ParityTest {
    /** Of an array's largest element. */
    private static final double TOLERANCE = 1e-4;

    /** What rounding makes of a zero in double precision; the other gradients are above {@link #SMALLEST}. */
    private static final double ZERO = 1e-12;

    private static final double SMALLEST = 1e-2;

    private static RepLKNet network() {
        RepLKNet network = Checkpoints.load(Reference.file("weights.pth"));
        assertThat(network.config()).isEqualTo(Reference.CONFIG);
        return network;
    }

    private static void assertClose(String what, float[] expected, float[] actual) {
        assertClose(what, expected, actual, largest(expected));
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static void assertClose(String what, float[] expected, float[] actual, double scale) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs((double) expected[i] - actual[i]);
            worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
        }
        assertThat(worst / scale).as(what).isLessThan(TOLERANCE);
    }

    @Test
    void everyFormHasTheAuthorsLogitsAndFeatures() {
        RepLKNet network = network();
        RepLKNet merged = network.merged();
        Tensor x = Reference.images("input.npy");
        float[] features = Reference.images("features-eval.npy").toArray();
        assertClose("features", features, network.features(x).toArray());
        assertClose("merged features", features, merged.features(x).toArray());
        float[] logits = Reference.rows("logits-eval.npy").toArray();
        assertClose("logits", logits, network.forward(x).toArray());
        assertClose("merged logits", logits, merged.forward(x).toArray());
        assertClose("folded logits", logits, network.folded().forward(x).toArray());
        assertClose(
                "merged and folded logits", logits, merged.folded().forward(x).toArray());
    }

    @Test
    void mergedWeightsAreTheAuthors() {
        Map<String, Safetensors.Entry> expected = Reference.weights("merged.safetensors");
        RepLKNet merged = network().merged();
        assertThat(merged.state().keySet()).isEqualTo(expected.keySet());
        merged.state().forEach((name, variable) -> {
            Safetensors.Entry entry = Weights.entry(variable, variable.tensor());
            assertThat(entry.shape())
                    .as(name)
                    .containsExactly(expected.get(name).shape());
            assertClose(name, expected.get(name).values(), entry.values());
        });
    }

    @Test
    void aTrainingStepHasTheAuthorsLossGradientsAndStatistics() {
        RepLKNet network = network();
        network.train(true);
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (Tape tape = Tape.training(1)) {
            Tensor logits = network.forward(Reference.images("input.npy"));
            assertClose("logits", Reference.rows("logits-train.npy").toArray(), logits.toArray());
            Tensor loss = logits.crossEntropy(Targets.labels(Reference.labels()).smoothed(Reference.LABEL_SMOOTHING));
            assertThat((double) loss.item())
                    .isCloseTo(Reference.TRAINING_LOSS, within(TOLERANCE * Reference.TRAINING_LOSS));
            tape.backward(loss);
            network.state().forEach((name, variable) -> {
                if (variable.tensor().isParameter()) {
                    gradients.put(
                            name,
                            Weights.entry(variable, variable.tensor().gradient())
                                    .values());
                }
            });
        }
        Map<String, Safetensors.Entry> expected = Reference.weights("grads-train.safetensors");
        assertThat(gradients.keySet()).isEqualTo(expected.keySet());
        int zeros = 0;
        for (Map.Entry<String, float[]> gradient : gradients.entrySet()) {
            float[] reference = expected.get(gradient.getKey()).values();
            // The norm after a shift takes it away again: the gradient is zero but for rounding, there as here.
            boolean zero = largest(reference) < ZERO;
            zeros += zero ? 1 : 0;
            double scale = zero ? SMALLEST : largest(reference);
            assertThat(scale).isGreaterThanOrEqualTo(SMALLEST);
            assertClose("gradient of " + gradient.getKey(), reference, gradient.getValue(), scale);
        }
        assertThat(zeros).as("shifts before norms").isEqualTo(20);
        Map<String, Safetensors.Entry> statistics = Reference.weights("bn-after-train.safetensors");
        statistics.forEach((name, entry) -> assertClose(
                name, entry.values(), network.state().get(name).tensor().toArray()));
    }
}
