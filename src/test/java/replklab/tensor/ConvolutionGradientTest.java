package replklab.tensor;

import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The convolutions' gradients equal finite differences. They are linear in each input, so a large step is exact. */
class ConvolutionGradientTest {
    private static final double STEP = 0.25;

    @ParameterizedTest
    @CsvSource({"5, 3, 7", "1, 1, 1", "40, 17, 33", "700, 8, 5", "1100, 3, 20"})
    void pointwise(int rows, int in, int out) {
        Tensor x = uniform(1, rows, in);
        Tensor w = uniform(2, out, in);
        Tensor bias = uniform(3, out);
        GradientCheck.of(t -> t[0].pointwise(t[1], t[2]), x, w, bias).step(STEP).holds();
        GradientCheck.of(t -> t[0].pointwise(t[1], null), x, w).step(STEP).holds();
    }

    @Test
    void pointwiseOnImages() {
        GradientCheck.of(t -> t[0].pointwise(t[1], t[2]), uniform(1, 2, 5, 3, 9), uniform(2, 4, 9), uniform(3, 4))
                .step(STEP)
                .holds();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 3",
        "1, 2, 1, 3",
        "3, 1, 1, 17",
        "3, 2, 1, 5",
        "3, 1, 3, 5",
        "3, 2, 3, 16",
        "5, 1, 1, 40",
        "5, 2, 1, 3",
        "5, 1, 3, 3",
        "5, 2, 3, 3",
        "13, 1, 1, 8",
        "13, 2, 1, 8",
        "13, 1, 3, 3",
        "13, 2, 3, 3"
    })
    void depthwise(int kernel, int stride, int dilation, int channels) {
        Tensor x = uniform(1, 2, 9, 6, channels);
        Tensor w = uniform(2, kernel, kernel, channels);
        Tensor bias = uniform(3, channels);
        GradientCheck.of(t -> t[0].depthwise(t[1], t[2], stride, dilation), x, w, bias)
                .step(STEP)
                .holds();
        GradientCheck.of(t -> t[0].depthwise(t[1], null, stride, dilation), x, w)
                .step(STEP)
                .holds();
    }

    @ParameterizedTest
    @CsvSource({"3, 1, 1, 3, 8", "3, 2, 1, 3, 5", "5, 1, 2, 2, 3", "1, 2, 1, 4, 3", "3, 2, 2, 17, 9"})
    void convolution(int kernel, int stride, int dilation, int in, int out) {
        Tensor x = uniform(1, 3, 8, 7, in);
        Tensor w = uniform(2, out, kernel, kernel, in);
        Tensor bias = uniform(3, out);
        GradientCheck.of(t -> t[0].convolution(t[1], t[2], stride, dilation), x, w, bias)
                .step(STEP)
                .holds();
        GradientCheck.of(t -> t[0].convolution(t[1], null, stride, dilation), x, w)
                .step(STEP)
                .holds();
    }

    @Test
    void convolutionOfMoreImagesThanPartialSums() {
        GradientCheck.of(t -> t[0].convolution(t[1], null, 1, 1), uniform(1, 11, 4, 4, 2), uniform(2, 3, 3, 3, 2))
                .step(STEP)
                .holds();
    }
}
