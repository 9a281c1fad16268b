package replklab.experiment;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /** What {@code finetune} need not say, where it is there. */
    private static final String FINETUNE = """
            decoder: {stages: [], poolScales: [1, 2, 3, 6], auxiliaryChannels: 0, dropout: 0}
            """;

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    private static final Pattern COSTS = Pattern.compile("(?m)^# Costs +(.*)$");

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

    /**
     * What one of the checkout's files says that a profile takes: a comment line such as {@code # Costs  smoke under 1 min, quick 5 min,
     * full 30 min} is for people, and shown to them as it stands.
     *
     * @return such as {@code "5 min"}; empty where the file does not say
     */
    public static String statedCosts(String name, Profile profile) {
        Path file = LabHome.resolve("experiments").resolve(name + ".yaml");
        try {
            return costsIn(Files.readString(file), profile);
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    static String costsIn(String text, Profile profile) {
        Matcher costs = COSTS.matcher(text);
        Matcher own = Pattern.compile("\\b" + profile + "\\b(?: and \\w+)?\\s+([^,.]*)")
                .matcher(costs.find() ? costs.group(1) : "");
        return own.find() ? own.group(1).strip() : "";
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
                throw new UsageException("there is nothing in it; an experiment has title, question, variants, ...");
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
            throw readable(e, "", line(e.getLocation()));
        } catch (IOException e) {
            throw new UncheckedIOException("a text has no input and output", e);
        }
    }

    private static Experiment resolve(
            String name, ObjectNode file, Profile profile, JsonNode changes, SourceLines lines)
            throws JsonProcessingException {
        // Of copies: what a profile merges into the file would show in the next one.
        ObjectNode defaults = object(DEFAULTS);
        if (file.has("measure")) {
            Stream.of("data", "training").filter(key -> !file.has(key)).forEach(defaults::remove);
        }
        if (file.has("finetune")) {
            ObjectNode finetune = object(FINETUNE);
            finetune.set("training", object(DEFAULTS).get("training"));
            if (file.get("finetune").has("data")) {
                finetune.set("data", object(DEFAULTS).get("data"));
            }
            defaults.set("finetune", finetune);
        }
        ObjectNode resolved = merged(merged(defaults, file.deepCopy()), changes);
        nameLevels(resolved);
        new KeyCheck(pointer -> lines.of(pointer, profile)).check(resolved, ExperimentSpec.class, "");
        try {
            ExperimentSpec spec = YAML.treeToValue(resolved, ExperimentSpec.class);
            SpecCheck.check(spec);
            return new Experiment(name, profile, spec, YAML.writeValueAsString(resolved));
        } catch (JsonMappingException e) {
            throw readable(e, "", lines.of(pointer(e), profile));
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

    private static void nameLevels(ObjectNode file) {
        if (file.get("variants") instanceof ObjectNode variants) {
            variants.properties().forEach(factor -> {
                if (factor.getValue().isArray()) {
                    factor.setValue(named(factor.getKey(), factor.getValue()));
                }
            });
        }
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

    /** A resolved configuration with other seeds. */
    static String withSeeds(String yaml, int seeds, long first) {
        try {
            ObjectNode resolved = object(yaml);
            resolved.put("seeds", seeds);
            if (first == 1) {
                resolved.remove("firstSeed");
            } else {
                resolved.put("firstSeed", first);
            }
            return YAML.writeValueAsString(resolved);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a configuration that was written as YAML can be read", e);
        }
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
    private static UsageException readable(JsonProcessingException error, String prefix, String where) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UsageException usage) {
                return usage;
            }
        }
        String path = error instanceof JsonMappingException mapping ? KeyCheck.path(prefix + pointer(mapping)) : "";
        return new UsageException((path.isEmpty() ? "" : path + ": ") + error.getOriginalMessage() + where);
    }

    private static String line(JsonLocation location) {
        return location == null || location.getLineNr() < 1 ? "" : " (line " + location.getLineNr() + ")";
    }

    private static String pointer(JsonMappingException error) {
        return error.getPath().stream()
                .map(part -> "/" + (part.getFieldName() == null ? part.getIndex() : part.getFieldName()))
                .collect(Collectors.joining());
    }

    /**
     * Binds options to a record, with the errors of this class.
     *
     * @param key of the file that has the options, such as {@code model}
     */
    static <T> T options(String key, Map<String, JsonNode> options, Class<T> type) {
        JsonNode node = YAML.valueToTree(options);
        new KeyCheck(pointer -> "").check(node, type, "/" + key);
        try {
            return YAML.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw readable(e, "/" + key, "");
        }
    }
}
