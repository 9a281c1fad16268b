package replklab.experiment;

import java.util.List;
import java.util.Map;
import org.hipparchus.stat.descriptive.rank.Median;
import replklab.analysis.NetworkCosts;
import replklab.base.Stopwatch;
import replklab.base.UsageException;
import replklab.data.Batch;
import replklab.data.BatchLoader;
import replklab.data.ImageShape;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.stats.Metric;
import replklab.tensor.Backend;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;
import replklab.train.Evaluation;

/**
 * What a trained network costs where it is used: parameters and multiply-accumulates of an image with merged kernels, and the
 * median time of inference with everything folded.
 *
 * @param batch test images in a pass that is timed
 * @param passes how many count; as many come before
 */
record CostProbe(int batch, int passes) implements Probe {
    private static final Metric PARAMETERS = new Metric("parameters_k", "parameters", "thousands", 1);
    private static final Metric MACS = new Metric("macs_m", "MACs of an image", "millions", 2);
    private static final Metric INFERENCE = new Metric("inference_ms", "inference of an image", "ms", 3);

    CostProbe {
        UsageException.requireAtLeast("evaluate.cost.batch", batch, 1);
        UsageException.requireAtLeast("evaluate.cost.passes", passes, 1);
    }

    @Override
    public List<Metric> metrics() {
        return List.of(PARAMETERS, MACS, INFERENCE);
    }

    @Override
    public Map<String, Double> ask(Layer model, TrainTest data) {
        ImageShape shape = data.shape();
        NetworkCosts costs =
                NetworkCosts.of(MergeProbe.merged(model), 1, shape.height(), shape.width(), shape.channels());
        return Map.of(
                PARAMETERS.key(), costs.parameters() / 1e3,
                MACS.key(), costs.macs() / 1e6,
                INFERENCE.key(), milliseconds(model.folded(), data));
    }

    /** The median over the passes of the time that an image takes. */
    private double milliseconds(Layer folded, TrainTest data) {
        Batch images = BatchLoader.forEvaluation(data.test(), batch, 1).batch(0, 0);
        Tensor input = Evaluation.images(images);
        Runnable pass = () -> {
            try (Tape _ = Tape.inference()) {
                folded.forward(input);
                Backend.awaitDevice();
            }
        };
        Stopwatch.milliseconds(passes, pass); // warming up
        return new Median().evaluate(Stopwatch.milliseconds(passes, pass)) / images.size();
    }
}
