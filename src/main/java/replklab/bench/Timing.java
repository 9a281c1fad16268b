package replklab.bench;

import java.util.Arrays;
import org.hipparchus.stat.descriptive.rank.Percentile;
import org.hipparchus.stat.descriptive.rank.Percentile.EstimationType;

/**
 * How long measured calls took, in milliseconds.
 *
 * @param runs how many there were
 * @param median half of them were faster
 * @param low lower quartile
 * @param high upper quartile
 * @param fastest the shortest
 * @param slowest the longest
 */
public record Timing(int runs, double median, double low, double high, double fastest, double slowest) {
    /** The summary of at least one call. */
    public static Timing of(double... milliseconds) {
        if (milliseconds.length == 0) {
            throw new IllegalArgumentException("a timing needs at least one measured call");
        }
        Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
        percentile.setData(milliseconds);
        return new Timing(
                milliseconds.length,
                percentile.evaluate(50),
                percentile.evaluate(25),
                percentile.evaluate(75),
                Arrays.stream(milliseconds).min().orElseThrow(),
                Arrays.stream(milliseconds).max().orElseThrow());
    }
}
