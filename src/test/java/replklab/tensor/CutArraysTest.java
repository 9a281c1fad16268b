package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.uniform;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.tensor.ElementwiseOperation.Activate;
import replklab.tensor.ElementwiseOperation.ActivationGradient;
import replklab.tensor.Reduction.Sum;
import replklab.tensor.Reduction.SumOfSquares;

/** Operations on elements and axes equal their definitions on arrays that are cut into several pieces and leave a rest. */
class CutArraysTest {
    private static final int[] SIZES = {7, 31, 11, 37};
    private static final int ELEMENTS = 7 * 31 * 11 * 37; // two pieces and a rest

    private final Tensor x = uniform(1, SIZES);

    @Test
    void functionsOfElements() {
        holds(Tensor::relu, -3, 3, z -> Math.max(0, z), z -> z > 0 ? 1 : 0);
        holds(Tensor::relu6, -2, 8, z -> Math.clamp(z, 0, 6), z -> z > 0 && z < 6 ? 1 : 0);
        holds(Tensor::sigmoid, -6, 6, CutArraysTest::sigmoid, z -> sigmoid(z) * (1 - sigmoid(z)));
        holds(
                Tensor::gelu,
                -4,
                4,
                z -> z * normal(z),
                z -> normal(z) + z * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI));
        holds(Tensor::exp, -3, 3, Math::exp, Math::exp);
        holds(Tensor::log, 0.2, 5, Math::log, z -> 1 / z);
        holds(Tensor::sqrt, 0.2, 5, Math::sqrt, z -> 0.5 / Math.sqrt(z));
        holds(t -> t.scale(-1.5f), -1, 1, z -> -1.5 * z, _ -> -1.5);
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    private static double normal(double z) {
        return (1 + Erf.erf(z / Math.sqrt(2))) / 2;
    }

    private static void holds(
            UnaryOperator<Tensor> function,
            double low,
            double high,
            DoubleUnaryOperator value,
            DoubleUnaryOperator slope) {
        Tensor z = between(2, low, high, SIZES).asParameter();
        Tensor dy = uniform(3, SIZES);
        float[] zs = z.toArray();
        float[] dys = dy.toArray();
        double[] y = new double[ELEMENTS];
        double[] dz = new double[ELEMENTS];
        for (int i = 0; i < ELEMENTS; i++) {
            y[i] = value.applyAsDouble(zs[i]);
            dz[i] = dys[i] * slope.applyAsDouble(zs[i]);
        }
        TermByTerm.close("value", function.apply(z), y, 2e-6);
        try (Tape tape = Tape.training(1)) {
            tape.backward(function.apply(z).multiply(dy).sum());
            TermByTerm.close("gradient", z.gradient(), dz, 2e-6);
        }
    }

    /** Layers leave it out; for a backend it is an activation like the others. */
    @Test
    void noActivationIsACopy() {
        Tensor y = Tensor.zeros(SIZES);
        Backend.run(new Activate(Activation.NONE, x, y));
        assertThat(y.toArray()).isEqualTo(x.toArray());
        Tensor dy = uniform(2, SIZES);
        Backend.run(new ActivationGradient(Activation.NONE, x, dy, y));
        assertThat(y.toArray()).isEqualTo(dy.toArray());
    }

    @Test
    void productsOfElements() {
        TermByTerm.holds(t -> t[0].multiply(t[1]), term -> each(i -> term.add(i, i, i, 1)), x, uniform(2, SIZES));
    }

    @Test
    void productsWithARepeatedArray() {
        TermByTerm.holds(
                t -> t[0].multiply(t[1]),
                term -> each(i -> term.add(i, i, i / 37 / 11 % 31 * 37 + i % 37, 1)),
                x,
                uniform(2, 31, 1, 37));
        TermByTerm.holds(
                t -> t[0].multiply(t[1]), term -> each(i -> term.add(i, i, i / 37 % 11, 1)), x, uniform(2, 11, 1));
    }

    @Test
    void arithmeticOfElements() {
        Tensor z = between(2, 0.5, 2, SIZES);
        Tensor row = between(3, 0.5, 2, 37);
        equal(x.add(z), z, Double::sum);
        equal(x.subtract(z), z, (a, b) -> a - b);
        equal(x.divide(z), z, (a, b) -> a / b);
        equal(x.add(row), row, Double::sum);
        equal(x.subtract(row), row, (a, b) -> a - b);
        equal(x.divide(row), row, (a, b) -> a / b);
    }

    private void equal(Tensor y, Tensor z, DoubleBinaryOperator expected) {
        float[] a = x.toArray();
        float[] b = z.toArray();
        float[] wanted = new float[ELEMENTS];
        each(i -> wanted[i] = (float) expected.applyAsDouble(a[i], b[i % b.length]));
        assertThat(y.toArray()).isEqualTo(wanted);
    }

    @Test
    void sumsAndMeans() {
        TermByTerm.holds(t -> t[0].sum(1, 2), term -> each(i -> term.add(i / 37 / 11 / 31 * 37 + i % 37, i, 0, 1)), x);
        TermByTerm.holds(t -> t[0].sum(-1), term -> each(i -> term.add(i / 37, i, 0, 1)), x);
        TermByTerm.holds(
                t -> t[0].mean(0, 2), term -> each(i -> term.add(i / 37 / 11 % 31 * 37 + i % 37, i, 0, 1.0 / 77)), x);
        TermByTerm.holds(t -> t[0].sum(), term -> each(i -> term.add(0, i, 0, 1)), x);
        TermByTerm.holds(t -> t[0].mean(), term -> each(i -> term.add(0, i, 0, 1.0 / ELEMENTS)), x);
    }

    @Test
    void sumsOfAllElements() {
        double sum = 0;
        double squares = 0;
        for (float value : x.toArray()) {
            sum += value;
            squares += (double) value * value;
        }
        assertThat(Backend.reduce(new Sum(x))).isCloseTo(sum, within(1e-3));
        assertThat(Backend.reduce(new SumOfSquares(x))).isCloseTo(squares, within(1e-6 * squares));
    }

    @Test
    void highestAlongAxes() {
        float[] values = x.toArray();
        int[] highest = new int[7 * 37];
        Arrays.fill(highest, -1);
        each(i -> {
            int to = i / 37 / 11 / 31 * 37 + i % 37;
            highest[to] = highest[to] < 0 || values[i] > values[highest[to]] ? i : highest[to];
        });
        TermByTerm.holds(
                t -> t[0].max(1, 2),
                term -> {
                    for (int i = 0; i < highest.length; i++) {
                        term.add(i, highest[i], 0, 1);
                    }
                },
                x);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void slicesAndWhatIsPutTogether(int axis) {
        int length = SIZES[axis];
        int inner = Arrays.stream(SIZES).skip(axis + 1).reduce(1, (a, b) -> a * b);
        TermByTerm.holds(
                t -> t[0].slice(axis, 1, length - 2),
                term -> each(i -> {
                    int index = i / inner % length - 1;
                    if (index >= 0 && index < length - 3) {
                        term.add((i / inner / length * (length - 3) + index) * inner + i % inner, i, 0, 1);
                    }
                }),
                x);
        // Put together again from three parts of other lengths.
        TermByTerm.holds(
                t -> Tensor.concatenate(
                        axis, t[0].slice(axis, 0, 1), t[0].slice(axis, 1, 3), t[0].slice(axis, 3, length)),
                term -> each(i -> term.add(i, i, 0, 1)),
                x);
    }

    @Test
    void transposed() {
        TermByTerm.holds(
                t -> t[0].transpose(0, 3, 1, 2),
                term -> each(i -> term.add(i / 12617 * 12617 + i % 37 * 341 + i / 37 % 341, i, 0, 1)),
                x);
        TermByTerm.holds(
                t -> t[0].transpose(1, 0, 2, 3),
                term -> each(i -> term.add((i / 407 % 31 * 7 + i / 12617) * 407 + i % 407, i, 0, 1)),
                x);
    }

    @Test
    void softmax() {
        Tensor z = between(2, -5, 5, SIZES).asParameter();
        Tensor dy = uniform(3, SIZES);
        float[] zs = z.toArray();
        float[] dys = dy.toArray();
        double[] y = new double[ELEMENTS];
        double[] dz = new double[ELEMENTS];
        for (int from = 0; from < ELEMENTS; from += 37) {
            double sum = 0;
            double mean = 0;
            for (int i = from; i < from + 37; i++) {
                sum += Math.exp(zs[i]);
            }
            for (int i = from; i < from + 37; i++) {
                y[i] = Math.exp(zs[i]) / sum;
                mean += y[i] * dys[i];
            }
            for (int i = from; i < from + 37; i++) {
                dz[i] = y[i] * (dys[i] - mean);
            }
        }
        TermByTerm.close("value", z.softmax(), y, 1e-6);
        try (Tape tape = Tape.training(1)) {
            tape.backward(z.softmax().multiply(dy).sum());
            TermByTerm.close("gradient", z.gradient(), dz, 1e-6);
        }
    }

    /** Each image's part of the array, no whole number of vectors, is dropped or grows. */
    @Test
    void dropPath() {
        Tensor z = between(2, 1, 2, SIZES).asParameter();
        try (Tape tape = Tape.training(4)) {
            Tensor y = z.dropPath(0.5);
            float[] ys = y.toArray();
            tape.backward(y.sum());
            float[] zs = z.toArray();
            float[] dz = z.gradient().toArray();
            boolean[] survives = new boolean[7];
            each(i -> survives[i / 12617] |= ys[i] != 0);
            assertThat(survives).contains(true).contains(false);
            each(i -> {
                float factor = survives[i / 12617] ? 2 : 0;
                if (ys[i] != factor * zs[i] || dz[i] != factor) {
                    assertThat(ys[i]).as("element %d", i).isEqualTo(factor * zs[i]);
                    assertThat(dz[i]).as("gradient %d", i).isEqualTo(factor);
                }
            });
        }
    }

    @Test
    void optimiserSteps() {
        Tensor gradient = uniform(2, SIZES);
        Tensor velocity = uniform(3, SIZES);
        Tensor first = uniform(4, SIZES);
        Tensor second = between(5, 0.01, 1, SIZES);
        float[] g = gradient.toArray();
        float[] w = x.toArray();
        float[] v = velocity.toArray();
        float[] m = first.toArray();
        float[] s = second.toArray();
        double[][] wanted = new double[5][ELEMENTS];
        each(i -> {
            wanted[0][i] = 0.9 * v[i] + 0.5 * g[i] + 0.05 * w[i];
            wanted[1][i] = w[i] - 0.1 * wanted[0][i];
            wanted[2][i] = 0.8 * m[i] + 0.2 * 0.5 * g[i];
            wanted[3][i] = 0.95 * s[i] + 0.05 * Math.pow(0.5 * g[i], 2);
            double update =
                    wanted[2][i] / (1 - Math.pow(0.8, 3)) / (Math.sqrt(wanted[3][i] / (1 - Math.pow(0.95, 3))) + 1e-3);
            wanted[4][i] = w[i] * (1 - 0.01 * 0.05) - 0.01 * update;
        });
        Tensor bySgd = x.copy();
        Backend.run(new OptimiserStep.Sgd(bySgd, gradient, velocity, 0.5f, 0.1f, 0.9f, 0.05f));
        TermByTerm.close("velocity", velocity, wanted[0], 1e-6);
        TermByTerm.close("w", bySgd, wanted[1], 1e-6);
        Tensor byAdam = x.copy();
        Backend.run(
                new OptimiserStep.AdamW(byAdam, gradient, first, second, 0.5f, 0.01f, 0.8f, 0.95f, 1e-3f, 0.05f, 3));
        TermByTerm.close("first moment", first, wanted[2], 1e-6);
        TermByTerm.close("second moment", second, wanted[3], 1e-6);
        TermByTerm.close("w", byAdam, wanted[4], 1e-6);
    }

    private static void each(java.util.function.IntConsumer body) {
        for (int i = 0; i < ELEMENTS; i++) {
            body.accept(i);
        }
    }
}
