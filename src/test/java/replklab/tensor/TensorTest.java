package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.Parallel;
import replklab.base.UsageException;
import replklab.tensor.Reduction.Sum;
import replklab.tensor.Reduction.SumOfSquares;

/** Making and reading tensors; every operation refuses shapes that don't fit, and names them. */
class TensorTest {
    private final Tensor image = Tensor.zeros(2, 8, 8, 3);

    @Test
    void holdsWhatItWasGiven() {
        Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3)).hasToString("(2, 3)");
        assertThat(tensor.size(0)).isEqualTo(2);
        assertThat(tensor.size(-1)).isEqualTo(3);
        assertThat(tensor.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(tensor).hasToString("Tensor(2, 3) [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]");
        assertThat(Tensor.zeros(10)).hasToString("Tensor(10) [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ...]");
        assertThat(Tensor.full(2.5f).item()).isEqualTo(2.5f);
    }

    @Test
    void copiesAreApart() {
        Tensor tensor = Tensor.full(1, 5);
        Tensor copy = tensor.copy();
        tensor.assign(new float[] {1, 2, 3, 4, 5});
        assertThat(copy.toArray()).containsOnly(1);
        copy.assign(tensor);
        assertThat(copy.toArray()).containsExactly(1, 2, 3, 4, 5);
        assertThat(tensor.reshape(5, 1).memory().address())
                .isEqualTo(tensor.memory().address());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16 * 1024, 16 * 1024 + 1, 40_000})
    void elementsAreExchanged(int elements) {
        Tensor one = Tensor.normal(new SplittableRandom(1), 1, elements);
        Tensor two = Tensor.normal(new SplittableRandom(2), 1, elements);
        float[] ones = one.toArray();
        float[] twos = two.toArray();
        one.exchange(two);
        assertThat(one.toArray()).isEqualTo(twos);
        assertThat(two.toArray()).isEqualTo(ones);
        refused(() -> one.exchange(Tensor.zeros(3, 1)), "exchange", "(3, 1)");
    }

    @Test
    void parametersAreMarkedAndOnlyTheyAreAskedForGradients() {
        Tensor tensor = Tensor.full(2, 3);
        assertThatThrownBy(() -> tensor.requireGradient(false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("asParameter()");
        assertThat(tensor.asParameter().isParameter()).isTrue();
        for (boolean wanted : new boolean[] {false, true}) {
            tensor.requireGradient(wanted);
            try (Tape _ = Tape.training(1)) {
                assertThat(tensor.scale(2).isTracked()).isEqualTo(wanted);
            }
        }
        assertThat(tensor.isReplaced()).isFalse();
        tensor.markReplaced();
        assertThat(tensor.isReplaced()).isTrue();
    }

    @Test
    void whatLooksAtTheSameMemoryHasTheSameKey() {
        assertThat(image.reshape(16, 24).memoryKey())
                .isEqualTo(image.memoryKey())
                .isNotNull();
        assertThat(image.copy().memoryKey()).isNotEqualTo(image.memoryKey());
    }

    @Test
    void memoryThatIsTooSmallIsRefused() {
        Storage line = Storage.allocate(64);
        assertThat(new Tensor(Shape.of(16), line).toArray()).hasSize(16);
        assertThatThrownBy(() -> new Tensor(Shape.of(17), line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("(17)", "64 bytes");
    }

    @Test
    void theMeanOfAllElementsAndItsGradient() {
        Tensor tensor = Tensor.of(new float[] {1, 2, 3, 6}, 2, 2).asParameter();
        try (Tape tape = Tape.training(1)) {
            Tensor mean = tensor.mean();
            assertThat(mean.shape()).isEqualTo(Shape.of());
            assertThat(mean.item()).isEqualTo(3);
            tape.backward(mean);
            assertThat(tensor.gradient().toArray()).containsOnly(0.25f);
        }
    }

    /** What a run's record says about how it was computed. */
    @Test
    void theBackendSaysWhatItIs() {
        assertThat(Backend.current().name()).isEqualTo("cpu");
        assertThat(Backend.current().description())
                .startsWith("cpu (")
                .contains("-bit vectors", Parallel.threads() + " threads")
                .containsAnyOf("oneDNN", "OpenBLAS");
    }

    @Test
    void normalNumbersHaveTheirDeviation() {
        Tensor tensor = Tensor.normal(new SplittableRandom(1), 0.02, 300, 100);
        assertThat(Backend.reduce(new Sum(tensor)) / 30_000).isBetween(-5e-4, 5e-4);
        assertThat(Math.sqrt(Backend.reduce(new SumOfSquares(tensor)) / 30_000)).isBetween(0.0197, 0.0203);
    }

    @Test
    void lengthsThatDontFitAreRefused() {
        refused(() -> Tensor.of(new float[5], 2, 3), "5 values", "(2, 3)", "6 elements");
        refused(() -> image.assign(new float[5]), "5 values", "(2, 8, 8, 3)");
        refused(() -> image.assign(Tensor.zeros(3)), "(2, 8, 8, 3)", "(3)");
        refused(image::item, "one element", "(2, 8, 8, 3)");
        refused(() -> image.reshape(2, 8, 8, 4), "(2, 8, 8, 3)", "(2, 8, 8, 4)");
        refused(() -> Tensor.zeros(2, 0), "[2, 0]", "at least 1");
        refused(() -> image.size(4), "axis 4", "(2, 8, 8, 3)");
        refused(() -> image.size(-5), "axis -5", "(2, 8, 8, 3)");
    }

    @Test
    void shapesThatDontFitAreRefusedByConvolutions() {
        refused(() -> image.pointwise(Tensor.zeros(5, 4), null), "(2, 8, 8, 3)", "4 input channels");
        refused(() -> image.pointwise(Tensor.zeros(5), null), "(5)", "(out, in)");
        refused(() -> image.pointwise(Tensor.zeros(5, 3), Tensor.zeros(3)), "bias", "(3)", "(5)");
        refused(() -> image.depthwise(Tensor.zeros(3, 3, 4), null, 1, 1), "(2, 8, 8, 3)", "4 input channels");
        refused(() -> image.depthwise(Tensor.zeros(3, 5, 3), null, 1, 1), "3x5", "square");
        refused(() -> image.depthwise(Tensor.zeros(4, 4, 3), null, 1, 1), "kernel size is 4", "odd");
        refused(() -> image.depthwise(Tensor.zeros(3, 3, 3), null, 0, 1), "stride", "is 0");
        refused(() -> image.depthwise(Tensor.zeros(3, 3, 3), null, 1, 0), "dilation", "is 0");
        refused(() -> image.depthwise(Tensor.zeros(3, 3, 3), Tensor.zeros(2), 1, 1), "bias", "(2)", "(3)");
        refused(() -> Tensor.zeros(8, 8, 3).depthwise(Tensor.zeros(3, 3, 3), null, 1, 1), "(8, 8, 3)", "height");
        refused(() -> image.depthwise(Tensor.zeros(3, 3), null, 1, 1), "(3, 3)", "(kernel, kernel, channels)");
        refused(() -> image.convolution(Tensor.zeros(5, 3, 3, 2), null, 1, 1), "(2, 8, 8, 3)", "2 input channels");
        refused(() -> image.convolution(Tensor.zeros(5, 2, 2, 3), null, 1, 1), "kernel size is 2");
        refused(() -> image.convolution(Tensor.zeros(5, 3, 3, 3), Tensor.zeros(3), 1, 1), "bias", "(5)");
        refused(() -> image.convolution(Tensor.zeros(3, 3, 3), null, 1, 1), "(out, kernel, kernel, in)");
    }

    @Test
    void shapesThatDontFitAreRefusedElsewhere() {
        refused(() -> image.add(Tensor.zeros(2, 8, 8, 4)), "(2, 8, 8, 3)", "(2, 8, 8, 4)");
        refused(() -> image.subtract(Tensor.zeros(4)), "difference", "(2, 8, 8, 3)", "(4)", "equal, or 1 or missing");
        refused(() -> image.multiply(Tensor.zeros(2, 3)), "(2, 8, 8, 3)", "(2, 3)", "x.gate(factors)");
        refused(() -> image.gate(Tensor.zeros(3, 3)), "(2, 8, 8, 3)", "(3, 3)", "(batch, channels)");
        refused(() -> Tensor.zeros(2, 3).multiply(Tensor.zeros(3, 2)), "(2, 3)", "(3, 2)");
        refused(() -> Tensor.zeros(2, 3).globalAveragePool(), "(2, 3)", "(batch, height, width, channels)");
        refused(() -> Tensor.zeros(2, 3).resizeBilinear(2, 2), "(2, 3)", "(batch, height, width, channels)");
        refused(() -> image.resizeBilinear(0, 2), "[2, 0, 2, 3]");
        BatchNormState four =
                new BatchNormState(Tensor.zeros(4), Tensor.zeros(4), Tensor.zeros(4), Tensor.zeros(4), 1e-5, 0.1);
        refused(() -> image.batchNorm(four, Activation.NONE, true), "(4)", "(2, 8, 8, 3)");
        BatchNormState three =
                new BatchNormState(Tensor.zeros(3), Tensor.zeros(3), Tensor.zeros(3), Tensor.zeros(3), 1e-5, 0.1);
        refused(() -> Tensor.zeros(1, 3).batchNorm(three, Activation.NONE, true), "at least 2 values", "(1, 3)");
    }

    @Test
    void targetsThatDontFitAreRefused() {
        Tensor logits = Tensor.zeros(2, 3);
        refused(() -> logits.crossEntropy(Targets.labels(1)), "1 labels", "2 rows");
        refused(() -> logits.crossEntropy(Targets.labels(1, 3)), "label 3 of row 1", "0 to 2");
        refused(() -> logits.crossEntropy(Targets.labels(-1, 3).ignoring(-1)), "label 3 of row 1", "-1", "ignored");
        refused(() -> logits.crossEntropy(Targets.distribution(1, 0, 0)), "3 numbers", "2 rows of 3 classes need 6");
        refused(() -> Targets.labels(1).smoothed(1), "label smoothing is 1.0");
        refused(() -> new Targets(null, null, 0, 0), "either labels or a distribution");
        refused(() -> Tensor.zeros(3).crossEntropy(Targets.labels(1)), "(3)", "(..., classes)");
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(UsageException.class).hasMessageContainingAll(parts);
    }
}
