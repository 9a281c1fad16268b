package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;

/**
 * A matrix in row-major memory.
 *
 * @param memory where it lies
 * @param at index of its first element
 * @param width elements from one row of the memory to the next
 * @param transposed whether it is the transpose of what lies there
 * @param format of its elements
 */
record Matrix(MemorySegment memory, long at, int width, boolean transposed, OperandFormat format) {
    static Matrix of(MemorySegment memory, long at, int width) {
        return new Matrix(memory, at, width, false, OperandFormat.FLOAT32);
    }

    /** What begins at a row and a column of this matrix, which is no transpose. */
    Matrix from(long row, long column) {
        return new Matrix(memory, at + row * width + column, width, false, format);
    }

    Matrix transpose() {
        return new Matrix(memory, at, width, !transposed, format);
    }

    /** The address of its first element; the memory must be kept reachable meanwhile. */
    long address() {
        return memory.address() + at * format.bytes();
    }
}
