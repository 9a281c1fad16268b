package replklab.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import replklab.base.WholeFile;

/** JSON as this package's files hold it. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private Json() {}

    /** One line of JSON; NaN and infinities stand in quotes, and {@link #read} takes them back. */
    static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The value, or empty if the text is not such a value. */
    static <T> Optional<T> read(String text, Class<T> type) {
        try {
            return Optional.ofNullable(MAPPER.readValue(text, type));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The value in a file, or empty if there is none or it is not whole. */
    static <T> Optional<T> load(Path file, Class<T> type) {
        try {
            return read(Files.readString(file), type);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Replaces a file in one step, so that nobody reads half of it and a full disk leaves the old one. */
    static void save(Path file, Object value) throws IOException {
        String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
        WholeFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
