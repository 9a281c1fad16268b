package replklab.experiment;

import com.fasterxml.jackson.core.JsonParser;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.report.PaperTable;

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
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

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
            Experiment wanted = null;
            for (Profile each : Profile.values()) {
                ObjectNode resolved = merged(merged(object(DEFAULTS), file), profiles.get(each.toString()));
                Experiment experiment = new Experiment(name, each, bind(resolved), YAML.writeValueAsString(resolved));
                check(experiment.spec());
                wanted = each == profile ? experiment : wanted;
            }
            return wanted;
        } catch (JsonProcessingException e) {
            throw readable(e);
        }
    }

    private static void requireProfiles(JsonNode profiles) {
        profiles.fieldNames().forEachRemaining(Profile::of);
        for (String needed : Profile.names()) {
            if (!profiles.has(needed)) {
                throw new UsageException("profiles." + needed + " is missing");
            }
        }
    }

    /** What can only be known of the whole. */
    private static void check(ExperimentSpec spec) {
        spec.combinations().forEach(variant -> Models.check(spec.modelOf(variant)));
        PaperTable table = PaperTable.load(spec.paper().table());
        spec.effects()
                .forEach(effect -> effect.measure(
                        List.of(), ExperimentRunner.METRIC, table, spec.paper().column()));
    }

    private static ExperimentSpec bind(ObjectNode node) throws JsonProcessingException {
        ObjectNode variants = node.withObject("/variants");
        variants.properties().forEach(factor -> {
            if (factor.getValue().isArray()) {
                // [3, 13] is short for {3: 3, 13: 13}.
                ObjectNode levels = YAML.createObjectNode();
                factor.getValue().forEach(level -> levels.set(level.asText(), level));
                factor.setValue(levels);
            }
        });
        return YAML.treeToValue(node, ExperimentSpec.class);
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

    /** Says by the user's own names what Jackson found. */
    private static UsageException readable(JsonProcessingException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UsageException usage) {
                return usage;
            }
        }
        if (error instanceof UnrecognizedPropertyException unknown) {
            Collection<String> known = unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .collect(Collectors.toCollection(java.util.TreeSet::new));
            return UsageException.unknown("key", path(unknown), withPrefix(unknown, known));
        }
        String where = error instanceof JsonMappingException mapping
                        && !mapping.getPath().isEmpty()
                ? path(mapping) + ": "
                : "";
        String line = error.getLocation() == null || error.getLocation().getLineNr() < 1
                ? ""
                : " (line " + error.getLocation().getLineNr() + ")";
        return new UsageException(where + error.getOriginalMessage() + line);
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
            throw readable(e);
        } catch (JsonProcessingException e) {
            throw readable(e);
        }
    }
}
