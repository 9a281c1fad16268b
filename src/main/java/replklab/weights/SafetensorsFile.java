package replklab.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import replklab.base.LabException;
import replklab.base.Quietly;
import replklab.base.Shown;

/** Reads safetensors files; {@link Safetensors} says what they are. */
final class SafetensorsFile implements WeightsFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Room for some 60,000 tensors. The format allows 100 MB, which as objects would take gigabytes. */
    private static final long MAX_HEADER = 8 << 20;

    private final Path path;
    private final RandomAccessFile in; // no FileChannel: interrupting the thread, as a notebook does, would close it
    private final Map<String, Place> places;
    private final Map<String, String> metadata;

    /** Where a tensor's numbers lie, counted from the end of the header. */
    private record Place(Info info, long from, long to) {}

    private SafetensorsFile(Path path, RandomAccessFile in) throws IOException {
        this.path = path;
        this.in = in;
        long size = in.length();
        if (size < 8) {
            throw damaged("it has " + size + " bytes, fewer than the 8 of the header's length");
        }
        long headerLength = bytes(0, 8).getLong();
        if (headerLength < 2 || headerLength > size - 8) {
            throw damaged(
                    headerLength >= 2
                                    && headerLength <= MAX_HEADER
                                    && bytes(8, 1).get() == '{'
                            ? "it breaks off in its header, after " + size + " bytes: an incomplete download?"
                            : "it is neither PyTorch's nor safetensors: as the latter its header would have "
                                    + Long.toUnsignedString(headerLength) + " bytes; the file has " + size);
        }
        if (headerLength > MAX_HEADER) {
            throw damaged("its header has " + headerLength + " bytes; at most " + MAX_HEADER + " are read");
        }
        JsonNode header = JSON.readTree(bytes(8, (int) headerLength).array());
        if (!header.isObject()) {
            throw damaged("its header is no JSON object");
        }
        this.places = places(header, 8 + headerLength, size);
        this.metadata = metadata(header);
    }

    static SafetensorsFile open(Path path) {
        RandomAccessFile in = null;
        SafetensorsFile file = null;
        try {
            in = new RandomAccessFile(path.toFile(), "r");
            file = new SafetensorsFile(path, in);
            return file;
        } catch (MismatchedInputException e) { // Jackson says this with the names of its classes
            throw damaged(path, "its header is no JSON: there is more behind its end");
        } catch (JsonProcessingException e) {
            throw damaged(path, "its header is no JSON: " + Shown.of(e.getOriginalMessage()));
        } catch (IOException e) {
            throw Files.exists(path)
                    ? damaged(path, String.valueOf(e.getMessage()))
                    : new LabException("no weights file " + path, e);
        } finally {
            if (file == null && in != null) {
                Quietly.close(in);
            }
        }
    }

    @Override
    public SequencedMap<String, Info> tensors() {
        SequencedMap<String, Info> tensors = new LinkedHashMap<>();
        places.forEach((name, place) -> tensors.put(name, place.info));
        return Collections.unmodifiableSequencedMap(tensors);
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public float[] floats(String name) {
        Info info = places.get(name).info;
        if (info.type().isInteger()) {
            throw damaged("tensor " + Shown.of(name) + " holds integers where weights are wanted");
        }
        return info.type().floats(numbers(name), (int) info.elements());
    }

    @Override
    public long[] integers(String name) {
        Info info = places.get(name).info;
        if (!info.type().isInteger()) {
            throw damaged("tensor " + Shown.of(name) + " holds " + info.type() + " where integers are wanted");
        }
        return info.type().integers(numbers(name), (int) info.elements());
    }

    @Override
    public void close() {
        Quietly.close(in);
    }

    private static Map<String, String> metadata(JsonNode header) {
        Map<String, String> metadata = new LinkedHashMap<>();
        header.path(Safetensors.METADATA)
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        return metadata;
    }

    private Map<String, Place> places(JsonNode header, long start, long fileSize) {
        long size = fileSize - start;
        long claimed = 0;
        for (JsonNode tensor : header) {
            claimed = Math.max(claimed, tensor.path("data_offsets").path(1).asLong(0));
        }
        if (claimed > size) {
            throw damaged("it breaks off: its tensors take " + claimed + " bytes, but " + size
                    + " follow the header; an incomplete download?");
        }
        Map<String, Place> found = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals(Safetensors.METADATA)) {
                found.put(field.getKey(), place(field.getKey(), field.getValue(), start, size));
            }
        }
        // The format allows neither gaps nor overlaps, so every byte is spoken for.
        long end = start;
        for (Place place : found.values().stream()
                .sorted(Comparator.comparingLong(Place::from).thenComparingLong(Place::to))
                .toList()) {
            if (place.from != end) {
                throw damaged("its tensors leave a gap or overlap at byte " + (Math.min(end, place.from) - start));
            }
            end = place.to;
        }
        if (end != fileSize) {
            throw damaged("its tensors take " + (end - start) + " bytes, but " + size + " follow the header");
        }
        return found;
    }

    private Place place(String name, JsonNode tensor, long start, long size) {
        String typeName = tensor.path("dtype").asText("none");
        TensorType type = Arrays.stream(TensorType.values())
                .filter(known -> known.name().equals(typeName))
                .findFirst()
                .orElseThrow(() -> damaged("tensor " + Shown.of(name) + " has type " + Shown.of(typeName) + "; only "
                        + Arrays.toString(TensorType.values()) + " are read"));
        JsonNode axes = tensor.path("shape");
        int[] shape = new int[axes.size()];
        long bytes = axes.isArray() ? type.bytes() : -1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = axes.get(i).canConvertToInt() ? axes.get(i).intValue() : -1;
            // A product that is out of bounds, or overflows, stays refused.
            bytes = shape[i] < 0 || bytes < 0 || bytes > size ? -1 : bytes * shape[i];
        }
        long from = tensor.path("data_offsets").path(0).asLong(-1);
        long to = tensor.path("data_offsets").path(1).asLong(-1);
        if (bytes < 0 || bytes > Integer.MAX_VALUE || from < 0 || to > size || to - from != bytes) {
            throw damaged("tensor " + Shown.of(name) + " of shape " + Shown.of(axes.toString()) + " lies at bytes "
                    + from + " to " + to + " of " + size);
        }
        return new Place(new Info(type, shape), start + from, start + to);
    }

    private ByteBuffer numbers(String name) {
        Place place = places.get(name);
        try {
            return bytes(place.from, (int) (place.to - place.from));
        } catch (IOException e) {
            throw damaged("tensor " + Shown.of(name) + ": " + e.getMessage());
        }
    }

    private ByteBuffer bytes(long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        in.seek(at);
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private LabException damaged(String what) {
        return damaged(path, what);
    }

    private static LabException damaged(Path path, String what) {
        return new LabException("weights file " + path + " cannot be read: " + what);
    }
}
