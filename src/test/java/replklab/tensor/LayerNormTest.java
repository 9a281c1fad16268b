package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.UsageException;

/** Layer norm and channel factors: the textbook's numbers, and gradients that equal finite differences. */
class LayerNormTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 17, 96})
    void everyRowIsNormedByItself(int channels) {
        Tensor x = between(1, 99, 101, 2, 3, 2, channels);
        Tensor gamma = between(2, -2, 2, channels);
        Tensor beta = uniform(3, channels);
        float[] y = x.layerNorm(gamma, beta, 1e-6).toArray();
        float[] values = x.toArray();
        for (int row = 0; row < 12; row++) {
            double mean = 0;
            double square = 0;
            for (int c = 0; c < channels; c++) {
                mean += values[row * channels + c] / (double) channels;
            }
            for (int c = 0; c < channels; c++) {
                square += Math.pow(values[row * channels + c] - mean, 2) / channels;
            }
            for (int c = 0; c < channels; c++) {
                double normed = (values[row * channels + c] - mean) / Math.sqrt(square + 1e-6);
                double expected = gamma.toArray()[c] * normed + beta.toArray()[c];
                assertThat((double) y[row * channels + c]).isCloseTo(expected, within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 17, 40})
    void gradient(int channels) {
        GradientCheck.of(
                        t -> t[0].layerNorm(t[1], t[2], 1e-2),
                        uniform(1, 2, 3, 2, channels),
                        between(2, 0.5, 1.5, channels),
                        uniform(3, channels))
                .tolerance(1e-3)
                .holds();
    }

    @Test
    void gradientOfRowsWithoutAnImage() {
        GradientCheck.of(t -> t[0].layerNorm(t[1], t[2], 1e-2), uniform(1, 300, 5), uniform(2, 5), uniform(3, 5))
                .tolerance(2e-3)
                .holds();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 19})
    void channelFactors(int channels) {
        Tensor x = uniform(1, 2, 3, 4, channels);
        Tensor factors = uniform(2, channels);
        float[] y = x.scaleChannels(factors).toArray();
        for (int i = 0; i < y.length; i++) {
            assertThat(y[i]).isEqualTo(x.toArray()[i] * factors.toArray()[i % channels]);
        }
        GradientCheck.of(t -> t[0].scaleChannels(t[1]), x, factors).holds();
    }

    @Test
    void refusesOtherChannels() {
        Tensor x = uniform(1, 2, 3, 4);
        Tensor three = uniform(1, 3);
        Tensor four = uniform(1, 4);
        assertThatThrownBy(() -> x.layerNorm(three, four, 1e-6))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("(3)")
                .hasMessageContaining("(4)");
        assertThatThrownBy(() -> x.layerNorm(four, three, 1e-6)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> x.scaleChannels(three))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("one a channel");
    }
}
