package replklab.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import replklab.plot.Axis;
import replklab.plot.ChartStyle;
import replklab.plot.LegendEntry;
import replklab.plot.Marks;
import replklab.plot.Panel;
import replklab.plot.Picture;
import replklab.plot.SeriesStyle;

/** A running experiment. See {@link Charts#live}. */
final class LiveCurves {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 280;

    private LiveCurves() {}

    static Picture draw(String title, String subtitle, List<LivePanel> panels) {
        Map<String, SeriesStyle> styles = new LinkedHashMap<>();
        panels.stream()
                .flatMap(panel -> panel.series().stream())
                .forEach(series -> styles.computeIfAbsent(series.name(), name -> ChartStyle.series(styles.size())));
        List<LegendEntry> legend = new ArrayList<>();
        styles.forEach((name, style) -> legend.add(new LegendEntry(name, style, LegendEntry.Kind.LINE_AND_MARKER)));
        List<Panel> drawn = panels.stream().map(panel -> draw(panel, styles)).toList();
        return new Picture(title, subtitle, legend, drawn, WIDTH, HEIGHT);
    }

    private static Panel draw(LivePanel live, Map<String, SeriesStyle> styles) {
        Panel panel = new Panel("", live.xTitle(), live.metric().title());
        DoubleStream.Builder values = DoubleStream.builder();
        double last = 1;
        for (LiveSeries whole : live.series()) {
            LiveSeries series = whole.thinned();
            SeriesStyle style = styles.get(series.name());
            panel.add(Marks.line(series.x(), series.y(), style));
            int n = series.x().length;
            if (n > 0) {
                // Where the run is now, and all there is to see after its first step.
                panel.add(Marks.point(series.x()[n - 1], series.y()[n - 1], style, ChartStyle.MARKER - 1));
            }
            last = DoubleStream.of(series.x()).filter(Axis::isDrawn).reduce(last, Math::max);
            DoubleStream.of(series.y()).forEach(values);
            panel.leaveOut(whole.undrawn());
        }
        return panel.x(Axis.whole(0, last))
                .y(LearningCurves.axis(live.metric(), values.build().toArray()));
    }
}
