package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.UserClasses;
import replklab.data.DatasetSpec;
import replklab.tracking.TestPython;

/** The JSON Schema by which editors complete and check experiments' files is what the records and the documentation say. */
class ExperimentSchemaTest {
    private static final Path SCHEMA = Path.of("experiments/experiment.schema.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String PROPERTIES = "#/definitions/settings/properties/";

    /** A line of the documentation's table of keys. */
    private static final Pattern KEYS = Pattern.compile("(?m)^\\| (`[\\w`, ]+`) \\| (.*) \\|$");

    @TempDir
    private Path folder;

    /** When this fails, put what it expected into the file. */
    @Test
    void theFileIsWhatTheRecordsSay() throws IOException {
        assertThat(Files.readString(SCHEMA)).isEqualTo(text(schema()));
    }

    @Test
    void everyFileHereIsValidByIt() throws Exception {
        TestPython.use();
        YAMLMapper yaml = new YAMLMapper();
        ArrayNode files = JSON.createArrayNode();
        try (Stream<Path> shipped = Files.list(Path.of("experiments"))) {
            for (Path file : shipped.filter(each -> each.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                files.add(yaml.readTree(file.toFile()));
                files.add(yaml.readTree(Experiments.loadFile(file, Profile.FULL).logged()));
            }
        }
        assertThat(files).hasSizeGreaterThan(18);
        assertThat(errors(files)).isEmpty();
        ArrayNode wrong = JSON.createArrayNode();
        JsonNode right = files.get(0);
        wrong.add(right.<ObjectNode>deepCopy().put("titel", "x"));
        wrong.add(right.<ObjectNode>deepCopy().put("seeds", "two"));
        wrong.add(right.<ObjectNode>deepCopy().set("training", JSON.readTree("{\"epoch\": 1}")));
        wrong.add(right.<ObjectNode>deepCopy().set("profiles", JSON.readTree("{\"quik\": {}}")));
        wrong.add(right.<ObjectNode>deepCopy().without("variants"));
        assertThat(errors(wrong)).contains("titel", "seeds", "epoch", "quik", "variants");
    }

    /** What Python's validator says of some documents, a line each. */
    private String errors(ArrayNode documents) throws Exception {
        Path file = folder.resolve("documents.json");
        JSON.writeValue(file.toFile(), documents);
        String script = """
                import json, sys, jsonschema
                schema = json.load(open(sys.argv[1]))
                jsonschema.Draft7Validator.check_schema(schema)
                for document in json.load(open(sys.argv[2])):
                    for error in jsonschema.Draft7Validator(schema).iter_errors(document):
                        print(list(error.path), error.message)
                """;
        Process python = new ProcessBuilder(
                        System.getProperty("replklab.python"), "-c", script, SCHEMA.toString(), file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
        return said;
    }

    private static String text(JsonNode schema) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultPrettyPrinter.FixedSpaceIndenter.instance);
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        return JSON.writer(printer).writeValueAsString(schema) + "\n";
    }

    private static JsonNode schema() throws IOException {
        ObjectNode whole = JSON.createObjectNode();
        whole.put("$schema", "http://json-schema.org/draft-07/schema#");
        whole.put("title", "An experiment of RepLK Lab");
        ObjectNode settings = object(ExperimentSpec.class);
        ObjectNode properties = (ObjectNode) settings.get("properties");
        descriptions().forEach((key, text) -> ((ObjectNode) properties.get(key)).put("description", text));
        ObjectNode top = JSON.createObjectNode();
        properties.fieldNames().forEachRemaining(key -> top.putObject(key).put("$ref", PROPERTIES + key));
        top.putObject(Experiment.NAME_KEY).put("type", "string");
        top.set(Experiment.PROFILE_KEY, enumeration((Object[]) Profile.values()));
        ObjectNode profiles = top.putObject("profiles");
        profiles.put("type", "object")
                .put("description", "what each profile changes")
                .put("additionalProperties", false);
        ObjectNode each = profiles.putObject("properties");
        Profile.names().forEach(name -> each.putObject(name).put("$ref", "#/definitions/settings"));
        whole.put("type", "object").put("additionalProperties", false);
        whole.putArray("required").add("title").add("variants");
        whole.set("properties", top);
        whole.putObject("definitions").set("settings", settings);
        return whole;
    }

    private static ObjectNode object(Class<?> type) {
        ObjectNode schema = JSON.createObjectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        for (RecordComponent component : type.getRecordComponents()) {
            if (type != DatasetSpec.class || !component.getName().equals("options")) { // which are further keys
                properties.set(component.getName(), of(component.getGenericType()));
            }
        }
        return schema.put("additionalProperties", type == DatasetSpec.class);
    }

    private static ObjectNode of(Type type) {
        ObjectNode schema = JSON.createObjectNode();
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == List.class) {
                schema.put("type", "array").set("items", of(last));
            } else if (last == String.class) { // a level's name, which YAML may take for a number
                schema.put("type", "object")
                        .putObject("additionalProperties")
                        .putArray("type")
                        .add("string")
                        .add("number")
                        .add("boolean");
            } else if (last instanceof ParameterizedType) { // by factor or name, a list or options
                schema.put("type", "object")
                        .putObject("additionalProperties")
                        .putArray("type")
                        .add("object")
                        .add("array")
                        .add("null");
            } else {
                schema.put("type", "object");
            }
            return schema;
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord() && plain != UserClasses.class) {
            return object(plain);
        }
        if (plain.isEnum()) {
            return enumeration(plain.getEnumConstants());
        }
        if (plain == UserClasses.class) {
            ArrayNode either = schema.putArray("anyOf");
            either.addObject().put("type", "string");
            either.addObject().put("type", "array").putObject("items").put("type", "string");
            return schema;
        }
        return schema.put(
                "type",
                Set.of(int.class, Integer.class, long.class, Long.class).contains(plain)
                        ? "integer"
                        : plain == double.class || plain == Double.class
                                ? "number"
                                : plain == Boolean.class || plain == boolean.class ? "boolean" : "string");
    }

    private static ObjectNode enumeration(Object... constants) {
        ObjectNode schema = JSON.createObjectNode();
        ArrayNode values = schema.putArray("enum");
        for (Object each : constants) {
            values.add(SpokenNames.spoken(((Enum<?>) each).name()).toLowerCase(Locale.ROOT));
        }
        return schema;
    }

    /** What docs/experiments.md says of each key. */
    private static Map<String, String> descriptions() throws IOException {
        String table = Files.readString(Path.of("docs/experiments.md"));
        Map<String, String> found = new TreeMap<>();
        for (MatchResult line : KEYS.matcher(table.substring(table.indexOf("| key | what it says |")))
                .results()
                .toList()) {
            String text =
                    line.group(2).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").replace("`", "");
            for (String key : line.group(1).replace("`", "").split(", ")) {
                found.put(key, text);
            }
        }
        assertThat(found).containsKeys("title", "data", "model", "training", "variants", "hypotheses", "seeds");
        return found;
    }
}
