package replklab.chart;

import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import replklab.plot.Axis;
import replklab.plot.ChartStyle;
import replklab.plot.SeriesStyle;
import replklab.stats.CurvePoint;
import replklab.stats.Metric;
import replklab.stats.Numbers;
import replklab.stats.RunRow;
import replklab.stats.StudentInterval;
import replklab.stats.Summary;
import replklab.stats.Variants;

/**
 * The numbers of {@link Charts#learningCurves}.
 *
 * @param x epochs
 * @param y the metric
 * @param series one a variant
 */
public record CurveData(Scale x, Scale y, List<Series> series) implements ChartData {
    /**
     * The mean of a variant's seeds.
     *
     * @param color as CSS has it
     * @param dash lengths of strokes and gaps; empty for a whole line
     * @param marker name of a {@link replklab.plot.MarkerShape}
     */
    public record Series(String label, String color, String dash, String marker, List<Point> points) {}

    /**
     * An epoch of a variant.
     *
     * @param x the epoch's place
     * @param y the mean's place
     * @param low the place of the lowest seed
     * @param high the place of the highest seed
     * @param text mean, interval and each seed in words
     */
    public record Point(double x, double y, double low, double high, String text) {}

    @Override
    public String kind() {
        return "curves";
    }

    /** Of runs that came to an end; empty if nothing of them can be drawn. */
    static Optional<ChartData> of(List<RunRow> runs, Metric metric) {
        List<Map.Entry<String, SortedMap<Double, SortedMap<Long, Double>>>> curves = new ArrayList<>();
        Variants.group(runs.stream().filter(RunRow::hasResult).toList())
                .values()
                .forEach(group -> curves.add(Map.entry(group.getFirst().label(), byEpoch(group, metric.key()))));
        double[] values = curves.stream()
                .flatMap(curve -> curve.getValue().values().stream())
                .flatMapToDouble(seeds -> seeds.values().stream().mapToDouble(Double::doubleValue))
                .toArray();
        double[] epochs = curves.stream()
                .flatMap(curve -> curve.getValue().keySet().stream())
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        if (epochs.length == 0) {
            return Optional.empty();
        }
        Axis x = Axis.whole(Math.min(1, epochs[0]), Math.max(1, epochs[epochs.length - 1]));
        Axis y = LearningCurves.axis(metric, values).endingOnTicks(TICKS);
        List<Series> series = IntStream.range(0, curves.size())
                .mapToObj(i -> series(
                        ChartStyle.series(i),
                        curves.get(i).getKey(),
                        curves.get(i).getValue().entrySet().stream()
                                .map(epoch -> point(x, y, metric, epoch.getKey(), epoch.getValue()))
                                .toList()))
                .toList();
        return Optional.of(new CurveData(Scale.of("epoch", x), Scale.of(metric.title(), y), series));
    }

    private static SortedMap<Double, SortedMap<Long, Double>> byEpoch(List<RunRow> runs, String metric) {
        SortedMap<Double, SortedMap<Long, Double>> epochs = new TreeMap<>();
        for (RunRow run : runs) {
            for (CurvePoint point : run.curve()) {
                double value = point.metrics().getOrDefault(metric, Double.NaN);
                if (Axis.isDrawn(value)) {
                    epochs.computeIfAbsent(point.epoch(), _ -> new TreeMap<>()).put(run.seed(), value);
                }
            }
        }
        return epochs;
    }

    private static Series series(SeriesStyle style, String label, List<Point> points) {
        BasicStroke stroke = style.stroke();
        String dash = stroke.getDashArray() == null
                ? ""
                : IntStream.range(0, stroke.getDashArray().length)
                        .mapToObj(i -> Numbers.upTo(stroke.getDashArray()[i], 1))
                        .collect(Collectors.joining(" "));
        String color = "#%06x".formatted(style.color().getRGB() & 0xFFFFFF);
        return new Series(label, color, dash, style.marker().name(), points);
    }

    private static Point point(Axis x, Axis y, Metric metric, double epoch, SortedMap<Long, Double> bySeed) {
        Summary summary = new Summary(List.copyOf(bySeed.values()));
        double[] values = StudentInterval.array(summary.values());
        return new Point(
                ChartData.place(x, epoch),
                ChartData.place(y, summary.mean()),
                ChartData.place(y, DoubleStream.of(values).min().orElseThrow()),
                ChartData.place(y, DoubleStream.of(values).max().orElseThrow()),
                text(metric, epoch, summary, bySeed));
    }

    private static String text(Metric metric, double epoch, Summary summary, SortedMap<Long, Double> bySeed) {
        int decimals = metric.decimals();
        String unit = metric.unit().isEmpty() ? "" : " " + metric.unit();
        String interval = summary.n() < 2
                ? ""
                : ", 95 %% interval %s to %s"
                        .formatted(Numbers.fixed(summary.low(), decimals), Numbers.fixed(summary.high(), decimals));
        return "epoch %s: %s%s%s; %s %s"
                .formatted(
                        Numbers.upTo(epoch, 2),
                        Numbers.fixed(summary.mean(), decimals),
                        unit,
                        interval,
                        summary.n() == 1 ? "seed" : "seeds",
                        bySeed.entrySet().stream()
                                .map(seed -> seed.getKey() + ": " + Numbers.fixed(seed.getValue(), decimals))
                                .collect(Collectors.joining(", ")));
    }
}
