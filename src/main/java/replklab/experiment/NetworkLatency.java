package replklab.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import replklab.analysis.LayerTimes;
import replklab.analysis.NetworkCosts;
import replklab.base.UsageException;
import replklab.experiment.DepthwiseImplementation.Scope;
import replklab.model.KernelForm;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.report.Figure;
import replklab.stats.Metric;
import replklab.stats.RunRow;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * Inference with a folded RepLKNet, and the part that each kind of layer has in its latency.
 *
 * @param implementation of the depthwise convolutions, as {@link DepthwiseImplementation} names it
 * @param network such as {@code replknet-31b}
 * @param batch number of images
 * @param resolution height and width of the images in pixels
 * @param warmUpMs passes before those that count, in milliseconds
 * @param measureMs passes that count, in milliseconds
 */
record NetworkLatency(String implementation, String network, int batch, int resolution, int warmUpMs, int measureMs)
        implements Measurable {
    private static final Metric SHARE = new Metric("depthwise_share", "depthwise convolutions in the latency", "%", 1);
    private static final Metric LATENCY = new Metric("latency_ms", "latency", "ms", 1);
    /** Kinds of layers that are told apart; the rest has the stem's full convolution and what no operation took. */
    private static final List<String> KINDS = List.of("depthwise", "pointwise");

    private static final String REST = "rest";

    NetworkLatency {
        DepthwiseImplementation.of(implementation);
        RepLKNetConfig.named(network);
        UsageException.requireAtLeast("batch", batch, 1);
        UsageException.requireAtLeast("resolution", resolution, 1);
        Measurables.requireTime("warmUpMs", warmUpMs);
        Measurables.requireTime("measureMs", measureMs);
    }

    @Override
    public Ready prepare(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Layer folded =
                new RepLKNet(RepLKNetConfig.named(network), KernelForm.MERGED, Initialisation.uniform(random)).folded();
        Tensor images = Tensor.normal(random, 1, batch, resolution, resolution, 3);
        Scope scope = DepthwiseImplementation.of(implementation).use();
        return new Ready() {
            @Override
            public Map<String, Object> facts() {
                NetworkCosts costs = NetworkCosts.of(folded, batch, resolution, resolution, 3);
                return Map.of("macs", costs.macs(), "depthwise_macs", costs.macs("depthwise"));
            }

            @Override
            public Map<String, Double> call() {
                Map<String, Double> metrics = new LinkedHashMap<>();
                add(LayerTimes.measure(() -> infer(folded, images), 1), metrics);
                return metrics;
            }

            @Override
            public void close() {
                scope.close();
            }
        };
    }

    private static void infer(Layer network, Tensor images) {
        try (Tape _ = Tape.inference()) {
            network.forward(images);
        }
    }

    private static void add(LayerTimes times, Map<String, Double> metrics) {
        double whole = times.total();
        metrics.put(SHARE.key(), 100 * times.share("depthwise"));
        metrics.put(LATENCY.key(), whole);
        double rest = whole;
        for (String kind : KINDS) {
            double part = whole * times.share(kind);
            metrics.put(kind + "_ms", part);
            rest -= part;
        }
        metrics.put(REST + "_ms", rest);
    }

    @Override
    public List<Metric> metrics() {
        return List.of(SHARE, LATENCY);
    }

    @Override
    public List<Figure> figures(ExperimentSpec spec, List<RunRow> runs) {
        List<String> kinds = new ArrayList<>(KINDS);
        kinds.add(REST);
        return List.of(new Figure("layers", LatencyFigures.byKind(spec.title(), kinds, runs)));
    }
}
