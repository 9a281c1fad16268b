package replklab.tensor;

/**
 * Something numeric to do, with the tensors that it reads and writes: what a {@link Backend} is asked for. Shapes are checked
 * where an operation is built, so one that exists can be carried out; a new one is a record here, and the compiler then names
 * every backend that does not know it.
 *
 * <p>Images are (batch, height, width, channels), "rows" are all axes but the last. What is written is overwritten.
 */
public sealed interface Operation
        permits ArrayOperation,
                ConvolutionOperation,
                CustomCall,
                ElementwiseOperation,
                NormOperation,
                OptimiserStep,
                SpaceOperation,
                Operation.OfOne,
                Operation.OfTwo,
                Operation.LinearGradient,
                Operation.GradientAt {
    /** What it reads; null in places for what it does without. */
    Tensor[] reads();

    /** What it writes; null in places for what is not wanted. */
    Tensor[] writes();

    /** Whether what it writes may be memory that it reads. {@link Backend#run} refuses that elsewhere. */
    default boolean mayWriteOverInputs() {
        return false;
    }

    /**
     * The gradient of another operation: what a forward pass never asks for. Each output may be null, and is then not
     * computed.
     */
    interface Gradient {}

    /** Makes {@code y} of {@code x}. */
    sealed interface OfOne extends Operation
            permits ArrayOperation.Repeat,
                    ArrayOperation.Reduce,
                    ArrayOperation.Softmax,
                    ArrayOperation.Transpose,
                    ArrayOperation.Slice,
                    ElementwiseOperation.Activate,
                    ElementwiseOperation.Apply,
                    ElementwiseOperation.ScaleImages,
                    SpaceOperation.GlobalAveragePool,
                    SpaceOperation.ResizeBilinear,
                    SpaceOperation.AdaptiveAveragePool,
                    SpaceOperation.MaxPool,
                    SpaceOperation.Patches {
        /** The input. */
        Tensor x();

        /** The output. */
        Tensor y();

        @Override
        default Tensor[] reads() {
            return new Tensor[] {x()};
        }

        @Override
        default Tensor[] writes() {
            return new Tensor[] {y()};
        }
    }

    /** Makes {@code y} of {@code x} and {@code z}. */
    sealed interface OfTwo extends Operation
            permits ArrayOperation.Binary, ElementwiseOperation.Combine, ElementwiseOperation.Multiply {
        /** The first input. */
        Tensor x();

        /** The second input. */
        Tensor z();

        /** The output. */
        Tensor y();

        @Override
        default Tensor[] reads() {
            return new Tensor[] {x(), z()};
        }

        @Override
        default Tensor[] writes() {
            return new Tensor[] {y()};
        }
    }

    /** The gradient of what is linear in its input, and so does not read it. */
    sealed interface LinearGradient extends Operation, Gradient
            permits ArrayOperation.SliceGradient,
                    SpaceOperation.GlobalAveragePoolGradient,
                    SpaceOperation.ResizeBilinearGradient,
                    SpaceOperation.AdaptiveAveragePoolGradient,
                    SpaceOperation.PatchesGradient {
        /** Gradient with respect to the output. */
        Tensor dy();

        /** Gradient with respect to the input. */
        Tensor dx();

        @Override
        default Tensor[] reads() {
            return new Tensor[] {dy()};
        }

        @Override
        default Tensor[] writes() {
            return new Tensor[] {dx()};
        }
    }

    /** The gradient of one input, where it was taken. */
    sealed interface GradientAt extends Operation, Gradient
            permits ArrayOperation.MaxGradient,
                    ElementwiseOperation.ActivationGradient,
                    SpaceOperation.MaxPoolGradient {
        /** The input. */
        Tensor x();

        /** Gradient with respect to the output. */
        Tensor dy();

        /** Gradient with respect to the input. */
        Tensor dx();

        @Override
        default Tensor[] reads() {
            return new Tensor[] {x(), dy()};
        }

        @Override
        default Tensor[] writes() {
            return new Tensor[] {dx()};
        }
    }
}
