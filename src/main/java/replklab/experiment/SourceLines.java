package replklab.experiment;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Where each key of an experiment's file stands: profiles are merged before values are bound, which loses the lines. */
final class SourceLines {
    private final Map<String, Integer> lines = new HashMap<>();

    /** Reads the lines off a file's text, which must be YAML. */
    SourceLines(String text) throws IOException {
        try (JsonParser parser = new YAMLFactory().createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME) {
                    JsonPointer pointer = parser.getParsingContext().pathAsPointer();
                    lines.putIfAbsent(
                            pointer.toString(), parser.currentTokenLocation().getLineNr());
                }
            }
        }
    }

    /**
     * The place of an error in words, such as {@code " (line 12)"}: of the key itself, in the profile or for all of them, or
     * of what it would have to stand in. Empty if that is the file itself.
     */
    String of(JsonMappingException error, Profile profile) {
        String pointer = error.getPath().stream()
                .map(part -> "/" + (part.getFieldName() == null ? part.getIndex() : part.getFieldName()))
                .collect(Collectors.joining());
        Integer line = lines.get("/profiles/" + profile + pointer);
        while (line == null && !pointer.isEmpty()) {
            line = lines.get(pointer);
            pointer = pointer.substring(0, pointer.lastIndexOf('/'));
        }
        return line == null ? "" : " (line " + line + ")";
    }
}
