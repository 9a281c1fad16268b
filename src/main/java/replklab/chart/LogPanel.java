package replklab.chart;

import java.util.List;
import replklab.base.UsageException;

/**
 * What one panel of {@link Charts#logScale} shows.
 *
 * @param heading words above the axes
 * @param points in any order
 */
public record LogPanel(String heading, List<Point> points) {
    public LogPanel {
        points = List.copyOf(points);
    }

    /**
     * One measurement.
     *
     * @param place its name along x
     * @param series whose it is
     * @param value above 0
     * @param low lower end of its interval, above 0
     * @param high upper end of its interval
     */
    public record Point(String place, String series, double value, double low, double high) {
        public Point {
            if (!(low > 0 && low <= value && value <= high && high < Double.POSITIVE_INFINITY)) {
                throw new UsageException("a logarithmic axis needs 0 < low <= value <= high, but " + series + " at "
                        + place + " has " + low + ", " + value + ", " + high);
            }
        }
    }
}
