package replklab.weights;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A tensor that looks at a piece of a storage, as PyTorch's do: transposed, cut out or repeated at will. */
final class StridedView {
    private final long offset;
    private final int[] shape;
    private final long[] strides;
    private final long elements;
    private final long span;

    /**
     * @param offset elements of the storage before the first
     * @param sizes of the axes
     * @param strides elements of the storage from one index of an axis to the next
     * @throws IllegalArgumentException if there is no such view of any storage
     */
    StridedView(long offset, long[] sizes, long[] strides) {
        if (offset < 0 || sizes.length != strides.length) {
            throw new IllegalArgumentException(
                    "offset " + offset + ", " + sizes.length + " sizes and " + strides.length + " strides");
        }
        this.offset = offset;
        this.shape = new int[sizes.length];
        this.strides = strides.clone();
        long count = 1;
        long last = 0;
        try {
            for (int axis = 0; axis < sizes.length; axis++) {
                if (sizes[axis] < 0 || strides[axis] < 0) {
                    throw new IllegalArgumentException("size " + sizes[axis] + " with stride " + strides[axis]);
                }
                shape[axis] = Math.toIntExact(sizes[axis]);
                count = Math.multiplyExact(count, sizes[axis]);
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, sizes[axis] - 1), strides[axis]));
            }
            this.span = count == 0 ? 0 : Math.addExact(last, 1);
            Math.addExact(offset, span);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("sizes or strides that no storage has", e);
        }
        this.elements = count;
    }

    long offset() {
        return offset;
    }

    int[] shape() {
        return shape.clone();
    }

    String shapeText() {
        return Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }

    /** Number of elements. */
    long elements() {
        return elements;
    }

    /** Elements of the storage from the view's first to its last. */
    long span() {
        return span;
    }

    /** How many elements the storage must have at least. */
    long end() {
        return offset + span;
    }

    /** The view's elements, row-major, out of its span of the storage. */
    float[] gathered(float[] piece) {
        if (isRowMajor()) {
            return piece;
        }
        float[] values = new float[(int) elements];
        int[] index = new int[shape.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = piece[place(index)];
            advance(index);
        }
        return values;
    }

    /** The same for integers. */
    long[] gathered(long[] piece) {
        if (isRowMajor()) {
            return piece;
        }
        long[] values = new long[(int) elements];
        int[] index = new int[shape.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = piece[place(index)];
            advance(index);
        }
        return values;
    }

    private boolean isRowMajor() {
        long step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] > 1 && strides[axis] != step) {
                return false;
            }
            step *= shape[axis];
        }
        return true;
    }

    private int place(int[] index) {
        long place = 0;
        for (int axis = 0; axis < index.length; axis++) {
            place += index[axis] * strides[axis];
        }
        return (int) place;
    }

    private void advance(int[] index) {
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis]++;
            if (index[axis] < shape[axis]) {
                return;
            }
            index[axis] = 0;
        }
    }
}
