package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Parts of an axis, put together and taken apart. Row-major, what follows an axis moves with it: so an array is a matrix whose
 * rows hold the axis and all after it, and a part is some of its columns.
 */
final class AxisCopies {
    private AxisCopies() {}

    /** Elements of one index of an axis. */
    private static int step(Shape shape, int axis) {
        int step = 1;
        for (int after = axis + 1; after < shape.rank(); after++) {
            step = Math.multiplyExact(step, shape.size(after));
        }
        return step;
    }

    /** Elements of a row of the matrix. */
    private static int width(Tensor tensor, int axis) {
        return Math.multiplyExact(tensor.size(axis), step(tensor.shape(), axis));
    }

    static void concatenate(Tensor[] parts, int axis, Tensor y) {
        int at = 0;
        for (Tensor part : parts) {
            int width = width(part, axis);
            copyColumns(part, 0, width, y, at, width(y, axis), width);
            at += width;
        }
    }

    /** What {@link #concatenate} put together, into those of {@code parts} that are not null. */
    static void split(Tensor y, int axis, int[] sizes, Tensor[] parts) {
        int step = step(y.shape(), axis);
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            int width = sizes[i] * step;
            if (parts[i] != null) {
                copyColumns(y, at, width(y, axis), parts[i], 0, width, width);
            }
            at += width;
        }
    }

    static void slice(Tensor x, int axis, int from, Tensor y) {
        int width = width(y, axis);
        copyColumns(x, from * step(x.shape(), axis), width(x, axis), y, 0, width, width);
    }

    static void sliceGradient(Tensor dy, int axis, int from, Tensor dx) {
        int width = width(dy, axis);
        ElementwiseKernels.fill(dx, 0);
        copyColumns(dy, 0, width, dx, from * step(dx.shape(), axis), width(dx, axis), width);
    }

    /** {@code width} columns of a matrix into another one, each with its first column and the length of its rows. */
    private static void copyColumns(
            Tensor from, int fromColumn, int fromRow, Tensor to, int toColumn, int toRow, int width) {
        MemorySegment source = from.memory();
        MemorySegment target = to.memory();
        int rows = Math.toIntExact(from.shape().elements() / fromRow);
        ChannelKernels.forRows(rows, width, (first, end) -> {
            for (long row = first; row < end; row++) {
                MemorySegment.copy(
                        source,
                        (row * fromRow + fromColumn) * Float.BYTES,
                        target,
                        (row * toRow + toColumn) * Float.BYTES,
                        (long) width * Float.BYTES);
            }
        });
    }
}
