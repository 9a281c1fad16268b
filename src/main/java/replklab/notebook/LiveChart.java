package replklab.notebook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.chart.Charts;
import replklab.chart.LivePanel;
import replklab.chart.LiveSeries;
import replklab.plot.Picture;
import replklab.stats.Metric;

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
    private static final int DECIMALS = 3;

    private final String title;
    private final String xAxis;
    private final String yAxis;
    private final LiveDisplay display;
    private final Map<String, List<double[]>> curves = new LinkedHashMap<>();
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
        curves.computeIfAbsent(curve, name -> new ArrayList<>()).add(new double[] {x, y});
        lastLine = "%s: %s, %s %.4g, %s %.4g".formatted(title, curve, xAxis, x, yAxis, y);
        display.show(this::picture, () -> lastLine);
    }

    /** The chart as it stands now; later points do not change it. */
    public synchronized Picture picture() {
        LivePanel panel = new LivePanel(xAxis, new Metric(yAxis, yAxis, "", DECIMALS), LiveSeries.ofPoints(curves));
        return Charts.live(title, "", List.of(panel));
    }

    /** Draws the points that came since the last drawing. */
    @Override
    public synchronized void close() {
        display.close();
    }
}
