package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.tensor.ConvolutionOperation.Depthwise;
import replklab.tensor.ConvolutionOperation.DepthwiseGradient;
import replklab.tensor.ConvolutionOperation.DepthwisePair;
import replklab.tensor.ConvolutionOperation.Pointwise;
import replklab.tensor.ConvolutionOperation.PointwiseGradient;

/** An operation that exists fits its tensors: a backend is never asked to write beside them. */
class OperationTest {
    private final Tensor image = Tensor.zeros(2, 5, 5, 3);
    private final Tensor small = Tensor.zeros(1);
    private final Tensor w = Tensor.zeros(4, 3);
    private final Tensor filters = Tensor.zeros(3, 3, 3);

    @Test
    void outputsOfOtherShapesAreRefused() {
        refused(
                () -> new Pointwise(image, w, null, Activation.NONE, null, Precision.FLOAT32, small),
                "output",
                "(1)",
                "(2, 5, 5, 4)");
        refused(
                () -> new Pointwise(image, w, small, Activation.NONE, null, Precision.FLOAT32, small),
                "bias",
                "(1)",
                "(4)");
        refused(() -> new PointwiseGradient(image, w, small, Precision.FLOAT32, null, null, null), "(2, 5, 5, 4)");
        refused(
                () -> new PointwiseGradient(image, w, Tensor.zeros(2, 5, 5, 4), Precision.FLOAT32, small, null, null),
                "input gradient");
        refused(
                () -> new PointwiseGradient(image, w, Tensor.zeros(2, 5, 5, 4), Precision.FLOAT32, null, small, null),
                "weight gradient");
        refused(
                () -> new PointwiseGradient(image, w, Tensor.zeros(2, 5, 5, 4), Precision.FLOAT32, null, null, small),
                "bias gradient");
        refused(() -> new Depthwise(image, filters, null, 2, 1, Activation.NONE, image.copy()), "(2, 3, 3, 3)");
        refused(() -> new DepthwiseGradient(image, filters, 1, 1, small, null, null, null), "(2, 5, 5, 3)");
        refused(() -> new DepthwisePair(image, filters, filters, image.copy(), small), "(1)");
        refused(() -> new ElementwiseOperation.Multiply(image, image, small), "(1)");
        refused(() -> new ElementwiseOperation.Multiply(image, small, image), "product");
        refused(() -> new ElementwiseOperation.Combine(1, image, 1, image, small), "(1)");
        refused(() -> new ElementwiseOperation.Activate(Activation.RELU, image, small), "(1)");
        refused(() -> new ElementwiseOperation.ScaleImages(image, new float[1], image), "1 image factors");
        refused(() -> new SpaceOperation.GlobalAveragePool(image, small), "(2, 3)");
        refused(() -> new SpaceOperation.ResizeBilinear(image, Tensor.zeros(2, 5, 5, 4)), "channels");
        refused(() -> new SpaceOperation.Patches(image, 6, small), "6x6");
        refused(() -> new Reduction.CrossEntropy(w, Targets.labels(0, 1, 2, 0), small), "gradient of the logits");
        refused(() -> new OptimiserStep.Sgd(w, small, w.copy(), 1, 1, 0, 0), "gradient");
        refused(() -> new OptimiserStep.AdamW(w, w.copy(), w.copy(), small, 1, 1, 0, 0, 0, 0, 1), "second moment");
        refused(() -> new ArrayOperation.Reduce(ArrayOperation.Reduce.Kind.SUM, image, small), "reduction");
        refused(() -> new ArrayOperation.Repeat(small, image), "repetition");
        refused(
                () -> new ArrayOperation.ConcatenateGradient(image, 3, new int[] {1, 1}, new Tensor[] {null, null}),
                "[1, 1]");
    }

    /** Another view of the same memory is the same memory. */
    @Test
    void whatIsReadIsNotWrittenOver() {
        Pointwise overItsInput = new Pointwise(
                image.reshape(50, 3),
                Tensor.zeros(3, 3),
                null,
                Activation.NONE,
                null,
                Precision.FLOAT32,
                image.reshape(50, 3));
        refused(() -> Backend.run(overItsInput), "Pointwise", "(50, 3)", "memory of its own");
    }

    @Test
    void moreElementsThanCanBeCountedAreRefused() {
        refused(() -> Shape.of(1 << 30, 1 << 30, 1 << 30), "more elements");
        assertThat(Shape.of(1 << 30, 1 << 29).elements()).isEqualTo(1L << 59);
    }

    /** Steps that lead out of the image at once: only the middle tap meets a pixel, and only the first output has one. */
    @Test
    void stepsThatLeadOutOfTheImage() {
        Tensor x = Inputs.uniform(1, 2, 5, 7, 19);
        Tensor centre = Inputs.uniform(2, 19);
        Tensor depthwise = Inputs.uniform(3, 5, 5, 19);
        float[] taps = depthwise.toArray();
        System.arraycopy(centre.toArray(), 0, taps, 12 * 19, 19);
        depthwise.assign(taps);
        Tensor full = Inputs.uniform(4, 4, 3, 3, 19);
        for (int far : new int[] {7, 1_000_000, Integer.MAX_VALUE}) {
            assertThat(x.depthwise(depthwise, null, 1, far).toArray())
                    .isEqualTo(x.scaleChannels(centre).toArray());
            assertThat(x.depthwise(depthwise, null, far, far).toArray())
                    .isEqualTo(x.slice(1, 0, 1)
                            .slice(2, 0, 1)
                            .scaleChannels(centre)
                            .toArray());
            assertThat(x.convolution(full, null, 1, far).toArray())
                    .isEqualTo(x.convolution(full, null, 1, 7).toArray());
            Tensor parameter = depthwise.copy().asParameter();
            try (Tape tape = Tape.training(0)) {
                tape.backward(x.depthwise(parameter, null, 1, far).sum());
                float[] gradient = parameter.gradient().toArray();
                for (int i = 0; i < gradient.length; i++) {
                    assertThat(gradient[i] != 0).as("tap %d", i / 19).isEqualTo(i / 19 == 12);
                }
            }
        }
    }

    /** Where nothing is computed there is nothing to read; shapes are all there is, and no memory is taken. */
    @Test
    void withoutComputingThereAreNoNumbers() {
        long[] seen = new long[1];
        Backend.with(new LookingBackend(operation -> seen[0]++), () -> {
            Tensor huge = Tensor.empty(Shape.of(1 << 20, 224, 224, 3));
            Tensor y = huge.relu();
            assertThat(y.shape()).isEqualTo(huge.shape());
            assertThat(y.toString()).contains("without contents");
            assertThatThrownBy(y::toArray).isInstanceOf(LabException.class).hasMessageContaining("not computed");
            assertThat(Tensor.of(new float[] {3}, 1).item())
                    .as("numbers that are there")
                    .isEqualTo(3);
        });
        assertThat(seen[0]).isEqualTo(1);
        assertThat(image.relu().toArray()).containsOnly(0);
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(UsageException.class).hasMessageContainingAll(parts);
    }
}
