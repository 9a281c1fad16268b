package replklab.tensor;

/**
 * Something numeric to do, with the tensors that it reads and writes: what a {@link Backend} is asked for. Shapes are checked
 * where an operation is built, so one that exists can be carried out; a new one is a record here, and the compiler then names
 * every backend that does not know it.
 *
 * <p>Images are (batch, height, width, channels), "rows" are all axes but the last. What is written is overwritten, and must
 * not be what is read unless said otherwise.
 */
public sealed interface Operation
        permits ArrayOperation,
                ConvolutionOperation,
                CustomCall,
                ElementwiseOperation,
                NormOperation,
                OptimiserStep,
                SpaceOperation {
    /** What it reads; null in places for what it does without. */
    Tensor[] reads();

    /** What it writes; null in places for what is not wanted. */
    Tensor[] writes();

    /**
     * The gradient of another operation: what a forward pass never asks for. Each output may be null, and is then not
     * computed.
     */
    interface Gradient {}
}
