package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import replklab.base.Digests;
import replklab.train.TrainingConfig;

/** What decides a run's result, as parameters for MLflow and as a hash that tells whether an earlier result still counts. */
final class RunConfig {
    /** How the names of options begin that the experiment does not vary. */
    static final String MODEL = "model.";

    static final String MEASURE = "measure.";

    private static final ObjectMapper JSON = new ObjectMapper();

    private RunConfig() {}

    /**
     * Every setting of a run by dotted name. What the experiment varies stands under its own name, with the value that the level
     * gives it; the rest of the model's options begin with {@code model.}.
     */
    static Map<String, Object> params(Experiment experiment, RunPlan plan) {
        ExperimentSpec spec = experiment.spec();
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("profile", experiment.profile().toString());
        params.put("seed", plan.seed());
        String options = spec.isMeasured() ? MEASURE : MODEL;
        spec.optionsOf(plan.variant())
                .forEach(
                        (key, value) -> params.put(plan.variant().containsKey(key) ? key : options + key, text(value)));
        if (!spec.isMeasured()) {
            flatten("data", JSON.valueToTree(spec.data()), params);
            params.put(ExperimentSpec.EXAMPLES, spec.trainExamplesOf(plan.variant()));
            params.putAll(training(spec.trainingOf(plan.variant())));
            if (spec.isFinetuned()) {
                flatten("finetune", JSON.valueToTree(spec.finetune()), params);
            }
            spec.evaluate()
                    .forEach((probe, asked) -> params.put(
                            "evaluate." + probe, JSON.valueToTree(asked).toString()));
            spec.metrics()
                    .forEach((metric, asked) -> params.put(
                            "metrics." + metric, JSON.valueToTree(asked).toString()));
        }
        return params;
    }

    /** The settings of a training by dotted name. */
    static Map<String, Object> training(TrainingConfig config) {
        Map<String, Object> params = new LinkedHashMap<>();
        flatten("training", JSON.valueToTree(config), params);
        return params;
    }

    /** SHA-256 of the parameters: number of seeds and wording of the experiment do not matter to a run. */
    static String hash(Experiment experiment, RunPlan plan) {
        StringBuilder lines = new StringBuilder();
        params(experiment, plan)
                .forEach((key, value) ->
                        lines.append(key).append('=').append(value).append('\n'));
        return Digests.of(lines.toString());
    }

    private static void flatten(String prefix, JsonNode node, Map<String, Object> into) {
        node.properties().forEach(field -> {
            String name = prefix + "." + field.getKey();
            if (field.getValue().isObject()) {
                flatten(name, field.getValue(), into);
            } else if (!field.getValue().isNull()) {
                into.put(name, text(field.getValue()));
            }
        });
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
