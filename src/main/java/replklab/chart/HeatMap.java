package replklab.chart;

import java.util.Arrays;
import java.util.Optional;
import replklab.base.UsageException;
import replklab.plot.Axis;

/**
 * One picture of {@link Charts#heatMaps}.
 *
 * @param heading a few words above it
 * @param note words of second rank below the heading; may be empty
 * @param values rows from the top, each from the left, 0 to 1; what is not finite is left grey, and the chart says how many
 * @param frame what to outline, if anything
 */
public record HeatMap(String heading, String note, double[][] values, Optional<Frame> frame) {
    /**
     * A rectangle around the pixel (rows / 2, columns / 2).
     *
     * @param height rows, from 1 on
     * @param width columns, from 1 on
     */
    public record Frame(int height, int width) {}

    public HeatMap {
        if (values.length == 0 || values[0].length == 0) {
            throw new UsageException("heat map '" + heading + "' has no values");
        }
        values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
        for (double[] row : values) {
            if (row.length != values[0].length) {
                throw new UsageException("heat map '" + heading + "' has rows of " + values[0].length + " and of "
                        + row.length + " values; all must have as many");
            }
            for (double value : row) {
                if (Double.isFinite(value) && (value < 0 || value > 1)) {
                    throw new UsageException("heat map '" + heading + "' has the value " + value
                            + "; the scale that all maps share goes from 0 to 1");
                }
            }
        }
    }

    /** A map without outline. */
    public HeatMap(String heading, String note, double[][] values) {
        this(heading, note, values, Optional.empty());
    }

    /** How many values have no colour. */
    int undrawn() {
        return Arrays.stream(values).mapToInt(Axis::undrawn).sum();
    }

    int rows() {
        return values.length;
    }

    int columns() {
        return values[0].length;
    }
}
