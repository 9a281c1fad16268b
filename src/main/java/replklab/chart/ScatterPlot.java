package replklab.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.plot.Axis;
import replklab.plot.ChartStyle;
import replklab.plot.LegendEntry;
import replklab.plot.MarkerShape;
import replklab.plot.Marks;
import replklab.plot.Panel;
import replklab.plot.Picture;
import replklab.plot.SeriesStyle;
import replklab.stats.StudentInterval;

/** Points and the line through the origin that was fitted to them. See {@link Charts#scatter}. */
final class ScatterPlot {
    private static final int PANEL_WIDTH = 480;
    private static final int LEAST_WIDTH = 720;
    private static final int HEIGHT = 350;

    private ScatterPlot() {}

    static Picture draw(String title, String subtitle, String xTitle, String yTitle, List<ScatterPanel> panels) {
        Map<String, SeriesStyle> styles = new LinkedHashMap<>();
        panels.stream()
                .flatMap(panel -> panel.series().stream())
                .forEach(series -> styles.computeIfAbsent(series.name(), name -> ChartStyle.series(styles.size())));
        List<LegendEntry> legend = new ArrayList<>();
        styles.forEach((name, style) -> legend.add(new LegendEntry(name, style, LegendEntry.Kind.MARKER)));
        SeriesStyle fit = new SeriesStyle(ChartStyle.INK, MarkerShape.CIRCLE, ChartStyle.stroke(1.4, 5, 3), false);
        panels.stream()
                .map(panel -> panel.line().label())
                .distinct()
                .forEach(label -> legend.add(new LegendEntry(label, fit, LegendEntry.Kind.LINE)));
        List<Panel> drawn = panels.stream()
                .map(panel -> draw(panel, xTitle, yTitle, styles, fit))
                .toList();
        int width = Math.max(LEAST_WIDTH, PANEL_WIDTH * panels.size());
        return new Picture(title, subtitle, legend, drawn, width, HEIGHT);
    }

    private static Panel draw(
            ScatterPanel scatter, String xTitle, String yTitle, Map<String, SeriesStyle> styles, SeriesStyle fit) {
        double right = 0;
        double top = 0;
        int undrawn = 0;
        for (ScatterPanel.Series series : scatter.series()) {
            for (int i = 0; i < series.x().size(); i++) {
                if (Axis.undrawn(series.x().get(i), series.y().get(i)) > 0) {
                    undrawn++;
                } else {
                    right = Math.max(right, series.x().get(i));
                    top = Math.max(top, series.y().get(i));
                }
            }
        }
        ScatterPanel.Line line = scatter.line();
        double[] ends = {0, right};
        double highest = Axis.isDrawn(right * line.high()) ? Math.max(top, right * line.high()) : top;
        Panel panel = new Panel(scatter.heading(), xTitle, yTitle)
                .x(Axis.fromZero(right))
                .y(Axis.fromZero(highest))
                .leaveOut(undrawn)
                .add(Marks.band(ends, new double[] {0, right * line.low()}, new double[] {0, right * line.high()}, fit))
                .add(Marks.line(ends, new double[] {0, right * line.slope()}, fit));
        for (ScatterPanel.Series series : scatter.series()) {
            panel.add(Marks.points(
                    StudentInterval.array(series.x()),
                    StudentInterval.array(series.y()),
                    styles.get(series.name()),
                    ChartStyle.MARKER));
        }
        return panel;
    }
}
