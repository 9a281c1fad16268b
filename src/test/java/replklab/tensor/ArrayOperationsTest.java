package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.uniform;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.UsageException;

/** What users of NumPy and PyTorch reach for first, held against loops over indices and finite differences. */
class ArrayOperationsTest {
    private static final int[][][] BROADCAST = {
        {{2, 3, 4, 19}, {19}},
        {{2, 3, 4, 19}, {}},
        {{2, 3, 1, 19}, {4, 1}},
        {{5}, {3, 1}},
        {{1, 1, 33}, {2, 4, 33}},
        {{7, 1}, {1, 5}},
        {{}, {2, 3}}
    };

    @Test
    void broadcastingIsNumPys() {
        for (int[][] shapes : BROADCAST) {
            holds(shapes, Tensor::add, Double::sum);
            holds(shapes, Tensor::subtract, (a, b) -> a - b);
            holds(shapes, Tensor::multiply, (a, b) -> a * b);
            holds(shapes, Tensor::divide, (a, b) -> a / b);
        }
        holds(new int[][] {{3, 17}, {3, 17}}, Tensor::divide, (a, b) -> a / b);
    }

    /** Any operation of two tensors. */
    @FunctionalInterface
    private interface Pair {
        Tensor of(Tensor x, Tensor z);
    }

    private static void holds(int[][] shapes, Pair operation, DoubleBinaryOperator expected) {
        Tensor x = between(1, 0.5, 2, shapes[0]);
        Tensor z = between(2, 0.5, 2, shapes[1]);
        Tensor y = operation.of(x, z);
        float[] values = y.toArray();
        for (int i = 0; i < values.length; i++) {
            int[] index = index(y.shape(), i);
            float wanted = (float) expected.applyAsDouble(at(x, index), at(z, index));
            assertThat(values[i]).as("%s and %s at %d", x.shape(), z.shape(), i).isEqualTo(wanted);
        }
        GradientCheck.of(t -> operation.of(t[0], t[1]), x, z).holds();
    }

    /** The element that is repeated to an index. */
    private static float at(Tensor tensor, int... index) {
        Shape shape = tensor.shape();
        int at = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            int i = index[index.length - shape.rank() + axis];
            at = at * shape.size(axis) + (shape.size(axis) == 1 ? 0 : i);
        }
        return tensor.toArray()[at];
    }

    private static int[] index(Shape shape, int element) {
        int[] index = new int[shape.rank()];
        int rest = element;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.size(axis);
            rest /= shape.size(axis);
        }
        return index;
    }

    @Test
    void reductionsAlongEveryChoiceOfAxes() {
        Tensor x = uniform(1, 3, 2, 5, 19);
        for (int chosen = 0; chosen < 16; chosen++) {
            int bits = chosen;
            int[] axes = IntStream.range(0, 4)
                    .filter(axis -> (bits >> axis & 1) == 1)
                    .toArray();
            double[] sums = new double[570];
            double[] highest = new double[570];
            Arrays.fill(highest, Double.NEGATIVE_INFINITY);
            int count = 0;
            for (int i = 0; i < x.shape().elements(); i++) {
                int[] index = index(x.shape(), i);
                int to = 0;
                for (int axis = 0; axis < 4; axis++) {
                    to = (bits >> axis & 1) == 1 ? to : to * x.size(axis) + index[axis];
                }
                sums[to] += x.toArray()[i];
                highest[to] = Math.max(highest[to], x.toArray()[i]);
                count = Math.max(count, to + 1);
            }
            assertThat(x.sum(axes).shape().rank()).isEqualTo(4 - axes.length);
            close(x.sum(axes), Arrays.copyOf(sums, count), 1e-6);
            close(x.max(axes), Arrays.copyOf(highest, count), 0);
            double share = (double) count / x.shape().elements();
            close(
                    x.mean(axes),
                    Arrays.stream(sums).limit(count).map(sum -> sum * share).toArray(),
                    1e-6);
            GradientCheck.of(t -> t[0].sum(axes).add(t[0].mean(axes)), x).holds();
        }
        assertThat(x.sum(-1, 0).shape()).isEqualTo(Shape.of(2, 5));
    }

    private static void close(Tensor tensor, double[] expected, double tolerance) {
        float[] values = tensor.toArray();
        assertThat(values).hasSize(expected.length);
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i]).isCloseTo(expected[i], within(tolerance * (1 + Math.abs(expected[i]))));
        }
    }

    @Test
    void theGradientOfAMaximumGoesToTheFirst() {
        Tensor x = Tensor.of(new float[] {1, 5, 5, 2, 7, 0, Float.NaN, 9}, 2, 4).asParameter();
        try (Tape tape = Tape.training(0)) {
            tape.backward(x.max(1).multiply(Tensor.of(new float[] {2, 3}, 2)).sum());
            assertThat(x.gradient().toArray()).containsExactly(0, 2, 0, 0, 0, 0, 3, 0);
        }
        assertThat(x.max(1).toArray()).containsExactly(5, Float.NaN);
        try (Tape tape = Tape.training(0)) {
            tape.backward(x.max(0).sum());
            assertThat(x.gradient().toArray()).containsExactly(0, 1, 0, 0, 1, 0, 1, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 17, 40})
    void functionsOfSingleElements(int channels) {
        Tensor x = between(3, 0.3, 4, 5, 3, channels);
        each(x, x.exp(), Math::exp);
        each(x, x.log(), Math::log);
        each(x, x.sqrt(), Math::sqrt);
        GradientCheck.of(t -> t[0].exp().add(t[0].log()).subtract(t[0].sqrt()), x)
                .step(1.0 / 128)
                .holds();
    }

    private static void each(Tensor x, Tensor y, Function<Double, Double> function) {
        for (int i = 0; i < y.toArray().length; i++) {
            double expected = function.apply((double) x.toArray()[i]);
            assertThat((double) y.toArray()[i]).isCloseTo(expected, within(2e-7 * (1 + Math.abs(expected))));
        }
    }

    @Test
    void functionsOfWhatIsNoPositiveNumber() {
        Tensor x = Tensor.of(new float[] {0, -1, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN}, 5);
        float nan = Float.NaN;
        float inf = Float.POSITIVE_INFINITY;
        assertThat(x.exp().toArray()).containsExactly(1, (float) Math.exp(-1), inf, 0, nan);
        assertThat(x.log().toArray()).containsExactly(-inf, nan, inf, nan, nan);
        assertThat(x.sqrt().toArray()).containsExactly(0, nan, inf, nan, nan);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 17, 100})
    void softmax(int classes) {
        Tensor x = uniform(5, 7, classes).scale(3);
        float[] values = x.toArray();
        float[] y = x.softmax().toArray();
        for (int row = 0; row < 7; row++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += Math.exp(values[row * classes + c]);
            }
            for (int c = 0; c < classes; c++) {
                assertThat((double) y[row * classes + c])
                        .isCloseTo(Math.exp(values[row * classes + c]) / sum, within(3e-7));
            }
        }
        if (classes > 1) { // of one class it is 1
            GradientCheck.of(t -> t[0].softmax(), x).holds();
        }
        assertThat(Tensor.of(new float[] {1e30f, -1e30f}, 2).softmax().toArray())
                .containsExactly(1, 0);
    }

    @Test
    void slicesAndConcatenationsAlongEveryAxis() {
        Tensor x = uniform(1, 3, 4, 5, 6);
        for (int axis = -1; axis < 4; axis++) {
            int at = axis;
            int size = x.size(axis);
            Tensor left = x.slice(axis, 0, 2);
            Tensor right = x.slice(axis, 2, size);
            assertThat(Tensor.concatenate(axis, left, right).toArray()).isEqualTo(x.toArray());
            assertThat(left.shape()).isEqualTo(x.shape().with(axis, 2));
            int counted = x.shape().axis(axis);
            for (int i = 0; i < left.shape().elements(); i++) {
                assertThat(left.toArray()[i]).isEqualTo(at(x, index(left.shape(), i)));
            }
            for (int i = 0; i < right.shape().elements(); i++) {
                int[] index = index(right.shape(), i);
                index[counted] += 2;
                assertThat(right.toArray()[i]).isEqualTo(at(x, index));
            }
            GradientCheck.of(t -> t[0].slice(at, 1, 3), x).holds();
            GradientCheck.of(t -> Tensor.concatenate(at, t[0], t[1], t[0]), left, right)
                    .holds();
        }
    }

    @Test
    void everyOrderOfAxes() {
        Tensor x = uniform(1, 2, 3, 4, 17);
        for (int[] axes : new int[][] {{0, 1, 2, 3}, {0, 3, 1, 2}, {3, 2, 1, 0}, {1, 0, 3, 2}, {-1, 0, -2, 1}}) {
            Tensor y = x.transpose(axes);
            for (int i = 0; i < y.shape().elements(); i++) {
                int[] from = new int[4];
                int[] index = index(y.shape(), i);
                for (int axis = 0; axis < 4; axis++) {
                    from[x.shape().axis(axes[axis])] = index[axis];
                }
                assertThat(y.toArray()[i]).isEqualTo(at(x, from));
            }
            GradientCheck.of(t -> t[0].transpose(axes), x).holds();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 19})
    void maxPooling(int channels) {
        Tensor x = uniform(1, 2, 7, 6, channels);
        for (int[] how : new int[][] {{2, 2, 0}, {3, 2, 1}, {3, 1, 1}, {5, 3, 2}, {1, 1, 0}, {6, 1, 0}}) {
            Tensor y = x.maxPool(how[0], how[1], how[2]);
            assertThat(y.size(1)).isEqualTo((7 + 2 * how[2] - how[0]) / how[1] + 1);
            for (int i = 0; i < y.shape().elements(); i++) {
                int[] index = index(y.shape(), i);
                float highest = Float.NEGATIVE_INFINITY;
                for (int row = 0; row < how[0]; row++) {
                    for (int column = 0; column < how[0]; column++) {
                        int h = index[1] * how[1] - how[2] + row;
                        int w = index[2] * how[1] - how[2] + column;
                        if (h >= 0 && h < 7 && w >= 0 && w < 6) {
                            highest = Math.max(highest, at(x, index[0], h, w, index[3]));
                        }
                    }
                }
                assertThat(y.toArray()[i]).isEqualTo(highest);
            }
            GradientCheck.of(t -> t[0].maxPool(how[0], how[1], how[2]), x)
                    .step(1.0 / 4096)
                    .tolerance(5e-3)
                    .withKinks()
                    .holds();
        }
    }

    @Test
    void theGradientOfMaxPoolingGoesToTheFirst() {
        Tensor x = Tensor.of(new float[] {4, 4, 4, 4}, 1, 2, 2, 1).asParameter();
        try (Tape tape = Tape.training(0)) {
            tape.backward(x.maxPool(2, 1, 0).sum());
            assertThat(x.gradient().toArray()).containsExactly(1, 0, 0, 0);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.zeros(2, 4, 4, 3);
        refused(() -> x.sum(0, -4), "sum over axes [0, -4]", "named twice");
        refused(() -> x.max(4), "axis 4", "(2, 4, 4, 3)");
        refused(() -> x.slice(1, 2, 2), "from 2 to 2", "axis 1", "within 0 to 4");
        refused(() -> x.slice(1, 0, 5), "from 0 to 5");
        refused(() -> x.transpose(0, 1, 2), "[0, 1, 2]", "named once");
        refused(() -> x.transpose(0, 1, 2, 2), "[0, 1, 2, 2]");
        refused(() -> x.transpose(0, 1, 2, 3, 3), "[0, 1, 2, 3, 3]");
        refused(() -> Tensor.concatenate(1, x, Tensor.zeros(2, 4, 4, 4)), "axis 1", "(2, 4, 4, 4)");
        refused(() -> Tensor.concatenate(0, x, Tensor.zeros(2)), "(2)");
        refused(Tensor::concatenate, "nothing to concatenate");
        refused(() -> x.maxPool(0, 1, 0), "kernel of max pooling is 0");
        refused(() -> x.maxPool(2, 0, 0), "stride of max pooling is 0");
        refused(() -> x.maxPool(3, 1, 2), "padding of max pooling is 2", "0 to 1");
        refused(() -> x.maxPool(5, 1, 0), "5 pixels", "4 pixels");
        refused(() -> Tensor.full(1).softmax(), "an axis of classes");
        refused(() -> x.add(Tensor.zeros(2, 4, 4, 4)), "sum", "(2, 4, 4, 3)", "(2, 4, 4, 4)");
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(UsageException.class).hasMessageContainingAll(parts);
    }
}
