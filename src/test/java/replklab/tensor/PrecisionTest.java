package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.tensor.Inputs.uniform;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of bfloat16 are those of the rounded matrices, summed as in float32; nothing else is rounded. */
class PrecisionTest {
    /** Of a few rows, of tall and of wide matrices, which are cut in different ways; odd sizes and narrow ones. */
    @ParameterizedTest
    @CsvSource({"3, 5, 7", "700, 24, 96", "900, 40, 16", "70, 129, 515", "2500, 131, 33", "49, 300, 600"})
    void productsAreOfRoundedNumbers(int rows, int in, int out) {
        Tensor x = uniform(1, rows, in).asParameter();
        Tensor w = uniform(2, out, in).asParameter();
        Tensor bias = uniform(3, out).asParameter();
        Tensor direction = uniform(4, rows, out);
        Tensor[] ours = gradients(Precision.BF16, x, w, bias, direction);
        Tensor xs = rounded(x).asParameter();
        Tensor ws = rounded(w).asParameter();
        Tensor[] forward = gradients(Precision.FLOAT32, xs, ws, bias, direction);
        Tensor[] backward = gradients(Precision.FLOAT32, xs, ws, bias, rounded(direction));
        assertSame("output", ours[0], forward[0]);
        assertSame("input gradient", ours[1], backward[1]);
        assertSame("weight gradient", ours[2], backward[2]);
        assertSame("bias gradient", ours[3], forward[3]); // a sum, no product
    }

    @Test
    void convolutionsAreOfRoundedNumbers() {
        Tensor x = uniform(1, 3, 23, 25, 5).asParameter();
        Tensor w = uniform(2, 12, 3, 3, 5).asParameter();
        Tensor direction = uniform(4, 3, 12, 13, 12);
        Tensor[] ours = convolved(Precision.BF16, x, w, direction);
        Tensor xs = rounded(x).asParameter();
        Tensor ws = rounded(w).asParameter();
        Tensor[] theirs = convolved(Precision.FLOAT32, xs, ws, rounded(direction));
        assertSame("output", ours[0], theirs[0]);
        assertSame("input gradient", ours[1], theirs[1]);
        assertSame("weight gradient", ours[2], theirs[2]);
    }

    @Test
    void depthwiseConvolutionsAreNotRounded() {
        Tensor x = uniform(1, 2, 9, 9, 6);
        Tensor w = uniform(2, 3, 3, 6);
        assertThat(Precision.BF16.in(() -> x.depthwise(w, null, 1, 1)).toArray())
                .isEqualTo(x.depthwise(w, null, 1, 1).toArray());
    }

    /** Frozen weights are brought into blocks once for each precision, with what comes after the product in its pass. */
    @ParameterizedTest
    @CsvSource({"1200, 64, 128", "196, 256, 1024", "49, 512, 300"})
    void frozenWeightsGiveTheSame(int rows, int in, int out) {
        Tensor x = uniform(1, rows, in);
        Tensor w = uniform(2, out, in);
        Tensor bias = uniform(3, out);
        Tensor residual = uniform(4, rows, out);
        Tensor frozen = w.copy().freeze();
        for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.BF16, Precision.FLOAT32}) {
            assertSame(
                    precision.toString(),
                    precision.in(() -> x.pointwise(frozen, bias, Activation.GELU, residual)),
                    precision.in(() -> x.pointwise(w, bias, Activation.GELU, residual)));
        }
    }

    @Test
    void whatIsNotFiniteStaysSo() {
        Tensor x = Tensor.of(new float[] {1, Float.NaN, 1, Float.POSITIVE_INFINITY, 1, 3.4e38f}, 3, 2);
        Tensor w = Tensor.of(new float[] {1, 1}, 1, 2);
        float[] y = Precision.BF16.in(() -> x.pointwise(w, null)).toArray();
        assertThat(y[0]).isNaN();
        assertThat(y[1]).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(y[2]).isEqualTo(Float.POSITIVE_INFINITY); // rounded up beyond the largest number
    }

    @Test
    void aBackwardPassHasThePrecisionOfItsForwardPass() {
        Tensor x = uniform(1, 40, 24).asParameter();
        Tensor w = uniform(2, 8, 24).asParameter();
        assertThat(weightGradient(x, w, Precision.BF16, Precision.FLOAT32))
                .isEqualTo(weightGradient(x, w, Precision.BF16, Precision.BF16))
                .isNotEqualTo(weightGradient(x, w, Precision.FLOAT32, Precision.BF16));
    }

    @Test
    void theScopeEndsWithTheWork() {
        assertThat(Precision.current()).isEqualTo(Precision.FLOAT32);
        Precision.BF16.in(() -> {
            assertThat(Precision.current()).isEqualTo(Precision.BF16);
            assertThat(Precision.FLOAT32.<Precision>in(Precision::current)).isEqualTo(Precision.FLOAT32);
            return null;
        });
        Supplier<Object> failing = () -> {
            throw new IllegalStateException("of the work");
        };
        assertThatThrownBy(() -> Precision.BF16.in(failing)).hasMessage("of the work");
        assertThat(Precision.current()).isEqualTo(Precision.FLOAT32);
    }

    private static float[] weightGradient(Tensor x, Tensor w, Precision forward, Precision backward) {
        try (Tape tape = Tape.training(1)) {
            Tensor loss = forward.in(() -> x.pointwise(w, null).sum());
            backward.in(() -> {
                tape.backward(loss);
                return null;
            });
            return w.gradient().toArray();
        }
    }

    /** The output, and the gradients of its product with a direction. */
    private static Tensor[] gradients(Precision precision, Tensor x, Tensor w, Tensor bias, Tensor direction) {
        return precision.in(() -> {
            try (Tape tape = Tape.training(1)) {
                Tensor y = x.pointwise(w, bias);
                return copies(tape, y, direction, x, w, bias);
            }
        });
    }

    private static Tensor[] convolved(Precision precision, Tensor x, Tensor w, Tensor direction) {
        return precision.in(() -> {
            try (Tape tape = Tape.training(1)) {
                Tensor y = x.convolution(w, null, 2, 1);
                return copies(tape, y, direction, x, w);
            }
        });
    }

    private static Tensor[] copies(Tape tape, Tensor y, Tensor direction, Tensor... inputs) {
        tape.keep(y);
        tape.backward(y.multiply(direction).sum());
        Tensor[] copies = new Tensor[inputs.length + 1];
        copies[0] = outside(y);
        for (int i = 0; i < inputs.length; i++) {
            copies[i + 1] = outside(inputs[i].gradient());
        }
        return copies;
    }

    private static Tensor outside(Tensor tensor) {
        return Tape.withoutTape(tensor::copy);
    }

    private static Tensor rounded(Tensor tensor) {
        float[] values = tensor.toArray();
        for (int i = 0; i < values.length; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            values[i] = Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & -1 << 16);
        }
        return Tensor.of(values, tensor.shape().toArray());
    }

    /** Up to the order of sums of float32: far less than one rounding to bfloat16, 2e-3. */
    private static void assertSame(String what, Tensor ours, Tensor theirs) {
        float[] expected = theirs.toArray();
        float[] found = ours.toArray();
        assertThat(found).as(what).hasSameSizeAs(expected);
        double largest = 0;
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            error = Math.max(error, Math.abs(found[i] - expected[i]));
        }
        assertThat(error).as("error of the " + what).isLessThan(2e-6 * largest);
    }
}
