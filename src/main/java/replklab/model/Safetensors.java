package replklab.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import replklab.base.LabException;

/**
 * Reads and writes safetensors files of float32 tensors: an 8-byte length, a JSON header that names each tensor's type,
 * shape and place, and the numbers, little-endian.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String METADATA = "__metadata__";
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
            discard(partial); // a full disk needs the room
            throw new LabException("cannot write weights to " + file + ": " + e.getMessage(), e);
        }
    }

    private static void discard(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            // What made the writing fail is what the user must know.
            return;
        }
    }

    private static String header(Contents contents) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        if (!contents.metadata.isEmpty()) {
            header.set(METADATA, JSON.valueToTree(contents.metadata));
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
        // No FileChannel: interrupting the thread, as a notebook does to stop a cell, would close it.
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long size = in.length();
            if (size < 8) {
                throw damaged(file, "it has " + size + " bytes, fewer than the 8 of the header's length");
            }
            long headerLength = bytes(in, 0, 8).getLong();
            if (headerLength < 2 || headerLength > Math.min(MAX_HEADER, size - 8)) {
                throw damaged(file, "its header claims " + headerLength + " bytes; the file has " + size);
            }
            JsonNode header = JSON.readTree(bytes(in, 8, (int) headerLength).array());
            if (!header.isObject()) {
                throw damaged(file, "its header is no JSON object");
            }
            Map<String, Place> places = places(file, header, size - 8 - headerLength);
            Map<String, Entry> tensors = new LinkedHashMap<>();
            for (Map.Entry<String, Place> named : places.entrySet()) {
                Place place = named.getValue();
                float[] values = new float[(int) (place.length() / Float.BYTES)];
                bytes(in, 8 + headerLength + place.from, (int) place.length())
                        .asFloatBuffer()
                        .get(values);
                tensors.put(named.getKey(), new Entry(place.shape, values));
            }
            return new Contents(tensors, metadata(header));
        } catch (JsonProcessingException e) {
            throw damaged(file, "its header is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw Files.exists(file)
                    ? damaged(file, String.valueOf(e.getMessage()))
                    : new LabException("no weights file " + file, e);
        }
    }

    private static Map<String, String> metadata(JsonNode header) {
        Map<String, String> metadata = new LinkedHashMap<>();
        header.path(METADATA)
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        return metadata;
    }

    /** Where a tensor's numbers lie behind the header. */
    private record Place(int[] shape, long from, long to) {
        long length() {
            return to - from;
        }
    }

    private static Map<String, Place> places(Path file, JsonNode header, long size) {
        Map<String, Place> places = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals(METADATA)) {
                places.put(field.getKey(), place(file, field.getKey(), field.getValue(), size));
            }
        }
        // The format allows neither gaps nor overlaps, so every byte is spoken for.
        long end = 0;
        for (Place place : places.values().stream()
                .sorted(Comparator.comparingLong(Place::from).thenComparingLong(Place::to))
                .toList()) {
            if (place.from != end) {
                throw damaged(file, "its tensors leave a gap or overlap at byte " + Math.min(end, place.from));
            }
            end = place.to;
        }
        if (end != size) {
            throw damaged(file, "its tensors take " + end + " bytes, but " + size + " follow the header");
        }
        return places;
    }

    private static Place place(Path file, String name, JsonNode tensor, long size) {
        String type = tensor.path("dtype").asText("none");
        if (!type.equals("F32")) {
            throw damaged(file, "tensor " + name + " has type " + type + "; only F32 is read");
        }
        JsonNode axes = tensor.path("shape");
        int[] shape = new int[axes.size()];
        long bytes = axes.isArray() ? Float.BYTES : -1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = axes.get(i).canConvertToInt() ? axes.get(i).intValue() : -1;
            // A product that is out of bounds, or overflows, stays refused.
            bytes = shape[i] < 0 || bytes < 0 || bytes > size ? -1 : bytes * shape[i];
        }
        long from = tensor.path("data_offsets").path(0).asLong(-1);
        long to = tensor.path("data_offsets").path(1).asLong(-1);
        if (bytes < 0 || bytes > Integer.MAX_VALUE || from < 0 || to > size || to - from != bytes) {
            throw damaged(
                    file,
                    "tensor " + name + " of shape " + axes + " lies at bytes " + from + " to " + to + " of " + size);
        }
        return new Place(shape, from, to);
    }

    private static ByteBuffer bytes(RandomAccessFile in, long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        in.seek(at);
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static LabException damaged(Path file, String what) {
        return new LabException("weights file " + file + " cannot be read: " + what);
    }
}
