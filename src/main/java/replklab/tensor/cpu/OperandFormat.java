package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.tensor.Precision;

/** How the two matrices of a product lie in memory; its result is always of float32. */
enum OperandFormat {
    /** As tensors are. */
    FLOAT32(Float.BYTES),

    /** Numbers of bfloat16 as float32, where nothing multiplies the former. */
    BF16_AS_FLOAT32(Float.BYTES),

    /** Two bytes a number, for processors that multiply these. */
    BF16(Short.BYTES);

    private final int bytes;

    OperandFormat(int bytes) {
        this.bytes = bytes;
    }

    static OperandFormat of(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> FLOAT32;
            case BF16 -> OneDnn.multipliesBfloat16() ? BF16 : BF16_AS_FLOAT32;
        };
    }

    /** Bytes of a number. */
    int bytes() {
        return bytes;
    }

    /**
     * Rows of a tensor, from index {@code at} on, as a matrix in this format: the very memory if that is how they lie, else
     * this thread's scratch memory for {@code operand}.
     */
    Matrix matrix(MemorySegment floats, long at, int rows, int width, ThreadScratch.Operand operand) {
        if (this == FLOAT32) {
            return Matrix.of(floats, at, width);
        }
        long count = (long) rows * width;
        MemorySegment rounded = ThreadScratch.operand(operand, count * bytes);
        if (this == BF16) {
            Bfloat16Kernels.toShorts(floats, at, count, rounded);
        } else {
            Bfloat16Kernels.toFloats(floats, at, count, rounded);
        }
        return new Matrix(rounded, 0, width, false, this);
    }
}
