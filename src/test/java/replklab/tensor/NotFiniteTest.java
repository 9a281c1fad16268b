package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A number that is none is not hidden by the fused forms that inference uses, and infinities go where functions send them. */
class NotFiniteTest {
    private static final float INF = Float.POSITIVE_INFINITY;

    /** Input channel 3 of one pixel is NaN: so are that pixel's outputs, whatever follows in the same pass. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void nanComesThroughFusedForms(Activation activation) {
        for (int channels : new int[] {5, 16, 40}) {
            Tensor x = uniform(1, 2, 6, 5, channels);
            float[] values = x.toArray();
            int pixel = 13;
            values[pixel * channels + 3] = Float.NaN;
            x.assign(values);
            Tensor bias = uniform(2, channels);
            Tensor residual = uniform(3, 2, 6, 5, channels);
            Tensor square = uniform(4, channels, channels);
            for (Tensor w : new Tensor[] {square, square.copy().freeze()}) {
                nanAt(x.pointwise(w, bias, activation, residual), pixel, channels, 1);
                nanAt(x.pointwise(w, bias, activation, null), pixel, channels, 1);
                nanAt(x.reshape(60, channels).pointwise(w, bias, activation, null), pixel, channels, 1);
            }
            nanAt(x.convolution(uniform(5, channels, 3, 3, channels), bias, 1, 1, activation), pixel, channels, 1);
            Tensor filters = uniform(6, 3, 3, channels);
            for (Tensor w : new Tensor[] {filters, filters.copy().freeze()}) {
                for (int dilation = 1; dilation <= 2; dilation++) {
                    float[] y = x.depthwise(w, bias, 1, dilation, activation).toArray();
                    assertThat(y[pixel * channels + 3]).isNaN();
                    assertThat(y[pixel * channels + 2]).isNotNaN();
                }
            }
        }
    }

    private static void nanAt(Tensor y, int pixel, int channels, int step) {
        float[] values = y.toArray();
        for (int c = 0; c < channels; c += step) {
            assertThat(values[pixel * channels + c]).as("channel %d", c).isNaN();
        }
        assertThat(values[0]).isNotNaN();
    }

    @Test
    void activationsOfInfinities() {
        for (int elements : new int[] {2, 64}) {
            float[] values = new float[elements];
            values[0] = INF;
            values[1] = -INF;
            Tensor x = Tensor.of(values, elements);
            assertThat(firstTwo(x.relu())).containsExactly(INF, 0);
            assertThat(firstTwo(x.relu6())).containsExactly(6, 0);
            assertThat(firstTwo(x.gelu())).containsExactly(INF, 0);
            assertThat(firstTwo(x.sigmoid())).containsExactly(1, 0);
            assertThat(firstTwo(gradient(Activation.RELU, x))).containsExactly(1, 0);
            assertThat(firstTwo(gradient(Activation.GELU, x))).containsExactly(1, 0);
            assertThat(firstTwo(gradient(Activation.SIGMOID, x))).containsExactly(0, 0);
        }
    }

    /** Where the density is nothing, the largest numbers do not make something of it. */
    @Test
    void geluOfTheLargestNumbers() {
        Tensor x = Tensor.of(new float[] {1e38f, -1e38f, 3e4f, -3e4f, 20, -20}, 6);
        close(x.gelu(), 1e38f, 0, 3e4f, 0, 20, 0);
        close(gradient(Activation.GELU, x), 1, 0, 1, 0, 1, 0);
    }

    /** Equal, or as near as the smallest normal number. */
    private static void close(Tensor y, float... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(y.toArray()[i]).isCloseTo(expected[i], within(Float.MIN_NORMAL));
        }
    }

    private static Tensor gradient(Activation kind, Tensor x) {
        Tensor dx = Tensor.empty(x.shape());
        Tensor ones = Tensor.full(1, x.shape().toArray());
        Backend.run(new ElementwiseOperation.ActivationGradient(kind, x, ones, dx));
        return dx;
    }

    private static float[] firstTwo(Tensor tensor) {
        return new float[] {tensor.toArray()[0], tensor.toArray()[1]};
    }
}
