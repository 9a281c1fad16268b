package replklab.chart;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import replklab.plot.Axis;

/** One line of a live chart. */
public final class LiveSeries {
    /** More points than a panel has pixels only cost time. */
    private static final int MOST = 240;

    private final String name;
    private final double[] x;
    private final double[] y;

    /**
     * A line through points.
     *
     * @param name of the run
     * @param x steps or epochs, rising
     * @param y as many values; what is not finite is left out, and the chart says of how many points
     */
    public LiveSeries(String name, double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "series '" + name + "' has " + x.length + " x values and " + y.length + " y values");
        }
        this.name = name;
        this.x = x.clone();
        this.y = y.clone();
    }

    /**
     * Lines from points, in the map's order.
     *
     * @param curves by name, each a list of {x, y} with x rising
     */
    public static List<LiveSeries> ofPoints(Map<String, List<double[]>> curves) {
        return curves.entrySet().stream()
                .map(curve -> new LiveSeries(curve.getKey(), column(curve.getValue(), 0), column(curve.getValue(), 1)))
                .toList();
    }

    private static double[] column(List<double[]> points, int index) {
        return points.stream().mapToDouble(point -> point[index]).toArray();
    }

    /** Name of the run. */
    public String name() {
        return name;
    }

    double[] x() {
        return x.clone();
    }

    double[] y() {
        return y.clone();
    }

    /** How many of its points have no place. */
    int undrawn() {
        return (int) IntStream.range(0, x.length)
                .filter(i -> !Axis.isDrawn(x[i]) || !Axis.isDrawn(y[i]))
                .count();
    }

    /** The series with at most {@code MOST} points: each the mean over a run of neighbours. */
    LiveSeries thinned() {
        if (x.length <= MOST) {
            return this;
        }
        double[] fewX = new double[MOST];
        double[] fewY = new double[MOST];
        for (int i = 0; i < MOST; i++) {
            int from = (int) ((long) i * x.length / MOST);
            int to = (int) ((i + 1L) * x.length / MOST);
            double sum = 0;
            int count = 0;
            for (int j = from; j < to; j++) {
                if (Axis.isDrawn(y[j])) {
                    sum += y[j];
                    count++;
                }
            }
            fewX[i] = x[to - 1];
            fewY[i] = count == 0 ? Double.NaN : sum / count;
        }
        return new LiveSeries(name, fewX, fewY);
    }
}
