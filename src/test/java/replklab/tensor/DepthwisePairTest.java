package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static replklab.tensor.Inputs.uniform;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.conv.TextbookDepthwise;

/** A large and a small kernel on one input: the same as two convolutions, however much of their outputs is used. */
class DepthwisePairTest {
    private final Tensor x = uniform(1, 2, 5, 7, 3);
    private final Tensor large = uniform(2, 7, 7, 3);
    private final Tensor small = uniform(3, 3, 3, 3);

    /** Small maps are convolved directly; on large ones with large kernels both may share the Fourier transforms. */
    @ParameterizedTest
    @CsvSource({"2, 5, 7, 3, 7, 3", "2, 40, 44, 19, 31, 5", "1, 60, 33, 4, 13, 3", "1, 14, 14, 40, 13, 13"})
    void equalsTwoTextbookConvolutions(int batch, int height, int width, int channels, int kernel, int smallKernel) {
        Tensor input = uniform(1, batch, height, width, channels).asParameter();
        Tensor one = uniform(2, kernel, kernel, channels).asParameter();
        Tensor two = uniform(3, smallKernel, smallKernel, channels).asParameter();
        Tensor dyOne = uniform(4, batch, height, width, channels);
        Tensor dyTwo = uniform(5, batch, height, width, channels);
        TextbookDepthwise first = textbook(input, one, dyOne);
        TextbookDepthwise second = textbook(input, two, dyTwo);
        try (Tape tape = Tape.training(0)) {
            Tensor[] pair = input.depthwisePair(one, two);
            close(pair[0], first.y);
            close(pair[1], second.y);
            tape.backward(
                    pair[0].multiply(dyOne).sum().add(pair[1].multiply(dyTwo).sum()));
            close(one.gradient(), first.dw);
            close(two.gradient(), second.dw);
            for (int i = 0; i < first.dx.length; i++) {
                first.dx[i] += second.dx[i];
            }
            close(input.gradient(), first.dx);
        }
    }

    private static TextbookDepthwise textbook(Tensor x, Tensor w, Tensor dy) {
        return new TextbookDepthwise(
                ConvolutionOperation.shape(x, w.size(0), 1, 1), x.memory(), w.memory(), null, dy.memory());
    }

    /** Errors count relative to the largest number. */
    private static void close(Tensor tensor, double... expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        float[] values = tensor.toArray();
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i]).isCloseTo(expected[i], within(1e-5 * largest));
        }
    }

    @Test
    void differentiatesWhicheverOutputsAreUsed() {
        GradientCheck.of(t -> both(t[0].depthwisePair(t[1], t[2])), x.copy(), large.copy(), small.copy())
                .holds();
        GradientCheck.of(t -> t[0].depthwisePair(t[1], small)[0], x.copy(), large.copy())
                .holds();
        GradientCheck.of(t -> t[0].depthwisePair(large, t[1])[1], x.copy(), small.copy())
                .holds();
    }

    @Test
    void theKernelWhoseOutputIsUnusedHasNoGradient() {
        Tensor first = large.copy().asParameter();
        Tensor second = small.copy().asParameter();
        try (Tape tape = Tape.training(0)) {
            tape.backward(x.depthwisePair(first, second)[1].sum());
            assertThat(first.gradientOrNull()).isNull();
            assertThat(second.gradientOrNull()).isNotNull();
        }
    }

    private static Tensor both(Tensor[] pair) {
        return pair[0].add(pair[1].scale(3));
    }
}
