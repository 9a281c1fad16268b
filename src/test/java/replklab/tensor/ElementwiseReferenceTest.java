package replklab.tensor;

import static replklab.tensor.Inputs.wave;
import static replklab.tensor.References.assertClose;
import static replklab.tensor.References.numbers;

import org.junit.jupiter.api.Test;

/**
 * Activations at ordinary and at extreme values, and bilinear resizing, give PyTorch's numbers; {@link References} has the
 * preamble of the lines below.
 */
class ElementwiseReferenceTest {
    private final Tensor x = Tensor.of(
                    new float[] {-1e30f, -100, -20, -10, -5, -3, -1, -0.1f, 0, 0.1f, 1, 3, 6, 10, 20, 100, 1e30f}, 17)
            .asParameter();

    /**
     * <pre>{@code
     * v = [-1e30, -100, -20, -10, -5, -3, -1, -.1, 0, .1, 1, 3, 6, 10, 20, 100, 1e30]
     * x = torch.tensor(v).double().requires_grad_()
     * y = F.gelu(x); y.sum().backward()
     * print(y, x.grad)
     * }</pre>
     */
    @Test
    void gelu() {
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.gelu();
            tape.keep(y);
            tape.backward(y.sum());
            assertClose(
                    y,
                    numbers(
                            0,
                            0,
                            0,
                            0,
                            -1.433258e-06,
                            -0.004049694,
                            -0.1586553,
                            -0.04601722,
                            0,
                            0.05398278,
                            0.8413447,
                            2.99595,
                            6,
                            10,
                            20,
                            100,
                            1e+30),
                    5e-7);
            assertClose(
                    x.gradient(),
                    numbers(
                            0,
                            0,
                            -1.10419e-86,
                            -7.694599e-22,
                            -7.146946e-06,
                            -0.01194565,
                            -0.08331547,
                            0.4204769,
                            0.5,
                            0.5795231,
                            1.083315,
                            1.011946,
                            1,
                            1,
                            1,
                            1,
                            1),
                    5e-7);
        }
    }

    /** As for GELU, with {@code torch.sigmoid(x)}. */
    @Test
    void sigmoid() {
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.sigmoid();
            tape.keep(y);
            tape.backward(y.sum());
            assertClose(
                    y,
                    numbers(
                            0,
                            3.720076e-44,
                            2.061154e-09,
                            4.539787e-05,
                            0.006692851,
                            0.04742587,
                            0.2689414,
                            0.4750208,
                            0.5,
                            0.5249792,
                            0.7310586,
                            0.9525741,
                            0.9975274,
                            0.9999546,
                            1,
                            1,
                            1),
                    2e-7);
            assertClose(
                    x.gradient(),
                    numbers(
                            0,
                            3.720076e-44,
                            2.061154e-09,
                            4.539581e-05,
                            0.006648057,
                            0.04517666,
                            0.1966119,
                            0.249376,
                            0.25,
                            0.249376,
                            0.1966119,
                            0.04517666,
                            0.002466509,
                            4.539581e-05,
                            2.061154e-09,
                            0,
                            0),
                    2e-7);
        }
    }

    /** As for GELU, with {@code F.relu6(x)}; at the kinks the gradient is zero, too. */
    @Test
    void relu6() {
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.relu6();
            tape.keep(y);
            tape.backward(y.sum());
            assertClose(y, numbers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0.1, 1, 3, 6, 6, 6, 6, 6), 0);
            assertClose(x.gradient(), numbers(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0), 0);
        }
    }

    /**
     * <pre>{@code
     * for size in (5, 4), (2, 1):
     *     x = wave(0.7, 1, 3, 2, 1)
     *     y = back(F.interpolate(images(x), size, mode="bilinear", align_corners=False)); run(y)
     *     print(y, x.grad)
     * }</pre>
     */
    @Test
    void resizeBilinear() {
        Tensor image = wave(0.7, 1, 3, 2, 1).asParameter();
        try (Tape tape = Tape.training(0)) {
            Tensor y = image.resizeBilinear(5, 4);
            References.run(tape, y);
            assertClose(
                    y,
                    numbers(
                            0,
                            0.1610544,
                            0.4831633,
                            0.6442177,
                            0.3941799,
                            0.4785885,
                            0.6474057,
                            0.7318143,
                            0.9854497,
                            0.9548896,
                            0.8937695,
                            0.8632094,
                            0.5951728,
                            0.480083,
                            0.2499036,
                            0.1348138,
                            0.3349881,
                            0.1635453,
                            -0.1793404,
                            -0.3507832));
            assertClose(
                    image.gradient(), numbers(0.009641606, 0.8693121, 0.4589639, 0.02657096, 0.2186968, -0.8560928));
        }
        try (Tape tape = Tape.training(0)) {
            Tensor y = image.resizeBilinear(2, 1);
            References.run(tape, y);
            assertClose(y, numbers(0.472664, 0.2251592));
            assertClose(image.gradient(), numbers(0, 0, 0.09791587, 0.09791587, 0.2937476, 0.2937476));
        }
    }
}
