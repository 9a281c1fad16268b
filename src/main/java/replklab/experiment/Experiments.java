package replklab.experiment;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;

/**
 * Reads the experiments' YAML files. A file says what all profiles share, and under {@code profiles} what each one changes.
 * Unknown keys are refused by name; every profile of a file is checked whenever the file is read.
 */
public final class Experiments {
    /** What a file need not say. */
    private static final String DEFAULTS = """
            data: {name: fashion-mnist, path: '', resolution: 0, trainExamples: 0, testExamples: 0}
            training:
              optimiser: sgd
              momentum: 0.9
              weightDecay: 0
              warmupEpochs: 0
              labelSmoothing: 0
              clipNorm: 0
              emaDecay: 0
              maxSteps: 0
              augmentation: {cropPadding: 0, horizontalFlip: 0, erasing: 0, mixup: 0, cutmix: 0}
            effects: []
            """;

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    /** What Jackson says of a key that must be there. */
    private static final Pattern MISSING = Pattern.compile("^Missing required creator property '([^']+)'");

    private Experiments() {}

    /** Names of all experiments in a folder, in alphabetical order. */
    public static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LabException("cannot list the experiments in " + folder, e);
        }
    }

    /** Names of the checkout's experiments. */
    public static List<String> names() {
        return names(LabHome.resolve("experiments"));
    }

    /** Reads one of the checkout's experiments. */
    public static Experiment load(String name, Profile profile) {
        return load(LabHome.resolve("experiments"), name, profile);
    }

    /**
     * Reads an experiment.
     *
     * @throws UsageException for an unknown experiment or key, or a value that is not allowed
     */
    public static Experiment load(Path folder, String name, Profile profile) {
        Path file = folder.resolve(name + ".yaml");
        if (!names(folder).contains(name)) {
            throw UsageException.unknown("experiment", name, names(folder));
        }
        try {
            return parse(name, Files.readString(file), profile);
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (UsageException e) {
            throw new UsageException(file.getFileName() + ": " + e.getMessage());
        }
    }

    /** Reads an experiment from the text of its file. */
    public static Experiment parse(String name, String text, Profile profile) {
        try {
            JsonNode read = YAML.readTree(text);
            if (!(read instanceof ObjectNode file)) {
                throw new UsageException("there is nothing in it; an experiment has title, question, data, model, ...");
            }
            JsonNode profiles = file.remove("profiles");
            if (profiles == null || !profiles.isObject()) {
                throw new UsageException(
                        "profiles is missing; it says what " + String.join(", ", Profile.names()) + " change");
            }
            requireProfiles(profiles);
            SourceLines lines = new SourceLines(text);
            Experiment wanted = null;
            for (Profile each : Profile.values()) {
                Experiment experiment = resolve(name, file, each, profiles.get(each.toString()), lines);
                wanted = each == profile ? experiment : wanted;
            }
            return wanted;
        } catch (JsonProcessingException e) {
            throw readable(e, line(e.getLocation()));
        } catch (IOException e) {
            throw new UncheckedIOException("a text has no input and output", e);
        }
    }

    private static Experiment resolve(
            String name, ObjectNode file, Profile profile, JsonNode changes, SourceLines lines)
            throws JsonProcessingException {
        ObjectNode resolved = merged(merged(object(DEFAULTS), file), changes);
        try {
            Experiment experiment = new Experiment(name, profile, bind(resolved), YAML.writeValueAsString(resolved));
            SpecCheck.check(experiment.spec());
            return experiment;
        } catch (JsonMappingException e) {
            throw readable(e, lines.of(e, profile));
        }
    }

    private static void requireProfiles(JsonNode profiles) {
        profiles.fieldNames().forEachRemaining(Profile::of);
        for (String needed : Profile.names()) {
            JsonNode changes = profiles.get(needed);
            if (changes == null) {
                throw new UsageException("profiles." + needed + " is missing");
            }
            if (!changes.isObject() && !changes.isNull()) {
                throw new UsageException("profiles." + needed + " is " + changes
                        + "; it says what the profile changes, such as {seeds: 2}");
            }
        }
    }

    private static ExperimentSpec bind(ObjectNode node) throws JsonProcessingException {
        if (node.get("variants") instanceof ObjectNode variants) {
            variants.properties().forEach(factor -> {
                if (factor.getValue().isArray()) {
                    factor.setValue(named(factor.getKey(), factor.getValue()));
                }
            });
        }
        // The one key of an object in a list that may be left out; DEFAULTS cannot reach into lists.
        ObjectNode bound = node.deepCopy();
        bound.path("effects").forEach(effect -> {
            if (effect instanceof ObjectNode object && !object.has("butNot")) {
                object.putNull("butNot");
            }
        });
        return YAML.treeToValue(bound, ExperimentSpec.class);
    }

    /** [3, 13] is short for {3: 3, 13: 13}. */
    private static ObjectNode named(String factor, JsonNode list) {
        ObjectNode levels = YAML.createObjectNode();
        list.forEach(level -> {
            if (!level.isValueNode() || level.isNull()) {
                throw new UsageException("variants." + factor + ": level " + level
                        + " needs a name of its own, as in {small: [5, 5], large: [31, 29]}");
            }
            if (levels.has(level.asText())) {
                throw new UsageException("variants." + factor + " has level " + level.asText() + " twice");
            }
            levels.set(level.asText(), level);
        });
        return levels;
    }

    private static ObjectNode object(String yaml) throws JsonProcessingException {
        return (ObjectNode) YAML.readTree(yaml);
    }

    /** {@code base} with everything that {@code changes} says; objects are merged key by key. */
    private static ObjectNode merged(ObjectNode base, JsonNode changes) {
        changes.properties().forEach(change -> {
            JsonNode before = base.get(change.getKey());
            boolean both = before instanceof ObjectNode && change.getValue().isObject();
            base.set(change.getKey(), both ? merged((ObjectNode) before, change.getValue()) : change.getValue());
        });
        return base;
    }

    /** Says by the user's own names what Jackson found, and where. */
    private static UsageException readable(JsonProcessingException error, String where) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UsageException usage) {
                return usage;
            }
        }
        if (error instanceof UnrecognizedPropertyException unknown) {
            Collection<String> known = unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .collect(Collectors.toCollection(TreeSet::new));
            UsageException refused = UsageException.unknown("key", path(unknown), withPrefix(unknown, known));
            return new UsageException(refused.getMessage() + where);
        }
        String path = error instanceof JsonMappingException mapping ? path(mapping) : "";
        Matcher missing = MISSING.matcher(error.getOriginalMessage());
        if (missing.find()) {
            return new UsageException((path.isEmpty() ? "" : path + ".") + missing.group(1) + " is missing" + where);
        }
        return new UsageException((path.isEmpty() ? "" : path + ": ") + error.getOriginalMessage() + where);
    }

    private static String line(JsonLocation location) {
        return location == null || location.getLineNr() < 1 ? "" : " (line " + location.getLineNr() + ")";
    }

    private static String path(JsonMappingException error) {
        return error.getPath().stream()
                .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static List<String> withPrefix(JsonMappingException error, Collection<String> keys) {
        String path = path(error);
        String prefix = path.substring(0, path.lastIndexOf('.') + 1);
        return keys.stream().map(key -> prefix + key).toList();
    }

    /** Binds a model's options, with the errors of this class. */
    static <T> T options(Map<String, JsonNode> options, Class<T> type) {
        try {
            return YAML.treeToValue(YAML.valueToTree(options), type);
        } catch (JsonMappingException e) {
            e.prependPath(options, "model");
            throw readable(e, "");
        } catch (JsonProcessingException e) {
            throw readable(e, "");
        }
    }
}
