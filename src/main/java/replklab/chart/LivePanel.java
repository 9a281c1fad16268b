package replklab.chart;

import java.util.List;
import replklab.stats.Metric;

/**
 * One pair of axes of a live chart.
 *
 * @param xTitle such as {@code "step"}
 * @param metric what is drawn
 * @param series one line a run; runs of one name have one colour in every panel
 */
public record LivePanel(String xTitle, Metric metric, List<LiveSeries> series) {
    public LivePanel {
        series = List.copyOf(series);
    }
}
