package replklab.chart;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import replklab.plot.Axis;
import replklab.plot.ChartStyle;
import replklab.plot.LegendEntry;
import replklab.plot.Marks;
import replklab.plot.Panel;
import replklab.plot.Picture;
import replklab.plot.SeriesStyle;

/** Measurements over many powers of ten. See {@link Charts#logScale}. */
final class LogPlot {
    private static final int PANEL_WIDTH = 300;
    private static final int LEAST_WIDTH = 620;
    private static final int HEIGHT = 380;
    /** Series of one place stand this far apart, in places, so that their marks do not cover each other. */
    private static final double DODGE = 0.08;

    private LogPlot() {}

    static Picture draw(
            String title,
            String subtitle,
            String xTitle,
            String yTitle,
            List<String> places,
            List<LogPanel> panels,
            boolean connected) {
        List<LogPanel.Point> all =
                panels.stream().flatMap(panel -> panel.points().stream()).toList();
        double[] values = all.stream()
                .flatMapToDouble(point -> DoubleStream.of(point.low(), point.value(), point.high()))
                .toArray();
        Axis up = Axis.logarithmic(10, values);
        Set<String> names = new LinkedHashSet<>();
        all.forEach(point -> names.add(point.series()));
        List<String> series = List.copyOf(names);
        List<LegendEntry> legend = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            LegendEntry.Kind kind = connected ? LegendEntry.Kind.LINE_AND_MARKER : LegendEntry.Kind.MARKER;
            legend.add(new LegendEntry(series.get(i), ChartStyle.series(i), kind));
        }
        List<Panel> drawn = new ArrayList<>();
        for (LogPanel panel : panels) {
            Panel axes = new Panel(panel.heading(), xTitle, yTitle)
                    .x(Axis.places(places))
                    .y(up)
                    .leaveOut((int) panel.points().stream()
                            .filter(point -> Axis.undrawn(point.low(), point.value(), point.high()) > 0)
                            .count());
            for (int i = 0; i < series.size(); i++) {
                double shift = (i - (series.size() - 1) / 2.0) * DODGE;
                add(axes, panel, series.get(i), places, shift, ChartStyle.series(i), connected);
            }
            drawn.add(axes);
        }
        int width = Math.max(LEAST_WIDTH, PANEL_WIDTH * panels.size());
        return new Picture(title, subtitle, legend, drawn, width, HEIGHT);
    }

    private static void add(
            Panel axes,
            LogPanel panel,
            String series,
            List<String> places,
            double shift,
            SeriesStyle style,
            boolean connected) {
        List<LogPanel.Point> own = panel.points().stream()
                .filter(point -> point.series().equals(series))
                .sorted((a, b) -> Integer.compare(places.indexOf(a.place()), places.indexOf(b.place())))
                .toList();
        double[] x = own.stream()
                .mapToDouble(point -> places.indexOf(point.place()) + shift)
                .toArray();
        double[] y = own.stream().mapToDouble(LogPanel.Point::value).toArray();
        if (connected) {
            axes.add(Marks.line(x, y, style));
        }
        for (int i = 0; i < x.length; i++) {
            axes.add(Marks.verticalInterval(x[i], own.get(i).low(), own.get(i).high(), style.color()));
        }
        axes.add(Marks.points(x, y, style, ChartStyle.MARKER));
    }
}
