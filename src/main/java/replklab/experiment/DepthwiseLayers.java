package replklab.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.base.UsageException;
import replklab.bench.BenchCase;
import replklab.bench.ConvCase;
import replklab.bench.FreshProcesses;
import replklab.bench.LayersCase;
import replklab.bench.Measured;
import replklab.bench.Pass;
import replklab.report.Figure;
import replklab.stats.Metric;
import replklab.stats.RunRow;

/**
 * Inference through depthwise layers in a row and nothing between them, as in the paper's table 1. Ours run as in a
 * folded network: weights are constant.
 *
 * <p>ND4J, which takes seconds a layer where kernels are large, and gigabytes, is asked for one layer and one image, which count as
 * many times as there are layers and images: it does them one after the other anyway.
 *
 * @param implementation one of {@link FreshProcesses#ofLayers}
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
    private static final String ND4J = "nd4j";

    DepthwiseLayers {
        Measurables.requireKnown(implementation, FreshProcesses.ofLayers());
        Measurables.requireTime("warmUpMs", warmUpMs);
        Measurables.requireTime("measureMs", measureMs);
        whole(layers, batch, channels, resolution, kernel);
    }

    private static LayersCase whole(int layers, int batch, int channels, int resolution, int kernel) {
        UsageException.requireAtLeast("layers", layers, 1);
        return new LayersCase(layers, new ConvCase(batch, channels, resolution, resolution, kernel, Pass.FORWARD));
    }

    private LayersCase whole() {
        return whole(layers, batch, channels, resolution, kernel);
    }

    @Override
    public BenchCase what() {
        return implementation.equals(ND4J)
                ? new ConvCase(1, channels, resolution, resolution, kernel, Pass.FORWARD)
                : whole();
    }

    @Override
    public Map<String, Object> facts(Measured measured) {
        return Map.of(
                "valid_macs",
                whole().validMacs(),
                "plan",
                measured.description().plan());
    }

    @Override
    public Map<String, Double> numbers(Measured measured) {
        double part = implementation.equals(ND4J) ? 1.0 / (layers * batch) : 1;
        double milliseconds = measured.timing().median() / part;
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put(LATENCY.key(), milliseconds);
        numbers.put(GFLOPS.key(), 2e-6 * whole().validMacs() / milliseconds);
        return numbers;
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
