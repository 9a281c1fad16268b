package replklab.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import replklab.base.Options;
import replklab.base.Registry;
import replklab.base.Registry.Found;
import replklab.base.UsageException;
import replklab.data.ImageDataset;
import replklab.train.Logits;

/** The metrics that an experiment can name besides the accuracy: those that were registered, and the user's own classes. */
public final class TestMetrics {
    private static final String KEY = "metrics";

    private static final Registry<Options, TestMetric, TestMetricFactory> REGISTRY = new Registry<>(
            "metric", TestMetricFactory.class, TestMetric.class, Options.class, make -> make::make, Map.of());

    private TestMetrics() {}

    /**
     * Gives a metric a name, from a notebook's cell for instance, for as long as the program runs. Finished runs count until the name is
     * registered again or the program ends.
     */
    public static void register(String name, TestMetricFactory metric) {
        register(name, "", metric);
    }

    /**
     * The same with a version, by which finished runs are known again: change it whenever the code changes what is computed.
     *
     * @param version such as {@code "2"}
     */
    public static void register(String name, String version, TestMetricFactory metric) {
        REGISTRY.register(name, version, metric);
    }

    /**
     * The metrics of an experiment, in the order of its file.
     *
     * @throws UsageException for an unknown name or key, or a value that is not allowed
     */
    static List<TestMetric> of(ExperimentSpec spec) {
        List<TestMetric> metrics = new ArrayList<>();
        spec.metrics().forEach((name, given) -> {
            Options options = Experiments.options(KEY + "." + name, given == null ? Map.of() : given);
            metrics.add(REGISTRY.make(found(name, spec), options, options));
        });
        return metrics;
    }

    /** What a name stands for. */
    static Found<TestMetricFactory> found(String name, ExperimentSpec spec) {
        return REGISTRY.require(KEY, name, spec.classPath());
    }

    /** The same as a training computes them, by their keys. */
    static SequencedMap<String, ToDoubleFunction<Logits>> scores(ExperimentSpec spec, ImageDataset test) {
        SequencedMap<String, ToDoubleFunction<Logits>> scores = new LinkedHashMap<>();
        of(spec).forEach(metric -> scores.put(metric.metric().key(), answers -> metric.of(answers, test)));
        return scores;
    }
}
