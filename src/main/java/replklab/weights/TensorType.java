package replklab.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

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
    I64("LongStorage", Long.BYTES),
    /** Signed 32-bit integers. */
    I32("IntStorage", Integer.BYTES),
    /** Signed 16-bit integers. */
    I16("ShortStorage", Short.BYTES),
    /** Signed bytes. */
    I8("CharStorage", Byte.BYTES),
    /** Unsigned bytes. */
    U8("ByteStorage", Byte.BYTES),
    /** Truth values, a byte each. */
    BOOL("BoolStorage", Byte.BYTES);

    private final String storage;
    private final int bytes;

    TensorType(String storage, int bytes) {
        this.storage = storage;
        this.bytes = bytes;
    }

    /** The type of numbers that objects of a class of PyTorch's package {@code torch} hold, if it is one of these. */
    static Optional<TensorType> ofStorage(String storage) {
        return Arrays.stream(values())
                .filter(type -> type.storage.equals(storage))
                .findFirst();
    }

    /** Bytes a number. */
    int bytes() {
        return bytes;
    }

    /** Whether these are integers. */
    public boolean isInteger() {
        return this != F32 && this != F16 && this != BF16 && this != F64;
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
            case I64, I32, I16, I8, U8, BOOL -> throw new IllegalStateException("integers are no weights");
        }
        return values;
    }

    /**
     * Integers.
     *
     * @param source little-endian, {@code count} numbers from its start
     */
    long[] integers(ByteBuffer source, int count) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (this) {
                case I64 -> source.getLong(i * Long.BYTES);
                case I32 -> source.getInt(i * Integer.BYTES);
                case I16 -> source.getShort(i * Short.BYTES);
                case I8 -> source.get(i);
                case U8, BOOL -> source.get(i) & 0xff;
                case F32, F16, BF16, F64 -> throw new IllegalStateException(this + " holds no integers");
            };
        }
        return values;
    }
}
