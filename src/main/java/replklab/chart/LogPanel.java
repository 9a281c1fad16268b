package replklab.chart;

import java.util.List;
import java.util.stream.DoubleStream;
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
     * One measurement. Infinities and NaN are left out, and the chart says of how many.
     *
     * @param place its name along x
     * @param series whose it is
     * @param value the mark, above 0
     * @param low lower end of its interval, above 0
     * @param high upper end of its interval
     */
    public record Point(String place, String series, double value, double low, double high) {
        public Point {
            boolean above = DoubleStream.of(low, value, high).noneMatch(each -> each <= 0 && Double.isFinite(each));
            if (!above || low > value || value > high) {
                throw new UsageException("a logarithmic axis needs 0 < low <= value <= high, but " + series + " at "
                        + place + " has " + low + ", " + value + ", " + high);
            }
        }
    }
}
