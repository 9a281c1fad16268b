package replklab.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.analysis.DepthwiseChain;
import replklab.conv.DepthwiseConvolution;
import replklab.conv.DepthwiseShape;
import replklab.report.Figure;
import replklab.report.Metric;
import replklab.report.PaperTable;
import replklab.report.RunRow;

/**
 * The forward pass through depthwise layers in a row, as in the paper's table 1.
 *
 * @param implementation as {@link DepthwiseImplementations} knows it
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
        DepthwiseImplementations.require(implementation);
        Measurables.requireTime("warmUpMs", warmUpMs);
        Measurables.requireTime("measureMs", measureMs);
        new DepthwiseShape(batch, resolution, resolution, channels, kernel, 1, 1);
    }

    @Override
    public Ready prepare(long seed) {
        DepthwiseShape shape = new DepthwiseShape(batch, resolution, resolution, channels, kernel, 1, 1);
        DepthwiseConvolution convolution = DepthwiseImplementations.convolution(implementation);
        DepthwiseChain chain = new DepthwiseChain(layers, shape, seed);
        return new Ready() {
            @Override
            public Map<String, Object> facts() {
                return Map.of(
                        "valid_macs", chain.validMacs(), "plan", DepthwiseImplementations.plan(implementation, shape));
            }

            @Override
            public Map<String, Double> call() {
                long start = System.nanoTime();
                chain.forward(convolution);
                double nanos = System.nanoTime() - start;
                Map<String, Double> metrics = new LinkedHashMap<>();
                metrics.put(LATENCY.key(), nanos / 1e6);
                metrics.put(GFLOPS.key(), 2 * chain.validMacs() / nanos);
                return metrics;
            }
        };
    }

    @Override
    public List<Metric> metrics() {
        return List.of(LATENCY, GFLOPS);
    }

    @Override
    public List<Figure> figures(ExperimentSpec spec, List<RunRow> runs) {
        return List.of(
                new Figure("latency", LatencyFigures.byKernel(spec.title(), runs)),
                new Figure("latency-paper", LatencyFigures.byKernel(PaperTable.load(spec.paper().table()))));
    }
}
