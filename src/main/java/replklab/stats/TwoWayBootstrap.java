package replklab.stats;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * An interval that covers what varies from seed to seed and from test image to test image: both are drawn again with replacement, each by
 * itself, and a score counts as often as its seed and its image were drawn (A. B. Owen, "The pigeonhole bootstrap", Annals of Applied
 * Statistics 1, 2007). Where seeds and images have their own part in a score, it is wider than needed rather than narrower; few seeds make
 * any bootstrap narrow, by a factor of the square root of (n - 1) / n and the normal instead of Student's quantile, so it stands beside
 * {@link StudentInterval}, not in its place.
 */
public final class TwoWayBootstrap {
    private static final int TIMES = 2000;
    private static final double OUTSIDE = 0.025;

    private TwoWayBootstrap() {}

    /**
     * The middle 95 % of the means.
     *
     * @param low lower end
     * @param high upper end
     */
    public record Interval(double low, double high) {}

    /**
     * The interval of the mean of all scores.
     *
     * @param scores what each seed (row) has on each test image (column): two seeds or more, as many images for each
     * @param seed of the drawing
     */
    public static Interval of(double[][] scores, long seed) {
        int seeds = scores.length;
        if (seeds < 2) {
            throw new IllegalArgumentException("scores must be of at least 2 seeds, not " + seeds);
        }
        int images = scores[0].length;
        for (double[] row : scores) {
            if (row.length != images || images == 0) {
                throw new IllegalArgumentException(
                        "each seed must have the same test images, at least one, but one has " + row.length
                                + " and the first " + images);
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[TIMES];
        int[] counts = new int[images];
        for (int time = 0; time < TIMES; time++) {
            Arrays.fill(counts, 0);
            for (int i = 0; i < images; i++) {
                counts[random.nextInt(images)]++;
            }
            double sum = 0;
            for (int s = 0; s < seeds; s++) {
                sum += weighted(scores[random.nextInt(seeds)], counts);
            }
            means[time] = sum / seeds / images;
        }
        Arrays.sort(means);
        int outside = (int) (OUTSIDE * TIMES);
        return new Interval(means[outside], means[TIMES - 1 - outside]);
    }

    private static double weighted(double[] scores, int[] counts) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            sum += counts[i] * scores[i];
        }
        return sum;
    }
}
