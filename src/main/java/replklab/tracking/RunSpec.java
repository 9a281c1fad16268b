package replklab.tracking;

import java.util.LinkedHashMap;
import java.util.Map;
import replklab.base.LabException;

/**
 * What a run is called and belongs to.
 *
 * @param experiment name of the MLflow experiment, made if it does not exist
 * @param name the run's name on MLflow's page
 * @param description Markdown shown on the run's page, or empty
 * @param source what started it, such as {@code lab run shortcut} or a notebook's name
 * @param tags further tags; they go over those the tracker sets by itself
 */
public record RunSpec(String experiment, String name, String description, String source, Map<String, String> tags) {
    private static final int LONGEST_EXPERIMENT = 500;

    public RunSpec {
        if (experiment.isBlank() || experiment.length() > LONGEST_EXPERIMENT) {
            throw new LabException(
                    "experiment name '" + experiment + "' must have 1 to " + LONGEST_EXPERIMENT + " characters");
        }
        if (name.isBlank()) {
            throw new LabException("a run of experiment '" + experiment + "' needs a name");
        }
        tags.keySet().forEach(Names::check);
        tags = Map.copyOf(tags);
    }

    /** A run without description or tags of its own. */
    public static RunSpec of(String experiment, String name) {
        return new RunSpec(experiment, name, "", "lab", Map.of());
    }

    public RunSpec description(String text) {
        return new RunSpec(experiment, name, text, source, tags);
    }

    public RunSpec source(String startedBy) {
        return new RunSpec(experiment, name, description, startedBy, tags);
    }

    public RunSpec tag(String key, String value) {
        return tags(Map.of(key, value));
    }

    /** The same run with further tags, which go over those of the same name that it has. */
    public RunSpec tags(Map<String, String> added) {
        Map<String, String> more = new LinkedHashMap<>(tags);
        more.putAll(added);
        return new RunSpec(experiment, name, description, source, more);
    }

    /** The variant that {@link TrackedRun#variant()} gives back. */
    public RunSpec variant(String variant) {
        return tag(RunTags.VARIANT, variant);
    }

    /** The seed that {@link TrackedRun#seed()} gives back. */
    public RunSpec seed(long seed) {
        return tag(RunTags.SEED, Long.toString(seed));
    }
}
