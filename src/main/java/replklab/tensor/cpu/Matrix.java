package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;

/**
 * A matrix in row-major memory.
 *
 * @param memory where it lies
 * @param at index of its first element
 * @param width elements from one row of the memory to the next
 * @param transposed whether it is the transpose of what lies there
 */
record Matrix(MemorySegment memory, long at, int width, boolean transposed) {
    static Matrix of(MemorySegment memory, long at, int width) {
        return new Matrix(memory, at, width, false);
    }

    Matrix transpose() {
        return new Matrix(memory, at, width, !transposed);
    }

    /** The address of its first element; the memory must be kept reachable meanwhile. */
    long address() {
        return memory.address() + at * Float.BYTES;
    }
}
