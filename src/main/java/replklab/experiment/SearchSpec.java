package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.base.Shown;
import replklab.base.UsageException;

/**
 * How settings of the training were found: every variant tries the same values on images that are held out, and trains with what was
 * best for itself. So no variant has had more effort than another (Dodge et al. 2019, "Show your work").
 *
 * @param settings the values that are tried by setting of the training, such as {@code training.learningRate: [0.05, 0.1, 0.2]}
 * @param chosen what was best for each variant; empty before the search
 */
public record SearchSpec(Map<String, List<JsonNode>> settings, List<Choice> chosen) {
    /**
     * What some variants train with.
     *
     * @param of levels that those variants have
     * @param set a value for each setting
     */
    public record Choice(Map<String, String> of, Map<String, JsonNode> set) {}

    public SearchSpec {
        if (settings == null || settings.isEmpty()) {
            throw new UsageException(
                    "search.settings is empty; it says what to try, such as {training.learningRate: [0.05, 0.1, 0.2]}");
        }
        settings.forEach((setting, values) -> {
            if (!setting.startsWith(ExperimentSpec.TRAINING)) {
                throw new UsageException("search.settings has '" + Shown.of(setting)
                        + "'; it takes settings of the training, such as training.learningRate");
            }
            if (values == null || values.size() < 2 || new HashSet<>(values).size() < values.size()) {
                throw new UsageException("search.settings." + setting + " is " + values
                        + "; it must be a list of two or more different values");
            }
        });
        chosen = chosen == null ? List.of() : List.copyOf(chosen);
        for (Choice choice : chosen) {
            requireTried(choice, settings);
        }
    }

    private static void requireTried(Choice choice, Map<String, List<JsonNode>> settings) {
        if (choice.set == null || !choice.set.keySet().equals(settings.keySet())) {
            throw new UsageException(
                    "search.chosen for " + choice.of + " sets " + (choice.set == null ? "nothing" : choice.set.keySet())
                            + "; it must set what is searched for: " + settings.keySet());
        }
        choice.set.forEach((setting, value) -> {
            if (!settings.get(setting).contains(value)) {
                throw new UsageException("search.chosen for " + choice.of + " sets " + setting + " to "
                        + Shown.of(value.toString()) + ", which is not among the values that all variants try: "
                        + settings.get(setting));
            }
        });
    }

    /**
     * Throws unless each variant has one choice, or none has any.
     *
     * @throws UsageException naming a variant that has none, or several
     */
    void requireComplete(List<Map<String, String>> variants) {
        for (Map<String, String> variant : chosen.isEmpty() ? List.<Map<String, String>>of() : variants) {
            long choices = chosen.stream()
                    .filter(choice -> ExperimentSpec.has(variant, choice.of))
                    .count();
            if (choices != 1) {
                throw new UsageException(
                        "search.chosen has %d entries for %s; each variant has one".formatted(choices, variant));
            }
        }
    }

    /** What a variant trains with, by setting; nothing before the search. */
    Map<String, JsonNode> chosenFor(Map<String, String> variant) {
        Map<String, JsonNode> set = new LinkedHashMap<>();
        chosen.stream()
                .filter(choice -> ExperimentSpec.has(variant, choice.of))
                .forEach(choice -> set.putAll(choice.set));
        return set;
    }
}
