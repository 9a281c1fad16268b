package replklab.model;

import java.nio.ByteBuffer;

/** The types of numbers that weights files hold; little-endian. */
public enum TensorType {
    /** float32. */
    F32("FloatStorage", Float.BYTES),
    /** float16. */
    F16("HalfStorage", Short.BYTES),
    /** bfloat16: the upper half of a float32. */
    BF16("BFloat16Storage", Short.BYTES),
    /** float64. */
    F64("DoubleStorage", Double.BYTES),
    /** Signed 64-bit integers: PyTorch's counters {@code num_batches_tracked}. */
    I64("LongStorage", Long.BYTES);

    private final String storage;
    private final int bytes;

    TensorType(String storage, int bytes) {
        this.storage = storage;
        this.bytes = bytes;
    }

    /** The class in PyTorch's package {@code torch} whose objects hold such numbers. */
    String storage() {
        return storage;
    }

    /** Bytes a number. */
    int bytes() {
        return bytes;
    }

    /** Whether these are integers. */
    public boolean isInteger() {
        return this == I64;
    }

    /**
     * Numbers as float32, doubles rounded to it.
     *
     * @param source little-endian, {@code count} numbers from its start
     */
    float[] floats(ByteBuffer source, int count) {
        float[] values = new float[count];
        switch (this) {
            case F32 -> source.asFloatBuffer().get(values);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Float.float16ToFloat(source.getShort(i * Short.BYTES));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Float.intBitsToFloat(source.getShort(i * Short.BYTES) << 16);
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) source.getDouble(i * Double.BYTES);
                }
            }
            case I64 -> throw new IllegalStateException("integers are no weights");
        }
        return values;
    }

    /**
     * Integers.
     *
     * @param source little-endian, {@code count} numbers from its start
     */
    long[] integers(ByteBuffer source, int count) {
        if (!isInteger()) {
            throw new IllegalStateException(this + " holds no integers");
        }
        long[] values = new long[count];
        source.asLongBuffer().get(values);
        return values;
    }
}
