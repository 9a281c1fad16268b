package replklab.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import replklab.analysis.ShapeBias;
import replklab.base.UsageException;
import replklab.data.CueConflicts;
import replklab.data.Datasets;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.stats.Metric;
import replklab.train.Logits;

/**
 * Whether a network that was trained on garments in textures decides by shape or by texture where the two disagree.
 *
 * @param images how many images with a cue conflict, at least 1
 */
record ShapeBiasProbe(int images) implements Probe {
    /** Shape decisions among the decisions for either cue. */
    static final Metric BIAS = new Metric("shape_bias", "shape bias", "%", 1);

    private static final Metric SHAPE = new Metric("shape_decisions", "decisions for the shape", "%", 1);
    private static final Metric TEXTURE = new Metric("texture_decisions", "decisions for the texture", "%", 1);

    ShapeBiasProbe {
        UsageException.requireAtLeast("evaluate.shape-bias.images", images, 1);
    }

    @Override
    public List<Metric> metrics() {
        return List.of(BIAS, SHAPE, TEXTURE);
    }

    @Override
    public void check(ExperimentSpec spec) {
        if (!spec.data().name().equals(CueConflicts.DATA_SET)) {
            throw new UsageException("evaluate.shape-bias needs data that have the cues: '" + CueConflicts.DATA_SET
                    + "', not '" + spec.data().name() + "'");
        }
    }

    @Override
    public Map<String, Double> ask(Layer model, TrainTest data) {
        CueConflicts conflicts = Datasets.cueConflicts(data.test(), images);
        Logits logits = Logits.of(model, conflicts.images());
        double[][] probabilities = IntStream.range(0, logits.images())
                .mapToObj(logits::probabilities)
                .toArray(double[][]::new);
        int[] categories = IntStream.range(0, data.classes()).toArray(); // each garment is a category of its own
        ShapeBias decisions = ShapeBias.of(probabilities, categories, conflicts.shapes(), conflicts.textures());
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (Double.isFinite(decisions.bias())) {
            metrics.put(BIAS.key(), 100 * decisions.bias());
        }
        metrics.put(SHAPE.key(), 100.0 * decisions.shape() / decisions.images());
        metrics.put(TEXTURE.key(), 100.0 * decisions.texture() / decisions.images());
        return metrics;
    }
}
