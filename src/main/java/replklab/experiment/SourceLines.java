package replklab.experiment;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Where each key of an experiment's file stands: profiles are merged before values are bound, which loses the lines. */
final class SourceLines {
    private final Map<String, Integer> lines = new HashMap<>();

    /** Reads the lines off a file's text, which must be YAML. */
    SourceLines(String text) throws IOException {
        try (JsonParser parser = new YAMLFactory().createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME) {
                    lines.putIfAbsent(
                            parser.getParsingContext().pathAsPointer().toString(),
                            parser.currentTokenLocation().getLineNr());
                }
            }
        }
    }

    /**
     * The place of a key in words, such as {@code " (line 12)"}: in the profile, else for all of them, else of what it would
     * have to stand in. Empty if that is the file itself.
     */
    String of(String pointer, Profile profile) {
        String place = pointer;
        Integer line = lines.get("/profiles/" + profile + place);
        while (line == null && !place.isEmpty()) {
            line = lines.get(place);
            place = place.substring(0, place.lastIndexOf('/'));
        }
        return line == null ? "" : " (line " + line + ")";
    }
}
