package replklab.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import replklab.base.UsageException;
import replklab.plot.Axis;
import replklab.plot.ChartStyle;
import replklab.plot.LegendEntry;
import replklab.plot.Marks;
import replklab.plot.Panel;
import replklab.plot.Picture;
import replklab.plot.PlotMark;
import replklab.plot.SeriesStyle;
import replklab.stats.CurvePoint;
import replklab.stats.Metric;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.stats.StudentInterval;
import replklab.stats.Summary;
import replklab.stats.Variants;

/** A metric by epoch, a line a variant. See {@link Charts#learningCurves}. */
final class LearningCurves {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 380;
    private static final int MOST_MARKERS = 12;

    /** More bands than these are a fog: then there are whiskers, side by side. */
    private static final int MOST_BANDS = 4;

    /** Pixels from one whisker to the next. */
    private static final double SIDE_STEP = 6;

    /** The part of the axis that the outermost ones need beyond the first epoch and the last. */
    private static final double SIDE_ROOM = 0.02;

    private LearningCurves() {}

    /** Whether there is something to draw. */
    static boolean has(List<RunRow> runs, Metric metric) {
        List<RunRow> finished = runs.stream().filter(RunRow::hasResult).toList();
        return !byEpoch(finished, metric.key()).isEmpty() || undrawn(finished, metric.key()) > 0;
    }

    static Picture draw(String title, List<RunRow> runs, Metric metric) {
        if (!has(runs, metric)) {
            throw new UsageException("no finished run has a curve of '" + metric.key() + "'");
        }
        List<RunRow> finished = runs.stream().filter(RunRow::hasResult).toList();
        Panel panel = new Panel("", "epoch", metric.title());
        List<LegendEntry> legend = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        double lastEpoch = 1;
        double firstEpoch = Double.POSITIVE_INFINITY;
        int most = 0;
        List<PlotMark> lines = new ArrayList<>();
        var groups = Variants.group(finished).values();
        boolean bands = groups.size() <= MOST_BANDS;
        for (var group : groups) {
            double shift = bands ? 0 : (legend.size() - (groups.size() - 1) / 2.0) * SIDE_STEP;
            SeriesStyle style = ChartStyle.series(legend.size());
            SortedMap<Double, Summary> byEpoch = byEpoch(group, metric.key());
            legend.add(new LegendEntry(group.getFirst().label(), style, LegendEntry.Kind.LINE_AND_MARKER));
            if (byEpoch.isEmpty()) {
                continue;
            }
            double[] x = StudentInterval.array(List.copyOf(byEpoch.keySet()));
            double[] mean = byEpoch.values().stream().mapToDouble(Summary::mean).toArray();
            double[] low =
                    byEpoch.values().stream().mapToDouble(LearningCurves::min).toArray();
            double[] high =
                    byEpoch.values().stream().mapToDouble(LearningCurves::max).toArray();
            if (bands) {
                panel.add(Marks.band(x, low, high, style));
            } else {
                whiskers(every(x), every(low), every(high), style).forEach(mark -> panel.add(mark.shifted(shift)));
            }
            lines.add(Marks.line(x, mean, style).shifted(shift));
            lines.add(Marks.points(every(x), every(mean), style, ChartStyle.MARKER)
                    .shifted(shift));
            byEpoch.values().forEach(summary -> values.addAll(summary.values()));
            firstEpoch = Math.min(firstEpoch, x[0]);
            lastEpoch = Math.max(lastEpoch, x[x.length - 1]);
            most = Math.max(most, group.size());
        }
        // Every band and whisker lies below every line.
        lines.forEach(panel::add);
        double first = Math.min(firstEpoch, 1);
        double room = bands ? 0 : SIDE_ROOM * Math.max(1, lastEpoch - first);
        panel.x(Axis.whole(first - room, lastEpoch + room))
                .y(axis(metric, StudentInterval.array(values)))
                .leaveOut(undrawn(finished, metric.key()));
        String subtitle = most > 1
                ? "Lines are means over seeds, %s reach from the lowest seed to the highest"
                        .formatted(bands ? "bands" : "whiskers")
                : "One seed";
        int diverged = Variants.count(finished, run -> run.status() == RunEnd.DIVERGED);
        if (diverged > 0) {
            subtitle += "; %d diverged %s where %s did"
                    .formatted(diverged, diverged == 1 ? "run ends" : "runs end", diverged == 1 ? "it" : "they");
        }
        return new Picture(title, subtitle, legend, List.of(panel), WIDTH, HEIGHT);
    }

    private static List<PlotMark> whiskers(double[] x, double[] low, double[] high, SeriesStyle style) {
        return IntStream.range(0, x.length)
                .mapToObj(i -> Marks.verticalInterval(x[i], low[i], high[i], style.color()))
                .toList();
    }

    /** How many values of runs that went on have no place. */
    private static int undrawn(List<RunRow> runs, String metric) {
        return runs.stream()
                .filter(run -> run.status() != RunEnd.DIVERGED)
                .flatMap(run -> run.curve().stream())
                .filter(point -> point.metrics().containsKey(metric))
                .mapToInt(point -> Axis.undrawn(point.metrics().get(metric)))
                .sum();
    }

    private static SortedMap<Double, Summary> byEpoch(List<RunRow> runs, String metric) {
        SortedMap<Double, List<Double>> values = new TreeMap<>();
        for (RunRow run : runs) {
            for (CurvePoint point : run.curve()) {
                double value = point.metrics().getOrDefault(metric, Double.NaN);
                if (Axis.isDrawn(value)) {
                    values.computeIfAbsent(point.epoch(), epoch -> new ArrayList<>())
                            .add(value);
                }
            }
        }
        SortedMap<Double, Summary> summaries = new TreeMap<>();
        values.forEach((epoch, list) -> summaries.put(epoch, new Summary(list)));
        return summaries;
    }

    /** Markers at a few points only: on a long curve they would hide it. The last point always has one. */
    private static double[] every(double[] points) {
        int step = (points.length + MOST_MARKERS - 1) / MOST_MARKERS;
        int count = (points.length - 1) / step + 1;
        double[] few = new double[count];
        for (int i = 0; i < count; i++) {
            few[i] = points[points.length - 1 - (count - 1 - i) * step];
        }
        return few;
    }

    /** An axis for values of a metric: percentages end at 0 and 100. */
    static Axis axis(Metric metric, double... values) {
        Axis axis = Axis.around(values);
        return metric.unit().equals("%") ? axis.within(0, 100) : axis;
    }

    private static double min(Summary summary) {
        return summary.values().stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    private static double max(Summary summary) {
        return summary.values().stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }
}
