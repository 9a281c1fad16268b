package replklab.experiment;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.Options;
import replklab.base.Shown;
import replklab.base.UsageException;
import replklab.data.Split;
import replklab.train.TrainingConfig;

/**
 * Reads the experiments' YAML files. A file says what all profiles share, and under {@code profiles} what each one changes.
 * Unknown keys are refused by name; every profile of a file is checked whenever the file is read.
 */
public final class Experiments {
    private static final YAMLMapper YAML = YAMLMapper.builder(SourceLines.YAML)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .addHandler(new SpokenNames())
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    private static final String ENDING = ".yaml";

    private static final Pattern COSTS = Pattern.compile("(?m)^# Costs +(.*)$");

    private static final Pattern OVERRIDE = Pattern.compile("([^=\\s]+)=(.+)");

    private static final Pattern LINE = Pattern.compile(" \\(line \\d+\\)");

    private Experiments() {}

    /** Names of all experiments in a folder, in alphabetical order. */
    public static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ENDING) && name.length() > ENDING.length())
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
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
     * @return such as {@code "5 min"}; empty where the file does not say, or lies elsewhere
     */
    public static String statedCosts(String name, Profile profile) {
        Path file = LabHome.resolve("experiments").resolve(name + ENDING);
        return Files.exists(file) ? costsIn(ExperimentText.read(file), profile) : "";
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
        return load(folder, name, profile, List.of());
    }

    /** One of the checkout's experiments with settings changed for once, as {@link #loadFile(Path, Profile, List, List)} takes them. */
    public static Experiment load(String name, Profile profile, List<String> overrides) {
        return load(LabHome.resolve("experiments"), name, profile, overrides);
    }

    private static Experiment load(Path folder, String name, Profile profile, List<String> overrides) {
        if (!names(folder).contains(name)) {
            throw UsageException.unknown("experiment", name, names(folder));
        }
        Path file = folder.resolve(name + ENDING);
        return read(file, file.getFileName().toString(), name, profile, List.of(), overrides);
    }

    /**
     * Reads a file that lies anywhere: one with profiles, or a single configuration such as a run's artifact
     * {@code experiment.yaml}, which names the experiment itself. Else the file's name is the experiment's.
     *
     * @param profile which one; null for the file's own, quick where it has all of them
     * @throws UsageException if it is no experiment, or one logged in another profile
     */
    public static Experiment loadFile(Path file, Profile profile) {
        return loadFile(file, profile, List.of());
    }

    /**
     * The same with more places where classes of the user's own lie than the file says.
     *
     * @param classPath jars and folders
     */
    public static Experiment loadFile(Path file, Profile profile, List<Path> classPath) {
        return loadFile(file, profile, classPath, List.of());
    }

    /**
     * The same with settings changed for once.
     *
     * @param overrides such as {@code training.epochs=5}: a path of keys, and a value as YAML has it; in every profile
     */
    public static Experiment loadFile(Path file, Profile profile, List<Path> classPath, List<String> overrides) {
        if (!Files.exists(file)) {
            throw new UsageException("no file " + file);
        }
        String fileName = file.toAbsolutePath().normalize().getFileName().toString();
        String name = fileName.replaceFirst("[.]ya?ml$", "");
        return read(file, file.toString(), name, profile, classPath, overrides);
    }

    private static Experiment read(
            Path file, String shown, String name, Profile profile, List<Path> classPath, List<String> overrides) {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
        String text;
        Experiment experiment;
        try {
            text = ExperimentText.read(file);
            experiment = new ExperimentParser(text, YAML, folder, classPath)
                    .experiment(name, profile)
                    .from(shown);
        } catch (UsageException e) {
            throw new UsageException(shown + ": " + e.getMessage());
        }
        if (overrides.isEmpty()) {
            return experiment;
        }
        try {
            return new ExperimentParser(overridden(text, overrides, experiment.profile()), YAML, folder, classPath)
                    .experiment(name, profile)
                    .from(shown)
                    .overridden(overrides);
        } catch (UsageException e) { // the file alone was right; the lines that it names are not the file's
            throw new UsageException("--set: " + LINE.matcher(e.getMessage()).replaceAll(""));
        }
    }

    /** A file's text with other settings, where what a profile changes would hide them. */
    private static String overridden(String text, List<String> overrides, Profile profile) {
        try {
            ObjectNode file = object(text);
            ObjectNode place = file;
            if (file.get("profiles") instanceof ObjectNode profiles) {
                place = profiles.get(profile.toString()) instanceof ObjectNode changes
                        ? changes
                        : profiles.putObject(profile.toString());
            }
            for (String override : overrides) {
                Matcher parts = OVERRIDE.matcher(override);
                if (!parts.matches()) {
                    throw new UsageException("'" + Shown.of(override)
                            + "' is no setting; it needs a key as in the file and a value, such as training.epochs=5");
                }
                JsonNode value = YAML.readTree(parts.group(2));
                set(place, parts.group(1), value);
            }
            return YAML.writeValueAsString(file);
        } catch (JsonProcessingException e) {
            throw readable(e);
        }
    }

    private static void set(ObjectNode place, String key, JsonNode value) {
        ObjectNode at = place;
        String[] path = key.split("[.]", -1);
        for (int i = 0; i < path.length - 1; i++) {
            at = at.get(path[i]) instanceof ObjectNode part ? part : at.putObject(path[i]);
        }
        at.set(path[path.length - 1], value);
    }

    /** Reads an experiment from the text of its file, as {@link #loadFile} does; its class path begins at the checkout. */
    public static Experiment parse(String name, String text, Profile profile) {
        return parse(name, text, profile, List.of());
    }

    /** The same with more places where classes of the user's own lie. */
    public static Experiment parse(String name, String text, Profile profile, List<Path> classPath) {
        return new ExperimentParser(text, YAML, null, classPath).experiment(name, profile);
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

    /** A resolved configuration whose variants have every value of some settings of the training, too; without claims. */
    static String withSettings(String yaml, Map<String, List<JsonNode>> settings) {
        try {
            ObjectNode resolved = object(yaml);
            ObjectNode variants = (ObjectNode) resolved.get("variants");
            settings.forEach((setting, values) -> {
                ObjectNode levels = variants.putObject(setting);
                values.forEach(value -> levels.set(value.asText(), value));
            });
            resolved.remove(List.of("search", "paper"));
            resolved.putArray(ExperimentParser.HYPOTHESES);
            return YAML.writeValueAsString(resolved);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a configuration that was written as YAML can be read", e);
        }
    }

    /** A resolved configuration that is evaluated on images held out from training, wherever it holds any out. */
    static String onValidation(String yaml) {
        try {
            ObjectNode resolved = object(yaml);
            for (JsonNode data :
                    List.of(resolved.path("data"), resolved.path("finetune").path("data"))) {
                if (data instanceof ObjectNode images
                        && images.path("validationExamples").asInt() > 0) {
                    images.put("evaluateOn", Split.VALIDATION.toString());
                }
            }
            return YAML.writeValueAsString(resolved);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a configuration that was written as YAML can be read", e);
        }
    }

    /**
     * A training with another value of one setting.
     *
     * @param setting as in the file below {@code training}, such as {@code augmentation.mixup}
     * @throws UsageException naming it, if there is none such or the value is not allowed
     */
    static TrainingConfig with(TrainingConfig training, String setting, JsonNode value) {
        String factor = "variants.training." + setting;
        ObjectNode settings = YAML.valueToTree(training);
        String[] path = setting.split("\\.", -1);
        ObjectNode at = settings;
        for (int i = 0; i < path.length - 1; i++) {
            if (!(at.get(path[i]) instanceof ObjectNode part)) {
                throw new UsageException(factor + ": training has no part '" + Shown.of(path[i]) + "'");
            }
            at = part;
        }
        at.set(path[path.length - 1], value);
        try {
            new KeyCheck(_ -> "").check(settings, TrainingConfig.class, "/training");
            return YAML.treeToValue(settings, TrainingConfig.class);
        } catch (UsageException e) {
            throw new UsageException(factor + ": " + e.getMessage());
        } catch (JsonProcessingException e) {
            throw new UsageException(factor + ": " + readable(e).getMessage());
        }
    }

    /** A resolved configuration of one run alone. */
    static String ofRun(String yaml, RunPlan plan) {
        try {
            ObjectNode resolved = object(withSeeds(yaml, 1, plan.seed()));
            resolved.set("only", YAML.valueToTree(List.of(plan.variant())));
            resolved.putArray(ExperimentParser.HYPOTHESES);
            return YAML.writeValueAsString(resolved);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a configuration that was written as YAML can be read", e);
        }
    }

    /** A resolved configuration under the names that a reader of it needs. */
    static String headed(Map<String, String> names, String yaml) {
        try {
            ObjectNode headed = YAML.createObjectNode();
            names.forEach(headed::put);
            return YAML.writeValueAsString(headed.setAll(object(yaml)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a configuration that was written as YAML can be read", e);
        }
    }

    private static ObjectNode object(String yaml) throws JsonProcessingException {
        return (ObjectNode) YAML.readTree(yaml);
    }

    /** Says by the user's own names what Jackson or YAML's reader found, and where. */
    static UsageException readable(IOException error) {
        return readable(error, "");
    }

    private static UsageException readable(IOException error, String prefix) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UsageException usage) {
                return usage;
            }
        }
        String path = error instanceof JsonMappingException mapping ? KeyCheck.path(prefix + pointer(mapping)) : "";
        String why = error instanceof JsonProcessingException json ? json.getOriginalMessage() : error.getMessage();
        return new UsageException((path.isEmpty() ? "" : path + ": ") + Shown.of(sentence(why)) + line(error));
    }

    /** YAML's reader draws the place over several lines: what it says there of the problem stands in the last without an indent. */
    private static String sentence(String message) {
        return String.valueOf(message)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .reduce((first, last) -> last)
                .orElse("it cannot be read");
    }

    private static String line(IOException error) {
        JsonLocation location = error instanceof JsonProcessingException json ? json.getLocation() : null;
        return location == null || location.getLineNr() < 1 ? "" : " (line " + location.getLineNr() + ")";
    }

    /** Where in a tree of values a mapping failed. */
    static String pointer(JsonMappingException error) {
        return error.getPath().stream()
                .map(part -> "/" + (part.getFieldName() == null ? part.getIndex() : part.getFieldName()))
                .collect(Collectors.joining());
    }

    /**
     * Options as those who make things read them.
     *
     * @param key of the file that has the options, such as {@code model}
     */
    static Options options(String key, Map<String, JsonNode> options) {
        Map<String, Object> values = new LinkedHashMap<>();
        options.forEach((name, value) -> values.put(name, YAML.convertValue(value, Object.class)));
        return Options.of(key, values);
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
            throw readable(e, "/" + key);
        }
    }
}
