package replklab.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * A constant of a graph. Its numbers are asked for when they are written, one constant after the other, so that a large
 * network's weights are never in memory twice.
 *
 * @param name unique in its graph
 * @param type FLOAT or INT64
 * @param shape as in the file: channels first
 * @param data the numbers, little-endian
 */
record Initializer(String name, TensorProto.DataType type, List<Long> shape, Supplier<ByteBuffer> data) {
    static Initializer floats(String name, long[] shape, Supplier<float[]> values) {
        return new Initializer(name, TensorProto.DataType.FLOAT, boxed(shape), () -> {
            float[] numbers = values.get();
            ByteBuffer bytes = littleEndian(numbers.length * Float.BYTES);
            bytes.asFloatBuffer().put(numbers);
            return bytes;
        });
    }

    static Initializer longs(String name, long[] values) {
        return new Initializer(name, TensorProto.DataType.INT64, List.of((long) values.length), () -> {
            ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
            bytes.asLongBuffer().put(values);
            return bytes;
        });
    }

    private static List<Long> boxed(long[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** How many numbers there are. */
    long elements() {
        return LongStream.concat(LongStream.of(1), shape.stream().mapToLong(Long::longValue))
                .reduce(1, Math::multiplyExact);
    }

    /** Bytes of the numbers alone. */
    long dataBytes() {
        return elements() * (type == TensorProto.DataType.FLOAT ? Float.BYTES : Long.BYTES);
    }

    /** Bytes of the whole tensor message. */
    long messageBytes() {
        return header().getSerializedSize() + fieldBytes(TensorProto.RAW_DATA_FIELD_NUMBER, dataBytes());
    }

    /** Bytes of a message or byte string as the field of another message: tag, length, contents. */
    static long fieldBytes(int field, long contents) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt64SizeNoTag(contents) + contents;
    }

    /** Everything but the numbers. */
    private TensorProto header() {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .addAllDims(shape)
                .build();
    }

    /** Writes the tensor message, without tag and length. */
    void writeTo(CodedOutputStream out) throws IOException {
        header().writeTo(out);
        out.writeByteBuffer(TensorProto.RAW_DATA_FIELD_NUMBER, data.get());
    }
}
