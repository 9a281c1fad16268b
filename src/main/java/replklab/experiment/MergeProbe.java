package replklab.experiment;

import java.util.List;
import java.util.Map;
import replklab.base.UsageException;
import replklab.data.TrainTest;
import replklab.model.MobileNetV2;
import replklab.model.Models;
import replklab.model.RepLKNet;
import replklab.nn.Layer;
import replklab.stats.Metric;
import replklab.train.Logits;

/**
 * Whether a trained network predicts the same for the test images when each large kernel and the small one beside it have
 * become one convolution (structural re-parameterisation), and when all its norms are folded as well.
 */
record MergeProbe() implements Probe {
    private static final List<String> MODELS = List.of("mobilenetv2", "replknet");

    private static final Metric SAME = new Metric("merged_same", "same prediction merged", "%", 2);
    private static final Metric DEVIATION =
            new Metric("merged_deviation", "largest change of a logit, merged", "millionths of the range", 2);

    @Override
    public List<Metric> metrics() {
        return List.of(SAME, DEVIATION);
    }

    @Override
    public void check(ExperimentSpec spec) {
        for (Map<String, String> variant : spec.combinations()) {
            String model = spec.optionsOf(variant).get("name").asText();
            if (Models.family(model).filter(MODELS::contains).isEmpty()) {
                throw new UsageException("evaluate.merge: '" + model + "' has no kernels to merge; "
                        + String.join(" and ", MODELS) + " have");
            }
        }
    }

    @Override
    public Map<String, Double> ask(Layer model, TrainTest data) {
        Logits trained = Logits.of(model, data.test());
        Logits merged = Logits.of(merged(model), data.test());
        Logits folded = Logits.of(model.folded(), data.test());
        return Map.of(
                SAME.key(),
                Math.min(trained.samePercent(merged), trained.samePercent(folded)),
                DEVIATION.key(),
                1e6 * Math.max(trained.deviation(merged), trained.deviation(folded)));
    }

    /** The network with merged kernels; one of another kind has none and is its own. */
    static Layer merged(Layer model) {
        return switch (model) {
            case MobileNetV2 network -> network.merged();
            case RepLKNet network -> network.merged();
            default -> model;
        };
    }
}
