package replklab.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.base.UsageException;
import replklab.bench.BenchCase;
import replklab.bench.FreshProcesses;
import replklab.bench.Measured;
import replklab.bench.ModelCase;
import replklab.bench.Pass;
import replklab.report.Figure;
import replklab.stats.Metric;
import replklab.stats.RunRow;
import replklab.tensor.Precision;

/**
 * Inference with a whole network, with merged and folded weights, and the part that each kind of layer has in it by the engine's own
 * counters.
 *
 * @param implementation the engine, one of {@link FreshProcesses#ofNetworks}
 * @param network such as {@code replknet-31b}; {@code swin-b}, which ours has not
 * @param batch number of images
 * @param resolution height and width of the images in pixels
 * @param warmUpMs passes before those that count, in milliseconds
 * @param measureMs passes that count, in milliseconds
 */
record NetworkLatency(String implementation, String network, int batch, int resolution, int warmUpMs, int measureMs)
        implements Measurable {
    private static final Metric SHARE = new Metric("depthwise_share", "depthwise convolutions in the latency", "%", 1);
    private static final Metric LATENCY = new Metric("latency_ms", "latency", "ms", 1);
    private static final Metric IMAGES = new Metric("throughput", "images a second", "", 2);
    /** Kinds of layers that are told apart; the rest has the stem's full convolution and what no operation took. */
    private static final List<String> KINDS = List.of("depthwise", "pointwise");

    private static final String REST = "rest";

    NetworkLatency {
        Measurables.requireKnown(implementation, FreshProcesses.ofNetworks());
        if (implementation.equals("ours") && network.equals(ModelCase.SWIN_B)) {
            throw new UsageException(
                    "network is " + network + ", which the library has not; implementation ours takes a"
                            + " network that ./lab model info knows");
        }
        new ModelCase(network, batch, resolution, Precision.FLOAT32, Pass.FORWARD);
        Measurables.requireTime("warmUpMs", warmUpMs);
        Measurables.requireTime("measureMs", measureMs);
    }

    @Override
    public BenchCase what() {
        return new ModelCase(network, batch, resolution, Precision.FLOAT32, Pass.FORWARD);
    }

    @Override
    public Map<String, Object> facts(Measured measured) {
        return Map.of();
    }

    @Override
    public Map<String, Double> numbers(Measured measured) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put(SHARE.key(), 100 * measured.description().depthwiseShare());
        numbers.put(LATENCY.key(), measured.timing().median());
        numbers.put(IMAGES.key(), what().imagesPerSecond(measured.timing().median()));
        Map<String, Double> layers = measured.description().layers();
        double rest = sum(layers, "");
        for (String kind : KINDS) {
            numbers.put(kind + "_ms", sum(layers, kind));
            rest -= sum(layers, kind);
        }
        numbers.put(REST + "_ms", rest);
        return numbers;
    }

    private static double sum(Map<String, Double> layers, String prefix) {
        return layers.entrySet().stream()
                .filter(kind -> kind.getKey().startsWith(prefix))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(SHARE, LATENCY, IMAGES);
    }

    @Override
    public List<Figure> figures(ExperimentSpec spec, List<RunRow> runs) {
        List<String> kinds = new ArrayList<>(KINDS);
        kinds.add(REST);
        return List.of(new Figure("layers", LatencyFigures.byKind(spec.title(), kinds, runs)));
    }
}
