package replklab.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import replklab.base.LabHome;
import replklab.base.Shown;
import replklab.base.UsageException;
import replklab.base.UserClasses;

/**
 * What the text of an experiment's file becomes. Most files have {@code profiles}. One without is a single configuration, the
 * same whatever the profile: so is what a run logs, which names its experiment and the profile that it came from.
 */
final class ExperimentParser {
    /** What a file need not say. */
    private static final String DEFAULTS = """
            data: {name: null, path: '', resolution: 0, trainExamples: 0, testExamples: 0, validationExamples: 0}
            training:
              optimiser: sgd
              momentum: 0.9
              weightDecay: 0
              warmupEpochs: 0
              labelSmoothing: 0
              clipNorm: 0
              emaDecay: 0
              maxSteps: 0
              precision: float32
              augmentation: {cropPadding: 0, horizontalFlip: 0, erasing: 0, mixup: 0, cutmix: 0}
            hypotheses: []
            """;

    /** What {@code finetune} need not say, where it is there. */
    private static final String FINETUNE = """
            decoder: {stages: [], poolScales: [1, 2, 3, 6], auxiliaryChannels: 0, dropout: 0}
            """;

    static final String HYPOTHESES = "hypotheses";

    /** What {@link #HYPOTHESES} were called when they had no test; files and logged runs of that time are read as before. */
    private static final String FORMERLY = "effects";

    private static final String CLASS_PATH = "classPath";

    /** A list of texts, as {@link ValueCheck} knows types. */
    private static final Type STRINGS = new TypeReference<List<String>>() {}.getType();

    /** What a message may begin with: a key's path, such as {@code training.epochs is 0}; or the key that it calls unknown. */
    private static final Pattern NAMED = Pattern.compile("([\\w.\\[\\]-]+)(?:: unknown key '([^']+)')?");

    private final YAMLMapper yaml;
    private final String text;
    private final SourceLines lines;
    private final ObjectNode file;
    private final Path folder;
    private final List<Path> more;

    /**
     * Reads a text.
     *
     * @param folder that the file's class path begins at; null for the checkout
     * @param more places of classes of the user's own
     * @throws UsageException if it is no YAML, or its YAML no map
     */
    ExperimentParser(String text, YAMLMapper yaml, Path folder, List<Path> more) {
        this.yaml = yaml;
        this.folder = folder;
        this.more = more;
        this.text = ExperimentText.checked(text);
        try {
            this.lines = new SourceLines(this.text);
            JsonNode read = yaml.readTree(this.text);
            if (read.isMissingNode() || read.isNull()) {
                throw new UsageException("there is nothing in it; an experiment has title, question, variants, ...");
            }
            if (!(read instanceof ObjectNode map)) {
                throw new UsageException("it holds " + (read.isArray() ? "a list" : "a single value")
                        + "; an experiment is a map of keys with values: title, question, variants, ...");
            }
            if (map.has(FORMERLY) && !map.has(HYPOTHESES)) {
                map.set(HYPOTHESES, map.remove(FORMERLY));
            }
            this.file = map;
        } catch (IOException e) {
            throw Experiments.readable(e);
        }
    }

    /**
     * The experiment in a profile.
     *
     * @param name of the experiment, unless the file itself tells one
     * @param asked a profile, or null for the file's own: quick where it has all of them
     * @throws UsageException naming what is wrong, and its line
     */
    Experiment experiment(String name, Profile asked) {
        JsonNode profiles = file.remove("profiles");
        if (profiles == null) {
            return single(name, asked);
        }
        if (!profiles.isObject()) {
            throw new UsageException(
                    "profiles" + lines.of("/profiles", Profile.QUICK) + " must say what " + required() + " change");
        }
        requireProfiles(profiles);
        Profile profile = asked == null ? Profile.QUICK : asked;
        if (!profiles.has(profile.toString())) {
            throw new UsageException("profiles" + lines.of("/profiles", Profile.QUICK) + " has no " + profile + ": "
                    + name + " has no counterpart with the paper's data and schedule here");
        }
        Experiment wanted = null;
        for (Profile each : Profile.values()) {
            if (profiles.has(each.toString())) {
                Experiment experiment = resolve(name, each, profiles.get(each.toString()));
                wanted = each == profile ? experiment : wanted;
            }
        }
        return wanted;
    }

    private Experiment single(String name, Profile asked) {
        if (!file.has("seeds")) {
            throw new UsageException("profiles is missing; it says what " + required()
                    + " change. A file without it is a single configuration, and must say seeds itself");
        }
        JsonNode experiment = file.remove(Experiment.NAME_KEY);
        JsonNode profile = file.remove(Experiment.PROFILE_KEY);
        Profile own = profile == null ? null : Profile.of(profile.asText());
        if (own != null && asked != null && own != asked) {
            throw new UsageException(
                    "it holds the profile " + own + " alone, as a run logged it; " + asked + " cannot be made of that");
        }
        Profile used = own != null ? own : asked != null ? asked : Profile.QUICK;
        return resolve(experiment == null ? name : experiment.asText(), used, yaml.createObjectNode());
    }

    private Experiment resolve(String name, Profile profile, JsonNode changes) {
        try {
            // Of copies: what a profile merges into the file would show in the next one.
            ObjectNode resolved = merged(merged(defaults(), file.deepCopy()), changes);
            if (profile == Profile.PAPER) {
                resolved.remove("search"); // what was searched on small images does not go before what was published
            }
            nameLevels(resolved);
            String whole = place(resolved);
            new OwnData(resolved).gather();
            new KeyCheck(pointer -> lines.of(pointer, profile)).check(resolved, ExperimentSpec.class, "");
            ExperimentSpec spec = yaml.treeToValue(resolved, ExperimentSpec.class);
            SpecCheck.check(spec);
            return new Experiment(name, profile, spec, whole);
        } catch (JsonMappingException e) {
            throw located(Experiments.readable(e), Experiments.pointer(e), profile);
        } catch (JsonProcessingException e) {
            throw Experiments.readable(e);
        } catch (UsageException e) {
            throw located(e, "", profile);
        }
    }

    private ObjectNode defaults() throws JsonProcessingException {
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
        return defaults;
    }

    /** Writes down where classes lie, so that it holds wherever the configuration is read; gives the configuration. */
    private String place(ObjectNode resolved) throws JsonProcessingException {
        JsonNode said = resolved.get(CLASS_PATH);
        List<Path> places = new ArrayList<>();
        if (said != null && said.isTextual()) {
            UserClasses.expanded(said.textValue(), base()).forEach(places::add);
        } else if (said != null && !said.isNull()) {
            ValueCheck.check(said, STRINGS, CLASS_PATH, "");
            said.forEach(place -> UserClasses.expanded(place.asText(), base()).forEach(places::add));
        }
        if (!more.isEmpty()) {
            places.removeIf(gone -> !Files.exists(gone)); // a run was logged where its classes lay then
        }
        places.addAll(more);
        if (!places.isEmpty()) {
            ArrayNode list = resolved.putArray(CLASS_PATH);
            places.stream().distinct().forEach(place -> list.add(place.toString()));
        }
        return yaml.writeValueAsString(resolved);
    }

    private Path base() {
        return folder == null ? LabHome.root() : folder;
    }

    private ObjectNode object(String source) throws JsonProcessingException {
        return (ObjectNode) yaml.readTree(source);
    }

    /** The error in one line, whatever the file has in its texts, with the line of the key that it names, as far as it names one. */
    private UsageException located(UsageException thrown, String pointer, Profile profile) {
        String message = Shown.inLine(thrown.getMessage());
        UsageException error = message.equals(thrown.getMessage()) ? thrown : new UsageException(message);
        Matcher named = NAMED.matcher(message);
        if (message.contains(" (line ") || !named.lookingAt()) {
            return error;
        }
        String key = "/" + named.group(1).replace("[", ".").replace("]", "").replace('.', '/');
        String whole = named.group(2) == null ? key : key + "/" + named.group(2);
        String line = lines.nearest(profile, whole, pointer + whole, pointer);
        return line.isEmpty() ? error : new UsageException(message + line);
    }

    private static String required() {
        return Profile.required().stream().map(Profile::toString).collect(Collectors.joining(", "));
    }

    private void requireProfiles(JsonNode profiles) {
        profiles.fieldNames().forEachRemaining(Profile::of);
        for (Profile needed : Profile.required()) {
            if (!profiles.has(needed.toString())) {
                throw new UsageException("profiles." + needed + " is missing" + lines.of("/profiles", Profile.QUICK));
            }
        }
        profiles.properties().forEach(profile -> {
            JsonNode changes = profile.getValue();
            if (!changes.isObject() && !changes.isNull()) {
                throw new UsageException("profiles." + profile.getKey() + " is " + Shown.of(changes.toString())
                        + lines.of("/profiles/" + profile.getKey(), Profile.QUICK)
                        + "; it says what the profile changes, such as {seeds: 2}");
            }
        });
    }

    private void nameLevels(ObjectNode file) {
        if (file.get("variants") instanceof ObjectNode variants) {
            variants.properties().forEach(factor -> {
                if (factor.getValue().isArray()) {
                    factor.setValue(named(factor.getKey(), factor.getValue()));
                }
            });
        }
    }

    /** [3, 13] is short for {3: 3, 13: 13}. */
    private ObjectNode named(String factor, JsonNode list) {
        ObjectNode levels = yaml.createObjectNode();
        list.forEach(level -> {
            if (!level.isValueNode() || level.isNull()) {
                throw new UsageException("variants." + factor + ": level " + Shown.of(level.toString())
                        + " needs a name of its own, as in {small: [5, 5], large: [31, 29]}");
            }
            if (levels.has(level.asText())) {
                throw new UsageException("variants." + factor + " has level " + Shown.of(level.asText()) + " twice");
            }
            levels.set(level.asText(), level);
        });
        return levels;
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
}
