package replklab.notebook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Curves that grow while a cell runs:
 *
 * <pre>{@code
 * try (var live = new LiveChart("Validation accuracy", "epoch", "accuracy")) {
 *     train(progress -> live.add(progress.variant(), progress.epoch(), progress.accuracy()));
 * }
 * }</pre>
 *
 * Points may come from several threads. Closing it leaves the finished chart.
 */
public final class LiveChart implements AutoCloseable {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;

    private final String title;
    private final String xAxis;
    private final String yAxis;
    private final LiveDisplay display;
    private final Map<String, Curve> curves = new LinkedHashMap<>();
    private String lastLine = "";

    /** A chart without curves, which appears with the first point. */
    public LiveChart(String title, String xAxis, String yAxis) {
        this(title, xAxis, yAxis, new LiveDisplay());
    }

    LiveChart(String title, String xAxis, String yAxis, DisplaySurface surface) {
        this(title, xAxis, yAxis, new LiveDisplay(surface, Duration.ZERO));
    }

    private LiveChart(String title, String xAxis, String yAxis, LiveDisplay display) {
        this.title = title;
        this.xAxis = xAxis;
        this.yAxis = yAxis;
        this.display = display;
    }

    /** Adds a point to a curve, which is new if there is none of that name yet. A point that is no number is a gap. */
    public synchronized void add(String curve, double x, double y) {
        curves.computeIfAbsent(curve, name -> new Curve()).add(x, y);
        lastLine = "%s: %s, %s %.4g, %s %.4g".formatted(title, curve, xAxis, x, yAxis, y);
        display.show(this::chart, () -> lastLine);
    }

    /** The chart as it stands now; later points do not change it. */
    public synchronized XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .width(WIDTH)
                .height(HEIGHT)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        curves.forEach(
                (name, curve) -> chart.addSeries(name, curve.x(), curve.y()).setMarker(SeriesMarkers.NONE));
        return chart;
    }

    /** Draws the points that came since the last drawing. */
    @Override
    public synchronized void close() {
        display.close();
    }

    private static final class Curve {
        private final List<double[]> points = new ArrayList<>();

        void add(double x, double y) {
            points.add(new double[] {x, y});
        }

        double[] x() {
            return points.stream().mapToDouble(point -> point[0]).toArray();
        }

        double[] y() {
            return points.stream().mapToDouble(point -> point[1]).toArray();
        }
    }
}
