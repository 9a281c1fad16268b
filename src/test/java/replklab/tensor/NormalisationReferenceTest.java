package replklab.tensor;

import static replklab.tensor.Inputs.wave;
import static replklab.tensor.References.assertClose;
import static replklab.tensor.References.numbers;

import org.junit.jupiter.api.Test;

/** Batch norm with a fused ReLU6 gives PyTorch's numbers; {@link References} has the preamble of the lines below. */
class NormalisationReferenceTest {
    private final Tensor x = wave(0.7, 2, 2, 2, 3).asParameter();
    private final Tensor gamma =
            wave(1.1, 3).scale(5).add(Tensor.full(2, 3)).copy().asParameter();
    private final Tensor beta = wave(1.3, 3).asParameter();
    private final BatchNormState state = new BatchNormState(gamma, beta, Tensor.zeros(3), Tensor.full(1, 3), 1e-5, 0.1);

    /**
     * Two steps, so that the running statistics move twice.
     *
     * <pre>{@code
     * x, b = wave(0.7, 2, 2, 2, 3), wave(1.3, 3)
     * g = (wave(1.1, 3) * 5 + 2).detach().requires_grad_()
     * mean, var = torch.zeros(3).double(), torch.ones(3).double()
     * for step in range(2):
     *     x.grad = g.grad = b.grad = None
     *     y = back(F.batch_norm(images(x), mean, var, g, b, True, 0.1, 1e-5)).clamp(0, 6); run(y)
     * print(y, x.grad, g.grad, b.grad, mean, var)
     * }</pre>
     */
    @Test
    void training() {
        train();
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.batchNorm(state, Activation.RELU6, true);
            References.run(tape, y);
            assertClose(
                    y,
                    numbers(
                            0, 6, 6, 2.24191, 3.082183, 0, 0, 0, 0, 0, 6, 6, 2.216354, 2.925015, 0, 0, 0, 0, 0, 6, 6,
                            2.190082, 2.766955, 0));
            assertClose(
                    x.gradient(),
                    numbers(
                            0.1538421,
                            0.6313818,
                            0,
                            1.684986,
                            -3.833173,
                            0,
                            -0.1113994,
                            0.1709281,
                            0,
                            0.158959,
                            0.6349962,
                            0,
                            -2.497468,
                            -6.997519,
                            0,
                            -0.1138705,
                            0.1718551,
                            0,
                            0.1640744,
                            0.6385581,
                            0,
                            0.560876,
                            8.582973,
                            0));
            assertClose(gamma.gradient(), numbers(-0.5527626, -0.1494347, 0));
            assertClose(beta.gradient(), numbers(-0.5031337, -0.3908303, 0));
            assertClose(state.runningMean(), numbers(0.02048961, 0.02295078, 0.01461784));
            assertClose(state.runningVariance(), numbers(0.9086003, 0.9025074, 0.9203483));
        }
    }

    /**
     * Goes on after the lines above.
     *
     * <pre>{@code
     * x.grad = g.grad = b.grad = None
     * y = back(F.batch_norm(images(x), mean, var, g, b, False, 0.1, 1e-5)).clamp(0, 6); run(y)
     * print(y, x.grad, g.grad, b.grad)
     * }</pre>
     */
    @Test
    void evaluation() {
        train();
        train();
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.batchNorm(state, Activation.RELU6, false);
            References.run(tape, y);
            assertClose(
                    y,
                    numbers(
                            0,
                            5.185541,
                            6,
                            1.768171,
                            3.08409,
                            0,
                            0,
                            0,
                            0,
                            0,
                            5.272315,
                            6,
                            1.750105,
                            2.976107,
                            0,
                            0,
                            0,
                            0,
                            0.02755621,
                            5.357828,
                            6,
                            1.731532,
                            2.867511,
                            0));
            assertClose(
                    x.gradient(),
                    numbers(
                            0,
                            5.323304,
                            0,
                            0.8967166,
                            -3.007264,
                            0,
                            0,
                            0,
                            0,
                            0,
                            2.800659,
                            0,
                            -2.058173,
                            -5.17826,
                            0,
                            0,
                            0,
                            0,
                            -0.9912227,
                            -6.687472,
                            0,
                            0.1057955,
                            5.529534,
                            0));
            assertClose(gamma.gradient(), numbers(-0.4433851, -0.02540994, 0));
            assertClose(beta.gradient(), numbers(-0.9755556, -0.1794499, 0));
            assertClose(state.runningMean(), numbers(0.02048961, 0.02295078, 0.01461784));
        }
    }

    private void train() {
        try (Tape tape = Tape.training(0)) {
            References.run(tape, x.batchNorm(state, Activation.RELU6, true));
        }
    }
}
