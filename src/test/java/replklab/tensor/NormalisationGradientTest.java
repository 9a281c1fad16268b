package replklab.tensor;

import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.levels;
import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batch norm's gradients equal finite differences, the activation after it included. */
class NormalisationGradientTest {
    /** Well inside the clamps' linear parts and well outside, once normalised, scaled by 4 and shifted by 3. */
    private static final double[] LEVELS = {-1.5, 0, 1.5};

    @ParameterizedTest
    @CsvSource({
        "1, NONE",
        "1, RELU",
        "1, RELU6",
        "3, NONE",
        "3, RELU",
        "3, RELU6",
        "8, NONE",
        "8, RELU",
        "8, RELU6",
        "17, NONE",
        "17, RELU",
        "17, RELU6",
        "40, NONE",
        "40, RELU",
        "40, RELU6"
    })
    void training(int channels, Activation clamp) {
        check(true, clamp, levels(1, 0.2, LEVELS, 2, 3, 3, channels), channels);
    }

    @ParameterizedTest
    @CsvSource({
        "1, NONE",
        "1, RELU",
        "1, RELU6",
        "3, NONE",
        "3, RELU",
        "3, RELU6",
        "8, NONE",
        "8, RELU",
        "8, RELU6",
        "17, NONE",
        "17, RELU",
        "17, RELU6",
        "40, NONE",
        "40, RELU",
        "40, RELU6"
    })
    void evaluation(int channels, Activation clamp) {
        check(false, clamp, levels(1, 0.2, LEVELS, 2, 3, 3, channels), channels);
    }

    @Test
    void manyRowRangesOfUnequalLength() {
        check(true, Activation.RELU, levels(1, 0.2, LEVELS, 3, 19, 21, 5), 5);
    }

    @ParameterizedTest
    @CsvSource({"GELU, true", "GELU, false", "SIGMOID, true", "SIGMOID, false"})
    void activationsThatAreNoClamps(Activation activation, boolean training) {
        for (int channels : new int[] {3, 8, 40}) {
            Tensor x = uniform(1, 2, 3, 3, channels);
            Tensor gamma = between(2, 0.6, 1.4, channels);
            Tensor beta = between(3, -0.5, 0.5, channels);
            Tensor mean = between(4, -0.1, 0.1, channels);
            Tensor variance = between(5, 0.4, 0.6, channels);
            GradientCheck.of(
                            t -> t[0].batchNorm(
                                    new BatchNormState(t[1], t[2], mean, variance, 1e-3, 0.1), activation, training),
                            x,
                            gamma,
                            beta)
                    .holds();
        }
    }

    @Test
    void rowsWithoutAnImage() {
        check(true, Activation.NONE, uniform(1, 7, 10), 10);
    }

    private static void check(boolean training, Activation clamp, Tensor x, int channels) {
        Tensor gamma = between(2, 3.6, 4.4, channels);
        Tensor beta = between(3, 2.8, 3.2, channels);
        Tensor mean = between(4, -0.1, 0.1, channels);
        Tensor variance = between(5, 1.4, 1.6, channels);
        GradientCheck.of(
                        t -> t[0].batchNorm(new BatchNormState(t[1], t[2], mean, variance, 1e-3, 0.1), clamp, training),
                        x,
                        gamma,
                        beta)
                .holds();
    }
}
