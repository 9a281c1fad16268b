package replklab.tensor;

import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of pooling, resizing and reshaping equal finite differences. */
class SpaceGradientTest {
    @ParameterizedTest
    @CsvSource({"1", "16", "23"})
    void globalAveragePool(int channels) {
        GradientCheck.of(t -> t[0].globalAveragePool(), uniform(1, 3, 4, 5, channels))
                .holds();
    }

    @ParameterizedTest
    @CsvSource({"8, 12, 3", "2, 3, 17", "7, 5, 3", "4, 6, 3", "1, 1, 2", "3, 11, 16"})
    void resizeBilinear(int height, int width, int channels) {
        GradientCheck.of(t -> t[0].resizeBilinear(height, width), uniform(1, 2, 4, 6, channels))
                .holds();
    }

    @Test
    void resizeOfASinglePixel() {
        GradientCheck.of(t -> t[0].resizeBilinear(3, 2), uniform(1, 2, 1, 1, 5)).holds();
    }

    @Test
    void reshape() {
        GradientCheck.of(t -> t[0].reshape(6, 10), uniform(1, 3, 4, 5)).holds();
        GradientCheck.of(t -> t[0].reshape(6, 10).gelu().reshape(60).add(t[0].reshape(60)), uniform(1, 3, 4, 5))
                .holds();
    }
}
