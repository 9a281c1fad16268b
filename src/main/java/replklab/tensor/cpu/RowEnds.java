package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.tensor.Activation;

/** What comes before and after a product where the library computes nothing but products, on the calling thread. */
final class RowEnds {
    private RowEnds() {}

    /** Writes the bias into each row of a result that the product is then added to. */
    static void bias(MemorySegment bias, Matrix result, int rows) {
        long bytes = (long) result.width() * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(bias, 0, result.memory(), result.at() * Float.BYTES + row * bytes, bytes);
        }
    }

    /** {@link #finish(Activation, MemorySegment, MemorySegment, long, long)} for rows that lie {@code width} apart. */
    static void finish(
            Activation activation, MemorySegment residual, MemorySegment y, long at, int columns, int width, int rows) {
        if (columns == width) {
            finish(activation, residual, y, at, (long) rows * width);
            return;
        }
        for (int row = 0; row < rows; row++) {
            finish(activation, residual, y, at + (long) row * width, columns);
        }
    }

    /** y = activation(y) + residual over {@code elements} from {@code at} on; {@code residual} may be null. */
    static void finish(Activation activation, MemorySegment residual, MemorySegment y, long at, long elements) {
        long from = at * Float.BYTES;
        long bytes = elements * Float.BYTES;
        MemorySegment here = y.asSlice(from, bytes);
        if (activation != Activation.NONE) {
            ActivationKernels.forward(activation, here, here, elements);
        }
        if (residual != null) {
            ElementwiseKernels.combine(1, here, 1, residual.asSlice(from, bytes), here, elements);
        }
    }
}
