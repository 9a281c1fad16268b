package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** The optimisers against sequences computed by hand: a weight that is decayed, a bias that is not. */
class OptimiserTest {
    private static final Offset<Float> EXACT = within(2e-6f);

    private final Tensor weight = Tensor.full(1, 1, 2).asParameter();
    private final Tensor bias = Tensor.full(1, 2).asParameter();
    private final Map<String, Tensor> parameters = new LinkedHashMap<>(Map.of("weight", weight, "bias", bias));

    /** One step with this gradient everywhere. */
    private void step(Optimiser optimiser, float gradient, double rate, double scale) {
        try (Tape tape = Tape.training(0)) {
            tape.backward(weight.sum().add(bias.sum()).scale(gradient));
            optimiser.step(rate, scale);
        }
    }

    private void expect(double weightValue, double biasValue) {
        for (float value : weight.toArray()) {
            assertThat(value).isCloseTo((float) weightValue, EXACT);
        }
        for (float value : bias.toArray()) {
            assertThat(value).isCloseTo((float) biasValue, EXACT);
        }
    }

    @Test
    void sgdFollowsItsFormula() {
        Sgd sgd = new Sgd(parameters, 0.9, 0.1);
        step(sgd, 2, 0.5, 1);
        expect(1 - 0.5 * 2.1, 1 - 0.5 * 2); // v = 2 + 0.1 * 1, and 2 for the bias
        step(sgd, 2, 0.5, 1);
        expect(-0.05 - 0.5 * (0.9 * 2.1 + 2 - 0.1 * 0.05), 0 - 0.5 * (0.9 * 2 + 2));
        step(sgd, 2, 0, 1);
        expect(-1.9925, -1.9);
    }

    @Test
    void adamWFollowsItsFormula() {
        AdamW adam = new AdamW(parameters, 0.1);
        step(adam, 2, 0.5, 1);
        // m = 0.2, v = 0.004; without bias 2 and 4: a step of one rate. The weight first shrinks by 0.5 * 0.1.
        expect(0.95 - 0.5, 1 - 0.5);
        step(adam, -1, 0.5, 1);
        // m = 0.9 * 0.2 - 0.1 = 0.08, v = 0.999 * 0.004 + 0.001 = 0.004996.
        double update = 0.08 / 0.19 / Math.sqrt(0.004996 / 0.001999);
        expect(0.45 * 0.95 - 0.5 * update, 0.5 - 0.5 * update);
    }

    @Test
    void adamWGoesOnFromItsState() {
        AdamW whole = new AdamW(parameters, 0.1);
        step(whole, 2, 0.5, 1);
        Map<String, float[]> kept = new LinkedHashMap<>();
        whole.state().forEach((name, tensor) -> kept.put(name, tensor.toArray()));
        float[] weightKept = weight.toArray();
        float[] biasKept = bias.toArray();
        step(whole, -1, 0.5, 1);
        float[] expected = weight.toArray();

        weight.assign(weightKept);
        bias.assign(biasKept);
        AdamW resumed = new AdamW(parameters, 0.1);
        resumed.state().forEach((name, tensor) -> tensor.assign(kept.get(name)));
        resumed.resumeAt(1);
        step(resumed, -1, 0.5, 1);
        assertThat(weight.toArray()).containsExactly(expected);
        assertThat(kept.keySet())
                .containsExactlyInAnyOrder("weight.exp_avg", "bias.exp_avg", "weight.exp_avg_sq", "bias.exp_avg_sq");
    }

    @Test
    void theScaleIsOfTheGradientAlone() {
        step(new Sgd(parameters, 0, 0.1), 4, 0.5, 0.25);
        expect(1 - 0.5 * 1.1, 1 - 0.5 * 1);
    }

    @Test
    void theNormIsOverAllGradients() {
        Optimiser sgd = new Sgd(parameters, 0, 0);
        try (Tape tape = Tape.training(0)) {
            tape.backward(weight.sum().scale(3).add(bias.sum().scale(4)));
            assertThat(sgd.gradientNorm()).isCloseTo(Math.sqrt(2 * 9 + 2 * 16), within(1e-6));
        }
    }

    @Test
    void whatHasNoGradientStays() {
        Optimiser sgd = new Sgd(parameters, 0.9, 0.1);
        try (Tape tape = Tape.training(0)) {
            tape.backward(bias.sum());
            assertThat(sgd.gradientNorm()).isCloseTo(Math.sqrt(2), within(1e-6));
            sgd.step(1, 1);
        }
        expect(1, 0);
    }

    /** A merged network is a copy: the optimiser of the one it was made from would train nothing. */
    @Test
    void anOptimiserOfMergedParametersIsTold() {
        RepLKNetConfig config = new RepLKNetConfig(List.of(5), List.of(1), List.of(4), 3, 1, 2, 0, 3, 4);
        RepLKNet network = new RepLKNet(config, new SplittableRandom(1));
        Optimiser old = new Sgd(network.parameters(), 0, 0);
        RepLKNet merged = network.merged();
        assertThatThrownBy(() -> step(merged, old))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("still holds 6 parameters that were merged")
                .hasMessageContaining("stages.0.blocks.0.large_kernel.lkb_origin.conv.weight")
                .hasMessageContaining("parameters() of the merged network");
        assertThat(step(network, old))
                .as("the network itself may be trained on")
                .isTrue();
        assertThat(step(merged, new Sgd(merged.parameters(), 0, 0))).isTrue();
    }

    /** One step; whether it moved the last weight. */
    private static boolean step(RepLKNet network, Optimiser optimiser) {
        Tensor weight = network.parameters().get("head.weight");
        float[] before = weight.toArray();
        network.train(true);
        try (Tape tape = Tape.training(1)) {
            Tensor x = Tensor.normal(new SplittableRandom(2), 1, 2, 32, 32, 3);
            tape.backward(network.forward(x).crossEntropy(Targets.labels(0, 1)));
            optimiser.step(0.1, 1);
        }
        return !Arrays.equals(weight.toArray(), before);
    }
}
