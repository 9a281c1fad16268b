package replklab.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import replklab.base.LabException;
import replklab.base.WholeFile;

/**
 * Writes safetensors files, and reads those of floats: an 8-byte length, a JSON header that names each tensor's type, shape
 * and place, and the numbers, little-endian.
 */
public final class Safetensors {
    static final String METADATA = "__metadata__";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Safetensors() {}

    /** A tensor of float32 as it lies in a file. */
    public record Entry(int[] shape, float[] values) {}

    /** A file's tensors of floats and its free-form metadata, both in file order. */
    public record Contents(Map<String, Entry> tensors, Map<String, String> metadata) {}

    /**
     * A tensor to be written.
     *
     * @param info its type and shape
     * @param bytes gives its numbers, little-endian, when it is its turn
     */
    record Output(WeightsFile.Info info, Supplier<ByteBuffer> bytes) {
        static Output floats(int[] shape, Supplier<float[]> values) {
            return new Output(new WeightsFile.Info(TensorType.F32, shape), () -> {
                float[] numbers = values.get();
                ByteBuffer bytes = buffer(Math.multiplyExact(numbers.length, Float.BYTES));
                bytes.asFloatBuffer().put(numbers);
                return bytes;
            });
        }

        static Output integers(int[] shape, long[] values) {
            return new Output(new WeightsFile.Info(TensorType.I64, shape), () -> {
                ByteBuffer bytes = buffer(Math.multiplyExact(values.length, Long.BYTES));
                bytes.asLongBuffer().put(values);
                return bytes;
            });
        }

        private static ByteBuffer buffer(int bytes) {
            return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * Writes a file; whoever reads meanwhile sees the old one or the new one, never half of it.
     *
     * @throws LabException naming the file if it cannot be written
     */
    public static void write(Path file, Contents contents) {
        Map<String, Output> tensors = new LinkedHashMap<>();
        contents.tensors.forEach((name, entry) -> tensors.put(name, Output.floats(entry.shape, () -> entry.values)));
        write(file, tensors, contents.metadata);
    }

    /** The same, one tensor's numbers after the other, so that they need not all be in memory. */
    static void write(Path file, Map<String, Output> tensors, Map<String, String> metadata) {
        WholeFile.write(file, "weights", out -> {
            byte[] header = header(tensors, metadata).getBytes(StandardCharsets.UTF_8);
            out.write(Output.buffer(Long.BYTES).putLong(header.length).array());
            out.write(header);
            for (Output tensor : tensors.values()) {
                out.write(tensor.bytes.get().array());
            }
        });
    }

    private static String header(Map<String, Output> tensors, Map<String, String> metadata)
            throws JsonProcessingException {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            header.set(METADATA, JSON.valueToTree(metadata));
        }
        long offset = 0;
        for (Map.Entry<String, Output> named : tensors.entrySet()) {
            WeightsFile.Info info = named.getValue().info;
            ObjectNode tensor = header.putObject(named.getKey());
            tensor.put("dtype", info.type().name());
            tensor.set("shape", JSON.valueToTree(info.shape()));
            long end = offset + info.elements() * info.type().bytes();
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        // The format wants the numbers to begin at a multiple of 8; spaces may fill up the header.
        String text = JSON.writeValueAsString(header);
        return text + " ".repeat((8 - text.getBytes(StandardCharsets.UTF_8).length % 8) % 8);
    }

    /**
     * Reads a file's floats; integers, such as PyTorch's counters, are left out.
     *
     * @throws LabException naming the file and what is wrong with it
     */
    public static Contents read(Path file) {
        try (WeightsFile in = SafetensorsFile.open(file)) {
            Map<String, Entry> tensors = new LinkedHashMap<>();
            in.tensors().forEach((name, info) -> {
                if (!info.type().isInteger()) {
                    tensors.put(name, new Entry(info.shape(), in.floats(name)));
                }
            });
            return new Contents(tensors, in.metadata());
        }
    }
}
