package replklab.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.plot.Picture;
import replklab.stats.Metric;
import replklab.stats.RunComparison;
import replklab.stats.RunDifference;
import replklab.stats.Variants;

/** Runs side by side. See {@link Charts#comparison} and {@link Charts#differences}. */
final class ComparisonPlot {
    private ComparisonPlot() {}

    /** Groups of runs: means, intervals, and each seed. */
    static Picture draw(String title, RunComparison comparison, Metric metric, String... by) {
        List<IntervalRow> rows = comparison.groups(metric.key(), by).entrySet().stream()
                .map(group -> IntervalRow.of(label(group.getKey()), group.getValue()))
                .toList();
        return IntervalPlot.draw(title, "Means over seeds with 95 % intervals", metric, rows, false);
    }

    /** Differences, one below the other. */
    static Picture draw(String title, List<RunDifference> differences, Metric metric) {
        String unit = metric.unit().equals("%") ? "points" : metric.unit();
        Metric difference = new Metric(metric.key(), "difference in " + metric.label(), unit, metric.decimals());
        List<IntervalRow> rows = differences.stream()
                .map(each -> new IntervalRow(
                        (each.where().isEmpty() ? "all" : label(each.where())) + each.diverged(),
                        each.values(),
                        each.mean(),
                        each.low(),
                        each.high()))
                .toList();
        return IntervalPlot.draw(
                title,
                "Dots are seeds where runs are paired; the line at zero is no difference",
                difference,
                rows,
                true);
    }

    /** Values by column in words, as {@link Variants} has it; own columns by their values alone. */
    private static String label(Map<String, String> values) {
        Map<String, String> factors = new LinkedHashMap<>(values);
        List<String> words = new ArrayList<>();
        for (String own : List.of("experiment", "profile")) {
            if (factors.containsKey(own)) {
                words.add(factors.remove(own));
            }
        }
        factors.values().removeIf(String::isEmpty);
        if (!factors.isEmpty()) {
            words.add(Variants.label(factors));
        }
        return String.join(", ", words);
    }
}
