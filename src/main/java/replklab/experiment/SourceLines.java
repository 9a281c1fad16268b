package replklab.experiment;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import replklab.base.Shown;
import replklab.base.UsageException;

/**
 * Where each key of an experiment's file stands: profiles are merged before values are bound, which loses the lines. What YAML
 * can say and a tree of values cannot keep is refused here, rather than lost: a second document, an alias, a tag, a key that
 * stands twice.
 */
final class SourceLines {
    /** Reads YAML no deeper than an experiment could ever be. */
    static final YAMLFactory YAML = new YAMLFactory()
            .rebuild()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(50)
                    .maxNumberLength(100)
                    .build())
            // Else levels called yes and no would be true and false.
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build();

    private final Map<String, Integer> lines = new HashMap<>();

    /**
     * Reads the lines off a file's text.
     *
     * @throws IOException if it is no YAML
     * @throws UsageException if it says what no experiment can
     */
    SourceLines(String text) throws IOException {
        try (YAMLParser parser = YAML.createParser(text)) {
            int depth = 0;
            int values = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth -= token.isStructEnd() ? 1 : 0;
                if (depth == 0 && !token.isStructEnd() && values++ > 0) {
                    throw new UsageException("a second document begins" + at(parser)
                            + "; a file holds one experiment, without --- between its parts");
                }
                depth += token.isStructStart() ? 1 : 0;
                check(token, parser);
            }
        }
    }

    private void check(JsonToken token, YAMLParser parser) throws IOException {
        if (parser.isCurrentAlias()) {
            throw new UsageException("*" + Shown.of(parser.getText()) + at(parser)
                    + " repeats another value by its name, which is not read here; write the value itself");
        }
        if (parser.getTypeId() != null) {
            throw new UsageException("the tag !" + Shown.of(String.valueOf(parser.getTypeId())) + at(parser)
                    + " is not read here; write the plain value");
        }
        switch (token) {
            case FIELD_NAME -> {
                requirePlain(parser);
                String pointer = parser.getParsingContext().pathAsPointer().toString();
                Integer before =
                        lines.putIfAbsent(pointer, parser.currentTokenLocation().getLineNr());
                if (before != null) {
                    throw new UsageException(path(pointer) + " stands twice: in line " + before + " and again"
                            + at(parser) + "; leave one out");
                }
            }
            case VALUE_STRING -> requirePlain(parser);
            case VALUE_NUMBER_FLOAT -> {
                if (!isFinite(parser)) {
                    throw new UsageException(path(parser) + " is " + Shown.of(parser.getText()) + at(parser)
                            + "; a number must be finite");
                }
            }
            default -> {
                // Nothing that could be wrong.
            }
        }
    }

    private static boolean isFinite(YAMLParser parser) throws IOException {
        try {
            return Double.isFinite(parser.getDoubleValue());
        } catch (JsonParseException e) {
            return false; // .inf and .nan
        }
    }

    /** Names and values end up in folders' names, tables and terminals. */
    private static void requirePlain(YAMLParser parser) throws IOException {
        String text = parser.getText();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int type = Character.getType(c);
            boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
            if (control || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR) {
                throw new UsageException("%s: '%s' holds the control character U+%04X%s; write it without"
                        .formatted(path(parser), Shown.of(text), (int) c, at(parser)));
            }
        }
    }

    private static String path(JsonParser parser) {
        return path(parser.getParsingContext().pathAsPointer().toString());
    }

    private static String path(String pointer) {
        return Shown.of(KeyCheck.path(pointer));
    }

    private static String at(JsonParser parser) {
        return " (line " + parser.currentTokenLocation().getLineNr() + ")";
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

    /** The line of the first of these keys that the file has, in words; empty if it has none. */
    String nearest(Profile profile, String... pointers) {
        for (String pointer : pointers) {
            if (lines.containsKey(pointer) || lines.containsKey("/profiles/" + profile + pointer)) {
                return of(pointer, profile);
            }
        }
        return "";
    }
}
