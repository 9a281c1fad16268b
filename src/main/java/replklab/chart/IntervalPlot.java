package replklab.chart;

import java.util.ArrayList;
import java.util.List;
import replklab.base.UsageException;
import replklab.plot.Axis;
import replklab.plot.ChartStyle;
import replklab.plot.LegendEntry;
import replklab.plot.Marks;
import replklab.plot.Panel;
import replklab.plot.Picture;
import replklab.plot.SeriesStyle;
import replklab.stats.Metric;
import replklab.stats.Numbers;
import replklab.stats.StudentInterval;

/** Means with intervals, one below the other. See {@link Charts#intervals}. */
final class IntervalPlot {
    private static final int WIDTH = 860;
    private static final int ROW = 46;
    private static final int AXIS = 78;
    private static final double STRIP = 0.5;
    private static final double TIER = 0.16;

    private IntervalPlot() {}

    static Picture draw(String title, String subtitle, Metric metric, List<IntervalRow> rows, boolean differences) {
        if (rows.isEmpty()) {
            throw new UsageException("there is nothing to draw");
        }
        SeriesStyle style = ChartStyle.series(0);
        List<Double> values = new ArrayList<>();
        Panel panel = new Panel("", metric.title(), "").y(Axis.rows(rows.size()));
        if (differences) {
            values.add(0.0);
            panel.add(Marks.verticalRule(0, ChartStyle.INK));
        }
        for (int i = 0; i < rows.size(); i++) {
            IntervalRow row = rows.get(i);
            double y = rows.size() - 1 - i + 0.3;
            panel.add(Marks.strip(row.name(), numbers(row, metric, differences), rows.size() - i, STRIP));
            row.values().forEach(seed -> panel.add(Marks.dot(seed, y - TIER, style.color())));
            panel.add(Marks.horizontalInterval(row.low(), row.high(), y, style.color()))
                    .add(Marks.point(row.mean(), y, style, ChartStyle.MARKER + 2))
                    .leaveOut(Axis.undrawn(StudentInterval.array(row.values())));
            values.addAll(row.values());
            values.addAll(List.of(row.mean(), row.low(), row.high()));
        }
        panel.x(Axis.around(StudentInterval.array(values)));
        return new Picture(
                title,
                subtitle,
                List.of(
                        new LegendEntry("mean, 95 % interval", style, LegendEntry.Kind.INTERVAL),
                        new LegendEntry("single seeds", style, LegendEntry.Kind.DOT)),
                List.of(panel),
                WIDTH,
                ROW * rows.size() + AXIS);
    }

    private static String numbers(IntervalRow row, Metric metric, boolean differences) {
        if (!Double.isFinite(row.mean())) {
            return row.values().isEmpty() ? "no finished runs" : Double.toString(row.mean());
        }
        int decimals = metric.decimals() + 1;
        String mean = number(row.mean(), decimals, differences);
        return Double.isFinite(row.low())
                ? "%s [%s, %s]"
                        .formatted(
                                mean,
                                number(row.low(), decimals, differences),
                                number(row.high(), decimals, differences))
                : mean + ", too few for an interval";
    }

    private static String number(double value, int decimals, boolean signed) {
        return signed ? Numbers.signed(value, decimals) : Numbers.fixed(value, decimals);
    }
}
