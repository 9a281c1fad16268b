package replklab.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.hipparchus.stat.StatUtils;
import replklab.chart.Charts;
import replklab.chart.LogPanel;
import replklab.plot.Picture;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.table.PaperTable;

/** Charts of measured latencies, on logarithmic axes. */
final class LatencyFigures {
    private static final String MARKS = "Marks: median over repetitions; whiskers: fastest and slowest repetition";
    private static final String MILLISECONDS = "latency (ms)";
    /** What the paper's table calls its two implementations. */
    private static final Map<String, String> PAPER = Map.of("ours", "the authors' kernel", "pytorch", "PyTorch");

    /** It has the first colour in every chart. */
    private static final Comparator<Map<String, String>> OURS_FIRST =
            Comparator.comparing(variant -> !implementation(variant).equals("ours"));

    private LatencyFigures() {}

    /** Latency by kernel size: a panel a resolution, a line an implementation. */
    static Picture byKernel(String title, List<RunRow> runs) {
        Chart chart = new Chart();
        byVariant(runs).forEach((variant, rows) -> {
            double[] values = values(rows, DepthwiseLayers.LATENCY.key());
            chart.add(variant, implementation(variant), values);
        });
        return chart.picture(title, MARKS);
    }

    /** The paper's latencies in the same way: what corresponds to ours has the first colour, too. */
    static Picture byKernel(PaperTable table) {
        Chart chart = new Chart();
        IntStream.range(0, table.table().rowCount())
                .mapToObj(table::keysOf)
                .sorted(OURS_FIRST)
                .forEach(row -> table.find(row, "latency_ms")
                        .ifPresent(value -> chart.add(
                                row,
                                PAPER.getOrDefault(implementation(row), implementation(row)),
                                new double[] {value.value()})));
        return chart.picture(table.title(), table.setting());
    }

    /** The latency of a network by kind of layer, for each implementation of its depthwise convolutions. */
    static Picture byKind(String title, List<String> kinds, List<RunRow> runs) {
        List<LogPanel.Point> points = new ArrayList<>();
        byVariant(runs).entrySet().stream()
                .sorted(Map.Entry.comparingByKey(OURS_FIRST))
                .forEach(entry -> kinds.forEach(kind -> points.add(
                        point(kind, implementation(entry.getKey()), values(entry.getValue(), kind + "_ms")))));
        List<LogPanel> panels = List.of(new LogPanel("", points));
        return Charts.logScale(title, MARKS, "kind of layer", MILLISECONDS, kinds, panels, false);
    }

    /** Points by panel, as they come. */
    private static final class Chart {
        private final SequencedMap<String, List<LogPanel.Point>> panels = new LinkedHashMap<>();
        private final Set<String> kernels = new LinkedHashSet<>();

        void add(Map<String, String> variant, String series, double[] values) {
            String resolution = variant.getOrDefault("resolution", "");
            String kernel = variant.getOrDefault("kernel", "");
            kernels.add(kernel);
            panels.computeIfAbsent(resolution + "x" + resolution, key -> new ArrayList<>())
                    .add(point(kernel, series, values));
        }

        Picture picture(String title, String subtitle) {
            List<LogPanel> drawn = panels.entrySet().stream()
                    .map(panel -> new LogPanel(panel.getKey(), panel.getValue()))
                    .toList();
            return Charts.logScale(title, subtitle, "kernel size", MILLISECONDS, List.copyOf(kernels), drawn, true);
        }
    }

    private static String implementation(Map<String, String> variant) {
        return variant.getOrDefault("implementation", "");
    }

    private static LogPanel.Point point(String place, String series, double[] values) {
        return new LogPanel.Point(
                place, series, StatUtils.percentile(values, 50), StatUtils.min(values), StatUtils.max(values));
    }

    private static SequencedMap<Map<String, String>, List<RunRow>> byVariant(List<RunRow> runs) {
        SequencedMap<Map<String, String>, List<RunRow>> byVariant = new LinkedHashMap<>();
        runs.stream()
                .filter(run -> run.status() == RunEnd.FINISHED)
                .forEach(run -> byVariant
                        .computeIfAbsent(run.variant(), key -> new ArrayList<>())
                        .add(run));
        return byVariant;
    }

    private static double[] values(List<RunRow> runs, String metric) {
        return runs.stream().mapToDouble(run -> run.metrics().get(metric)).toArray();
    }
}
