package replklab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One run of an experiment.
 *
 * @param variant level by factor
 * @param seed decides everything random in it
 */
public record RunPlan(Map<String, String> variant, long seed) {
    /** The runs of an experiment, seed by seed, so that an unfinished sweep already has whole pairs. */
    public static List<RunPlan> of(ExperimentSpec spec) {
        List<RunPlan> plans = new ArrayList<>();
        for (long seed : spec.seedList()) {
            for (Map<String, String> variant : spec.combinations()) {
                plans.add(new RunPlan(variant, seed));
            }
        }
        return plans;
    }

    /** The variant in words, such as {@code shortcut=with kernel=13}. */
    public String label() {
        return variant.entrySet().stream()
                .map(level -> level.getKey() + "=" + level.getValue())
                .collect(Collectors.joining(" "));
    }

    /** The run's name: variant and seed. */
    public String name() {
        return label() + " seed=" + seed;
    }

    /** The name of the run's folder. */
    public String folder() {
        return (label() + " seed=" + seed).replaceAll("[^A-Za-z0-9=.-]+", "_");
    }
}
