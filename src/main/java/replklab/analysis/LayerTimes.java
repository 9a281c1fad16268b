package replklab.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hipparchus.stat.descriptive.rank.Median;
import replklab.tensor.Backend;

/**
 * Where a pass through a network spends its time, by kind of layer: depthwise convolutions by kernel size, pointwise ones,
 * batch norm, and so on. Every numeric operation is timed at {@link Backend}, which costs about a microsecond each.
 *
 * @param kinds the kinds, the longest first; what no operation took is {@value #OTHER}
 */
public record LayerTimes(List<Kind> kinds) {
    /** What passes between the operations: the tape, Java's own work. */
    public static final String OTHER = "other";

    /**
     * One kind of layer.
     *
     * @param name such as {@code "depthwise 31x31"} or {@code "pointwise"}
     * @param milliseconds of one pass, the median over the passes
     * @param calls operations of one pass
     */
    public record Kind(String name, double milliseconds, int calls) {}

    public LayerTimes {
        kinds = List.copyOf(kinds);
    }

    /**
     * Times a pass that was warmed up before.
     *
     * @param pass one forward pass or training step, with its tape
     * @param times how often it is repeated, at least once
     */
    public static LayerTimes measure(Runnable pass, int times) {
        Map<String, List<Double>> milliseconds = new LinkedHashMap<>();
        Map<String, Integer> calls = new LinkedHashMap<>();
        for (int i = 0; i < times; i++) {
            TimedBackend timed = new TimedBackend(Backend.current());
            long start = System.nanoTime();
            Backend.with(timed, pass);
            long whole = System.nanoTime() - start;
            long inside = 0;
            for (var entry : timed.nanos().entrySet()) {
                inside += entry.getValue();
                milliseconds
                        .computeIfAbsent(entry.getKey(), kind -> new ArrayList<>())
                        .add(entry.getValue() / 1e6);
            }
            milliseconds.computeIfAbsent(OTHER, kind -> new ArrayList<>()).add((whole - inside) / 1e6);
            calls.putAll(timed.calls());
        }
        return new LayerTimes(milliseconds.entrySet().stream()
                .map(entry -> new Kind(entry.getKey(), median(entry.getValue()), calls.getOrDefault(entry.getKey(), 0)))
                .sorted(Comparator.comparingDouble(Kind::milliseconds).reversed())
                .toList());
    }

    /** The milliseconds of one pass. */
    public double total() {
        return kinds.stream().mapToDouble(Kind::milliseconds).sum();
    }

    /** The share of the kinds whose name begins with {@code prefix} in the whole time, 0 to 1. */
    public double share(String prefix) {
        return kinds.stream()
                        .filter(kind -> kind.name().startsWith(prefix))
                        .mapToDouble(Kind::milliseconds)
                        .sum()
                / total();
    }

    private static double median(List<Double> values) {
        return new Median()
                .evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
