package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.uniform;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.tensor.NormOperation.BatchNorm;
import replklab.tensor.Reduction.Sum;
import replklab.tensor.Reduction.SumOfSquares;

/** Results stay right where float32 is short of digits: large means, long sums, extreme values, NaN. */
class NumericalCareTest {

    @Test
    void varianceAroundALargeMean() {
        int channels = 17;
        Tensor x = Tensor.normal(new java.util.SplittableRandom(3), 1, 8, 25, 25, channels)
                .add(Tensor.full(1000, 8, 25, 25, channels));
        float[] values = x.toArray();
        Tensor mean = Tensor.zeros(channels);
        Tensor variance = Tensor.zeros(channels);
        Tensor y = Tensor.empty(x.shape());
        Tensor ones = Tensor.full(1, channels);
        Tensor zeros = Tensor.zeros(channels);
        Backend.run(new BatchNorm(x, new BatchNormTerms(ones, zeros, mean, variance, 0, Activation.NONE), y));
        int rows = values.length / channels;
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int row = 0; row < rows; row++) {
                sum += values[row * channels + c];
            }
            double squares = 0;
            for (int row = 0; row < rows; row++) {
                squares += Math.pow(values[row * channels + c] - sum / rows, 2);
            }
            assertThat((double) mean.toArray()[c]).isCloseTo(sum / rows, within(1e-4));
            assertThat((double) variance.toArray()[c]).isCloseTo(squares / rows, within(2e-6));
        }
        assertThat(Backend.reduce(new Sum(y)) / values.length).isCloseTo(0, within(1e-4));
        assertThat(Backend.reduce(new SumOfSquares(y)) / values.length).isCloseTo(1, within(1e-4));
    }

    /** The first row, around which the variance is taken, lies far from all others. */
    @Test
    void varianceWithAFirstRowFarAway() {
        int rows = 10_000;
        float[] values = uniform(1, rows, 1).toArray();
        values[0] = 1000;
        Tensor variance = Tensor.zeros(1);
        Backend.run(new BatchNorm(
                Tensor.of(values, rows, 1),
                new BatchNormTerms(
                        Tensor.full(1, 1), Tensor.zeros(1), Tensor.zeros(1), variance, 1e-5, Activation.NONE),
                Tensor.zeros(rows, 1)));
        double mean = 0;
        double squares = 0;
        for (float value : values) {
            mean += value / (double) rows;
            squares += (double) value * value / rows;
        }
        double expected = squares - mean * mean;
        assertThat((double) variance.item()).isCloseTo(expected, within(1e-4 * expected));
    }

    @Test
    void batchNormOfAConstantChannelIsItsShift() {
        int channels = 5;
        Tensor x = Tensor.full(3.7f, 4, 6, 7, channels).asParameter();
        Tensor beta = uniform(1, channels);
        BatchNormState state = new BatchNormState(
                Tensor.full(1, channels), beta, Tensor.zeros(channels), Tensor.full(1, channels), 1e-5, 1);
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.batchNorm(state, Activation.NONE, true);
            float[] values = y.toArray();
            for (int i = 0; i < values.length; i++) {
                assertThat((double) values[i]).isCloseTo(beta.toArray()[i % channels], within(1e-4));
            }
            tape.backward(y.multiply(y).sum());
            for (float gradient : x.gradient().toArray()) {
                assertThat((double) gradient).isCloseTo(0, within(1e-3));
            }
        }
        assertThat(state.runningMean().toArray()).containsOnly(3.7f);
        assertThat(state.runningVariance().toArray()).containsOnly(0);
    }

    /** With two values a channel, the normalised ones are plus and minus one, and the unbiased variance twice the biased. */
    @Test
    void batchNormOfTwoRows() {
        Tensor x = Tensor.of(new float[] {1, -3, 2, 5, 7, 2.5f}, 2, 3);
        BatchNormState state =
                new BatchNormState(Tensor.full(1, 3), Tensor.zeros(3), Tensor.zeros(3), Tensor.zeros(3), 0, 1);
        float[] y = x.batchNorm(state, Activation.NONE, true).toArray();
        float[] expected = {-1, -1, -1, 1, 1, 1};
        for (int i = 0; i < 6; i++) {
            assertThat((double) y[i]).isCloseTo(expected[i], within(1e-5));
        }
        assertThat(state.runningMean().toArray()).containsExactly(3, 2, 2.25f);
        assertThat(state.runningVariance().toArray()).containsExactly(8, 50, 0.125f);
    }

    @Test
    void longSumsAreExact() {
        Tensor ones = Tensor.full(1, 10_000_019);
        assertThat(Backend.reduce(new Sum(ones))).isEqualTo(10_000_019);
        assertThat(Backend.reduce(new SumOfSquares(ones))).isEqualTo(10_000_019);
        assertThat(Backend.reduce(new Sum(Tensor.full(0.1f, 3_000_000))) / (3_000_000 * (double) 0.1f))
                .isCloseTo(1, within(1e-6));
        // A bias' gradient: one number a channel, over all pixels.
        Tensor bias = Tensor.zeros(3).asParameter();
        try (Tape tape = Tape.training(0)) {
            Tensor y = Tensor.full(1, 1_000_000, 1).pointwise(Tensor.zeros(3, 1), bias);
            tape.backward(y.sum());
            assertThat(bias.gradient().toArray()).containsOnly(1_000_000);
        }
    }

    @Test
    void poolingLargeMapsLosesNoDigits() {
        Tensor x = Tensor.full(0.1f, 1, 512, 512, 3);
        for (float mean : x.globalAveragePool().toArray()) {
            assertThat((double) mean).isCloseTo(0.1f, within(1e-7));
        }
        Tensor gate = Tensor.full(1, 1, 3).asParameter();
        try (Tape tape = Tape.training(0)) {
            tape.backward(x.gate(gate).sum());
            for (float gradient : gate.gradient().toArray()) {
                assertThat(gradient / (512 * 512 * (double) 0.1f)).isCloseTo(1, within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 31, 33, 100, 32768, 32769, 65537})
    void lengthsAroundVectorsAndTasks(int elements) {
        Tensor x = between(elements, 0.5, 1, elements, 1);
        double sum = 0;
        double squares = 0;
        for (float value : x.toArray()) {
            sum += value;
            squares += (double) value * value;
        }
        assertThat(Backend.reduce(new Sum(x))).isCloseTo(sum, within(1e-6 * sum));
        assertThat(Backend.reduce(new SumOfSquares(x))).isCloseTo(squares, within(1e-6 * squares));
        assertThat(x.add(x).subtract(x.scale(2)).toArray()).isEqualTo(new float[elements]);
        float[] product = x.multiply(x).toArray();
        float[] relu = x.scale(-1).relu().add(x.relu()).toArray();
        float[] values = x.toArray();
        float[] squared = new float[elements];
        for (int i = 0; i < elements; i++) {
            squared[i] = values[i] * values[i];
        }
        assertThat(product).isEqualTo(squared);
        assertThat(relu).isEqualTo(values);
    }

    @Test
    void crossEntropyOfExtremeLogits() {
        Tensor logits =
                Tensor.of(new float[] {1000, -1000, 0, -1e30f, 1e30f, 0}, 2, 3).asParameter();
        try (Tape tape = Tape.training(0)) {
            Tensor loss = logits.crossEntropy(Targets.labels(0, 1));
            tape.backward(loss);
            assertThat(loss.item()).isZero();
            assertThat(logits.gradient().toArray()).containsOnly(0);
        }
        assertThat(logits.crossEntropy(Targets.labels(1, 1)).item()).isEqualTo(1000);
        assertThat(logits.crossEntropy(Targets.labels(9, 9).ignoring(9)).item()).isZero();
    }

    @Test
    void nanComesThrough() {
        isNaN(x -> x.add(x));
        isNaN(x -> x.scale(0));
        isNaN(x -> x.multiply(x));
        isNaN(Tensor::relu);
        isNaN(Tensor::relu6);
        isNaN(Tensor::gelu);
        isNaN(Tensor::sigmoid);
        isNaN(x -> x.pointwise(Tensor.zeros(2, 3), null));
        isNaN(x -> x.depthwise(Tensor.zeros(3, 3, 3), null, 1, 1));
        isNaN(x -> x.convolution(Tensor.zeros(2, 3, 3, 3), null, 1, 1));
        isNaN(Tensor::globalAveragePool);
        isNaN(x -> x.resizeBilinear(5, 5));
        isNaN(Tensor::mean);
        isNaN(x -> x.reshape(12, 3).crossEntropy(Targets.labels(new int[12])));
        for (boolean training : new boolean[] {true, false}) {
            isNaN(x -> x.batchNorm(
                    new BatchNormState(
                            Tensor.full(1, 3), Tensor.zeros(3), Tensor.zeros(3), Tensor.full(1, 3), 1e-5, 0.1),
                    Activation.RELU6,
                    training));
        }
    }

    /** One NaN in the input, in a vector's tail; some element of the output is NaN. */
    private static void isNaN(UnaryOperator<Tensor> operation) {
        float[] values = uniform(1, 1, 4, 3, 3).toArray();
        values[34] = Float.NaN;
        float[] y = operation.apply(Tensor.of(values, 1, 4, 3, 3)).toArray();
        boolean found = false;
        for (float value : y) {
            found |= Float.isNaN(value);
        }
        assertThat(found).isTrue();
    }
}
