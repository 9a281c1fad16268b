package replklab.tensor;

import static replklab.tensor.Inputs.levels;
import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of everything elementwise equal finite differences. */
class ElementwiseGradientTest {
    @ParameterizedTest
    @CsvSource({"1", "15", "16", "37", "70000"})
    void activations(int elements) {
        // Levels between and beyond the kinks at 0 and 6.
        Tensor x = levels(1, 0.5, new double[] {-1, 1, 3, 7.5}, elements, 1);
        GradientCheck.of(t -> t[0].relu(), levels(2, 0.5, new double[] {1, -1}, elements, 1))
                .holds();
        GradientCheck.of(t -> t[0].relu6(), levels(3, 0.5, new double[] {3, -1, 7.5}, elements, 1))
                .holds();
        GradientCheck.of(t -> t[0].gelu(), x).holds();
        GradientCheck.of(t -> t[0].sigmoid(), x).holds();
        GradientCheck.of(t -> t[0].activation(Activation.NONE).scale(2), x).holds();
    }

    @Test
    void sumsAndProducts() {
        Tensor x = uniform(1, 3, 5, 7);
        Tensor z = uniform(2, 3, 5, 7);
        GradientCheck.of(t -> t[0].add(t[1]), x, z).holds();
        GradientCheck.of(t -> t[0].subtract(t[1]), x, z).holds();
        GradientCheck.of(t -> t[0].multiply(t[1]), x, z).holds();
        GradientCheck.of(t -> t[0].scale(-2.5f), x).holds();
    }

    @Test
    void oneInputUsedSeveralTimes() {
        Tensor x = uniform(1, 3, 5);
        GradientCheck.of(t -> t[0].add(t[0]), x).holds();
        GradientCheck.of(t -> t[0].multiply(t[0]).multiply(t[0]), x).holds();
        GradientCheck.of(
                        t -> t[0].sigmoid()
                                .multiply(t[0])
                                .subtract(t[0].scale(3))
                                .add(t[0].gelu()),
                        x)
                .holds();
    }

    @ParameterizedTest
    @CsvSource({"1", "8", "17", "40"})
    void gate(int channels) {
        GradientCheck.of(t -> t[0].gate(t[1]), uniform(1, 2, 3, 4, channels), uniform(2, 2, channels))
                .holds();
        GradientCheck.of(t -> t[0].gate(t[1]), uniform(1, 2, 5, channels), uniform(2, 2, channels))
                .holds();
    }

    @Test
    void dropPath() {
        GradientCheck.of(t -> t[0].dropPath(0.4), uniform(1, 8, 3, 5)).holds();
    }
}
