package replklab.experiment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import replklab.stats.Metric;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.stats.Summary;
import replklab.stats.Variants;

/**
 * What the runs of an experiment gave, as metrics of their parent: the mean of each variant as {@code accuracy.mean/with
 * shortcut kernel 13}, the deviation over seeds as {@code accuracy.sd/...}, how many seeds went into them as {@code
 * seeds.finished/...}, and how the runs ended as {@code runs.finished}, {@code runs.diverged}. MLflow puts names with the same
 * beginning into one group of charts.
 */
final class ParentMetrics {
    private static final int LONGEST = 200;

    private ParentMetrics() {}

    /**
     * The metrics by name.
     *
     * @param rows the runs, those of earlier executions included
     * @param metrics what the experiment reports
     */
    static SequencedMap<String, Double> of(List<RunRow> rows, List<Metric> metrics) {
        SequencedMap<String, Double> all = new LinkedHashMap<>();
        Map<RunEnd, Long> endings = rows.stream().collect(Collectors.groupingBy(RunRow::status, Collectors.counting()));
        for (RunEnd status : RunEnd.values()) {
            all.put("runs." + word(status), endings.getOrDefault(status, 0L).doubleValue());
        }
        Map<Map<String, String>, List<RunRow>> variants =
                rows.stream().collect(Collectors.groupingBy(RunRow::variant, LinkedHashMap::new, Collectors.toList()));
        Set<String> names = new HashSet<>();
        variants.forEach((variant, runs) -> {
            String name = name(variant, names);
            for (RunEnd status : RunEnd.values()) {
                long count = runs.stream().filter(run -> run.status() == status).count();
                if (count > 0) {
                    all.put("seeds." + word(status) + "/" + name, (double) count);
                }
            }
            metrics.forEach(metric -> means(metric.key(), runs, name, all));
        });
        return all;
    }

    private static void means(String metric, List<RunRow> runs, String name, Map<String, Double> into) {
        List<Double> values = new ArrayList<>();
        for (RunRow run : runs) {
            double value = run.metrics().getOrDefault(metric, Double.NaN);
            if (run.status() == RunEnd.FINISHED && Double.isFinite(value)) {
                values.add(value);
            }
        }
        Summary summary = new Summary(values);
        if (summary.n() > 0) {
            into.put(metric + ".mean/" + name, summary.mean());
        }
        if (summary.n() > 1) {
            into.put(metric + ".sd/" + name, summary.sd());
        }
    }

    private static String word(RunEnd status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /** A variant in words, with only what MLflow takes in a metric's name; two that look alike get a number. */
    private static String name(Map<String, String> variant, Set<String> taken) {
        String words =
                Variants.label(variant).replaceAll("[^\\p{L}\\p{N}_.:-]+", " ").strip();
        String name = words.substring(0, Math.min(LONGEST, words.length())).strip();
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            name = "variant";
        }
        String free = name;
        for (int number = 2; !taken.add(free); number++) {
            free = name + " " + number;
        }
        return free;
    }
}
