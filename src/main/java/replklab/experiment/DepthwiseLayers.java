package replklab.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import replklab.base.Stopwatch;
import replklab.base.UsageException;
import replklab.conv.ConvolutionShape;
import replklab.conv.DepthwisePass;
import replklab.conv.DepthwisePlanner;
import replklab.conv.DepthwiseTask;
import replklab.experiment.DepthwiseImplementation.Scope;
import replklab.nn.Depthwise;
import replklab.nn.Layer;
import replklab.nn.Sequential;
import replklab.report.Figure;
import replklab.stats.Metric;
import replklab.stats.RunRow;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * Inference through depthwise layers in a row and nothing between them, as in the paper's table 1. The layers run as in a
 * folded network: weights are constant.
 *
 * @param implementation as {@link DepthwiseImplementation} names it
 * @param layers how many
 * @param batch number of images
 * @param channels of every map
 * @param resolution height and width of every map in pixels
 * @param kernel side of the filters
 * @param warmUpMs calls before those that count, in milliseconds
 * @param measureMs calls that count, in milliseconds
 */
record DepthwiseLayers(
        String implementation,
        int layers,
        int batch,
        int channels,
        int resolution,
        int kernel,
        int warmUpMs,
        int measureMs)
        implements Measurable {
    static final Metric LATENCY = new Metric("latency_ms", "latency of all layers", "ms", 2);
    private static final Metric GFLOPS = new Metric("gflops", "valid products and sums", "GFLOP/s", 1);

    DepthwiseLayers {
        DepthwiseImplementation.of(implementation);
        Measurables.requireTime("warmUpMs", warmUpMs);
        Measurables.requireTime("measureMs", measureMs);
        new ConvolutionShape(batch, resolution, resolution, channels, kernel, 1, 1);
        UsageException.requireAtLeast("layers", layers, 1);
    }

    @Override
    public Ready prepare(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Layer chain = new Sequential(Stream.generate(() -> new Depthwise(channels, kernel, 1, 1, random))
                        .limit(layers)
                        .toList())
                .folded();
        Tensor images = Tensor.normal(random, 1, batch, resolution, resolution, channels);
        DepthwiseTask task = new DepthwiseTask(shape(), DepthwisePass.FORWARD, 0);
        long macs = layers * shape().validMacs();
        Scope scope = DepthwiseImplementation.of(implementation).use();
        return new Ready() {
            @Override
            public Map<String, Object> facts() {
                return Map.of(
                        "valid_macs", macs, "plan", DepthwisePlanner.current().explain(task));
            }

            @Override
            public Map<String, Double> call() {
                double milliseconds = Stopwatch.milliseconds(() -> {
                    try (Tape _ = Tape.inference()) {
                        chain.forward(images);
                    }
                });
                Map<String, Double> metrics = new LinkedHashMap<>();
                metrics.put(LATENCY.key(), milliseconds);
                metrics.put(GFLOPS.key(), 2 * macs / (milliseconds * 1e6));
                return metrics;
            }

            @Override
            public void close() {
                scope.close();
            }
        };
    }

    private ConvolutionShape shape() {
        return new ConvolutionShape(batch, resolution, resolution, channels, kernel, 1, 1);
    }

    @Override
    public List<Metric> metrics() {
        return List.of(LATENCY, GFLOPS);
    }

    @Override
    public List<Figure> figures(ExperimentSpec spec, List<RunRow> runs) {
        String title = "Latency of %d depthwise layers by kernel size, input (%d, %d, R, R), here"
                .formatted(layers, batch, channels);
        List<Figure> figures = new ArrayList<>(List.of(new Figure("latency", LatencyFigures.byKernel(title, runs))));
        spec.inPaper()
                .flatMap(PaperSource::numbers)
                .ifPresent(table -> figures.add(new Figure("latency-paper", LatencyFigures.byKernel(table))));
        return figures;
    }
}
