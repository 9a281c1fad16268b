package replklab.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import replklab.base.LabException;

/**
 * Reads and writes safetensors files of float32 tensors: an 8-byte length, a JSON header that names each tensor's type,
 * shape and place, and the numbers, little-endian.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_HEADER = 100_000_000;

    private Safetensors() {}

    /** A tensor as it lies in a file. */
    public record Entry(int[] shape, float[] values) {}

    /** A file's tensors and its free-form metadata, both in file order. */
    public record Contents(Map<String, Entry> tensors, Map<String, String> metadata) {}

    /**
     * Writes a file; whoever reads meanwhile sees the old one or the new one, never half of it.
     *
     * @throws LabException naming the file if it cannot be written
     */
    public static void write(Path file, Contents contents) {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            try (OutputStream out = Files.newOutputStream(partial)) {
                byte[] header = header(contents).getBytes(StandardCharsets.UTF_8);
                out.write(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .array());
                out.write(header);
                for (Entry entry : contents.tensors.values()) {
                    ByteBuffer bytes = ByteBuffer.allocate(entry.values.length * Float.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asFloatBuffer().put(entry.values);
                    out.write(bytes.array());
                }
            }
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LabException("cannot write weights to " + file + ": " + e.getMessage(), e);
        }
    }

    private static String header(Contents contents) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        if (!contents.metadata.isEmpty()) {
            header.set("__metadata__", JSON.valueToTree(contents.metadata));
        }
        long offset = 0;
        for (Map.Entry<String, Entry> named : contents.tensors.entrySet()) {
            ObjectNode tensor = header.putObject(named.getKey());
            tensor.put("dtype", "F32");
            tensor.set("shape", JSON.valueToTree(named.getValue().shape));
            long end = offset + (long) named.getValue().values.length * Float.BYTES;
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        // The format wants the numbers to begin at a multiple of 8; spaces may fill up the header.
        String text = JSON.writeValueAsString(header);
        return text + " ".repeat((8 - text.getBytes(StandardCharsets.UTF_8).length % 8) % 8);
    }

    /**
     * Reads a file.
     *
     * @throws LabException naming the file and what is wrong with it
     */
    public static Contents read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < 8) {
                throw damaged(file, "it has " + size + " bytes, fewer than the 8 of the header's length");
            }
            long headerLength = bytes(channel, 0, 8).getLong();
            if (headerLength < 2 || headerLength > Math.min(MAX_HEADER, size - 8)) {
                throw damaged(file, "its header claims " + headerLength + " bytes; the file has " + size);
            }
            byte[] header = bytes(channel, 8, (int) headerLength).array();
            return tensors(file, channel, JSON.readTree(header), 8 + headerLength, size);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new LabException("no weights file " + file, e);
        } catch (IOException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
    }

    private static Contents tensors(Path file, FileChannel channel, JsonNode header, long start, long size)
            throws IOException {
        if (!header.isObject()) {
            throw damaged(file, "its header is no JSON object");
        }
        Map<String, Entry> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            JsonNode tensor = field.getValue();
            if (field.getKey().equals("__metadata__")) {
                tensor.properties()
                        .forEach(entry ->
                                metadata.put(entry.getKey(), entry.getValue().asText()));
                continue;
            }
            if (!"F32".equals(tensor.path("dtype").asText())) {
                throw damaged(
                        file,
                        "tensor " + field.getKey() + " has type "
                                + tensor.path("dtype").asText("none") + "; only F32 is read");
            }
            int[] shape = JSON.convertValue(tensor.path("shape"), int[].class);
            long elements = 1;
            for (int axis : shape) {
                elements = axis < 0 ? -1 : Math.multiplyExact(elements, (long) axis);
            }
            long from = tensor.path("data_offsets").path(0).asLong(-1);
            long to = tensor.path("data_offsets").path(1).asLong(-1);
            if (elements < 0 || from < 0 || to > size - start || to - from != elements * Float.BYTES) {
                throw damaged(
                        file,
                        "tensor " + field.getKey() + " of shape " + tensor.path("shape") + " lies at bytes " + from
                                + " to " + to + " of " + (size - start));
            }
            float[] values = new float[Math.toIntExact(elements)];
            bytes(channel, start + from, Math.toIntExact(to - from))
                    .asFloatBuffer()
                    .get(values);
            tensors.put(field.getKey(), new Entry(shape, values));
        }
        return new Contents(tensors, metadata);
    }

    private static ByteBuffer bytes(FileChannel channel, long at, int count) throws IOException {
        byte[] bytes = Channels.newInputStream(channel.position(at)).readNBytes(count);
        if (bytes.length != count) {
            throw new IOException("the file ends early");
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static LabException damaged(Path file, String what) {
        return new LabException("weights file " + file + " cannot be read: " + what);
    }
}
