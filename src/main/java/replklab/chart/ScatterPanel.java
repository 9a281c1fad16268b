package replklab.chart;

import java.util.List;

/**
 * What one panel of {@link Charts#scatter} shows.
 *
 * @param heading words above the axes
 * @param series points by series; series of one name look alike in every panel
 * @param line a line through the origin, fitted to all of them
 */
public record ScatterPanel(String heading, List<Series> series, Line line) {
    /**
     * Points that belong together.
     *
     * @param name what they have in common
     * @param x from 0 on; points with a number that is not finite are left out, and the chart says how many
     * @param y from 0 on, as many
     */
    public record Series(String name, List<Double> x, List<Double> y) {
        public Series {
            x = List.copyOf(x);
            y = List.copyOf(y);
            if (x.size() != y.size()) {
                throw new IllegalArgumentException(
                        "series '" + name + "' has " + x.size() + " x values and " + y.size() + " y values");
            }
        }
    }

    /**
     * A line y = slope x with its 95 % interval.
     *
     * @param label for the legend
     * @param slope its slope
     * @param low the interval's lower end
     * @param high its upper end
     */
    public record Line(String label, double slope, double low, double high) {}

    public ScatterPanel {
        series = List.copyOf(series);
    }
}
