package replklab.analysis;

import java.util.List;
import replklab.base.UsageException;

/**
 * The smallest centred square of an image that holds more than a share of a contribution score, as the authors take it
 * (table 10). Its centre is the pixel (height / 2, width / 2) and its side odd; where it would leave the image it is cut off,
 * and so becomes a rectangle in an image that is not square.
 *
 * @param share the threshold t, such as 0.5
 * @param height of the square or what the image leaves of it, in pixels
 * @param width likewise
 * @param ratio of its area to the image's, above 0 up to 1
 */
public record ContributionArea(double share, int height, int width, double ratio) {
    /** The thresholds of table 10. */
    public static final List<Double> SHARES = List.of(0.2, 0.3, 0.5, 0.99);

    /**
     * Finds it.
     *
     * @param values not negative, row-major, (height, width)
     * @param share above 0 and below 1
     * @throws replklab.base.LabException if all values are zero
     */
    static ContributionArea of(double[] values, int height, int width, double share) {
        if (!(share > 0 && share < 1)) {
            throw new UsageException(
                    "share of the contribution score is " + share + "; allowed is above 0 and below 1");
        }
        double[] rings = rings(values, height, width);
        double whole = 0;
        for (double ring : rings) {
            whole += ring;
        }
        ContributionScore.requirePositive(whole);
        double inside = 0;
        int reach = -1;
        while (reach < rings.length - 1 && !(inside / whole > share)) {
            inside += rings[++reach];
        }
        int h = extent(reach, height);
        int w = extent(reach, width);
        return new ContributionArea(share, h, w, (double) h * w / ((double) height * width));
    }

    /** Sums by distance from the centre, the larger of the two axes'. */
    private static double[] rings(double[] values, int height, int width) {
        double[] rings = new double[Math.max(height, width) / 2 + 1];
        for (int i = 0; i < values.length; i++) {
            int dy = Math.abs(i / width - height / 2);
            int dx = Math.abs(i % width - width / 2);
            rings[Math.max(dy, dx)] += values[i];
        }
        return rings;
    }

    /** How many of an axis' pixels lie at most {@code reach} from its centre. */
    private static int extent(int reach, int size) {
        int centre = size / 2;
        return Math.min(size - 1, centre + reach) - Math.max(0, centre - reach) + 1;
    }
}
