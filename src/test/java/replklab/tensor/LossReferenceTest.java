package replklab.tensor;

import static replklab.tensor.Inputs.wave;
import static replklab.tensor.References.assertClose;
import static replklab.tensor.References.numbers;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Softmax cross-entropy gives PyTorch's numbers; {@link References} has the preamble of the lines below.
 *
 * <pre>{@code
 * def check(target, **options):
 *     x = wave(0.7, 3, 4)
 *     loss = F.cross_entropy(3 * x, target, **options); loss.backward()
 *     print(loss, x.grad)
 * labels = torch.tensor([2, 255, 0])
 * soft = torch.tensor([[.1, .2, .3, .4], [0, 1, 0, 0], [.5, 0, 0, .5]]).double()
 * }</pre>
 */
class LossReferenceTest {
    private final Tensor x = wave(0.7, 3, 4).asParameter();
    private final Targets soft = Targets.distribution(0.1f, 0.2f, 0.3f, 0.4f, 0, 1, 0, 0, 0.5f, 0, 0, 0.5f);

    /** {@code check(torch.tensor([2, 3, 0]))}. */
    @Test
    void labels() {
        check(
                Targets.labels(2, 3, 0),
                3.358037,
                numbers(
                        0.0247156,
                        0.1707307,
                        -0.5247771,
                        0.3293308,
                        0.8519355,
                        0.1088746,
                        0.02282415,
                        -0.9836343,
                        -0.9945795,
                        0.03788005,
                        0.2585121,
                        0.6981874));
    }

    /** {@code check(torch.tensor([2, 3, 0]), label_smoothing=0.1)}. */
    @Test
    void labelSmoothing() {
        check(
                Targets.labels(2, 3, 0).smoothed(0.1),
                3.253866,
                numbers(
                        -0.0002843991,
                        0.1457307,
                        -0.4497771,
                        0.3043308,
                        0.8269355,
                        0.0838746,
                        -0.002175852,
                        -0.9086343,
                        -0.9195795,
                        0.01288005,
                        0.2335121,
                        0.6731874));
    }

    /** {@code check(labels, label_smoothing=0.1, ignore_index=255)}. */
    @Test
    void ignoredRows() {
        check(
                Targets.labels(2, 255, 0).ignoring(255).smoothed(0.1),
                2.901765,
                numbers(
                        -0.0004265987,
                        0.2185961,
                        -0.6746657,
                        0.4564962,
                        0,
                        0,
                        0,
                        0,
                        -1.379369,
                        0.01932007,
                        0.3502682,
                        1.009781));
    }

    /** {@code check(soft)}. */
    @Test
    void distribution() {
        check(
                soft,
                2.132338,
                numbers(
                        -0.0752844,
                        -0.02926926,
                        0.1752228,
                        -0.07066918,
                        0.8519355,
                        -0.8911254,
                        0.02282415,
                        0.01636571,
                        -0.4945795,
                        0.03788005,
                        0.2585121,
                        0.1981874));
    }

    /** {@code check(soft, label_smoothing=0.2)}. */
    @Test
    void smoothedDistribution() {
        check(
                soft.smoothed(0.2),
                2.169136,
                numbers(
                        -0.1052844,
                        -0.03926926,
                        0.1852228,
                        -0.04066919,
                        0.8019355,
                        -0.7411254,
                        -0.02717585,
                        -0.03363429,
                        -0.4445795,
                        -0.01211995,
                        0.2085121,
                        0.2481874));
    }

    /**
     * <pre>{@code
     * x = wave(0.7, 1, 2, 2, 3)
     * loss = F.cross_entropy(images(x), torch.tensor([[[0, 255], [2, 1]]]), ignore_index=255); loss.backward()
     * print(loss, x.grad)
     * }</pre>
     */
    @Test
    void everyPixel() {
        Tensor image = wave(0.7, 1, 2, 2, 3).asParameter();
        try (Tape tape = Tape.training(0)) {
            Tensor loss = image.crossEntropy(Targets.labels(0, 255, 2, 1).ignoring(255));
            tape.backward(loss);
            assertClose(loss, numbers(1.234572));
            assertClose(
                    image.gradient(),
                    numbers(
                            -0.2736338,
                            0.1136976,
                            0.1599361,
                            0,
                            0,
                            0,
                            0.1052623,
                            0.09421495,
                            -0.1994773,
                            0.06018664,
                            -0.2191708,
                            0.1589842));
        }
    }

    private void check(Targets targets, double loss, List<Float> gradient) {
        try (Tape tape = Tape.training(0)) {
            Tensor actual = x.scale(3).crossEntropy(targets);
            tape.backward(actual);
            assertClose(actual, numbers(loss));
            assertClose(x.gradient(), gradient);
        }
    }
}
