package replklab.tensor;

import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;

/** The gradient of whole blocks, through every kind of branch, equals finite differences. */
class BlockGradientTest {
    private static final int CHANNELS = 5;

    /** A RepLK block (figure 2 of the paper) and its feed-forward block, the large kernel with a parallel small one. */
    @Test
    void repLkBlock() {
        GradientCheck.of(
                        t -> {
                            Tensor h = norm(t[0], t[1], t[2], Activation.NONE).pointwise(t[3], null);
                            h = norm(h, t[1], t[2], Activation.NONE).gelu();
                            Tensor large = norm(h.depthwise(t[4], null, 1, 1), t[1], t[2], Activation.NONE);
                            Tensor small = norm(h.depthwise(t[5], null, 1, 1), t[1], t[2], Activation.NONE);
                            Tensor y = t[0].add(large.add(small).gelu().pointwise(t[6], null));
                            Tensor feedForward = norm(y, t[1], t[2], Activation.NONE)
                                    .pointwise(t[7], t[8])
                                    .gelu()
                                    .pointwise(t[9], null);
                            return y.add(feedForward.dropPath(0.3));
                        },
                        uniform(1, 3, 6, 4, CHANNELS),
                        between(2, 0.5, 1.5, CHANNELS),
                        uniform(3, CHANNELS),
                        uniform(4, CHANNELS, CHANNELS),
                        uniform(5, 13, 13, CHANNELS),
                        uniform(6, 5, 5, CHANNELS),
                        uniform(7, CHANNELS, CHANNELS),
                        uniform(8, 4 * CHANNELS, CHANNELS),
                        uniform(9, 4 * CHANNELS),
                        uniform(10, CHANNELS, 4 * CHANNELS))
                .tolerance(2e-3)
                .holds();
    }

    /** MobileNetV2's block with a squeeze-and-excitation gate. */
    @Test
    void invertedResidual() {
        int hidden = 3 * CHANNELS;
        GradientCheck.of(
                        t -> {
                            Tensor h = norm(t[0].pointwise(t[1], null), t[2], t[3], Activation.RELU6);
                            h = norm(h.depthwise(t[4], null, 1, 1), t[2], t[3], Activation.RELU6);
                            h = h.gate(
                                    h.globalAveragePool().pointwise(t[5], t[6]).sigmoid());
                            return t[0].add(h.pointwise(t[7], null));
                        },
                        uniform(1, 2, 5, 4, CHANNELS),
                        uniform(2, hidden, CHANNELS),
                        between(3, 2, 4, hidden),
                        uniform(4, hidden),
                        uniform(5, 3, 3, hidden),
                        uniform(6, hidden, hidden),
                        uniform(7, hidden),
                        uniform(8, CHANNELS, hidden))
                .step(1.0 / 1024)
                .tolerance(5e-3)
                .withKinks()
                .holds();
    }

    private static Tensor norm(Tensor x, Tensor gamma, Tensor beta, Activation clamp) {
        int channels = gamma.size(0);
        Tensor mean = Tensor.zeros(channels);
        Tensor variance = Tensor.full(1, channels);
        return x.batchNorm(new BatchNormState(gamma, beta, mean, variance, 1e-5, 0.1), clamp, true);
    }
}
