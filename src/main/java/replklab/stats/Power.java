package replklab.stats;

import org.hipparchus.analysis.integration.gauss.GaussIntegratorFactory;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import replklab.base.UsageException;

/**
 * How many seeds a claim needs: the power of a two-sided paired t test, from the noncentral t distribution.
 *
 * <p>Before a confirmation, the pilot says by how much seeds differ, and the one who asks says which effect is the smallest that matters.
 */
public final class Power {
    /** More than that nobody would wait for; the experiment needs another design. */
    private static final int MOST_SEEDS = 1000;

    private static final NormalDistribution NORMAL = new NormalDistribution(0, 1);
    private static final int NODES = 200;

    /** What lies outside of the part of the distribution of standard deviations that is integrated. */
    private static final double TAIL = 1e-12;

    private Power() {}

    /**
     * The chance that the test resolves an effect.
     *
     * @param distance of the effect from the margin, in its unit
     * @param sd standard deviation of the differences over seeds, above 0
     * @param n seeds, 2 or more
     * @param level of the test, such as 0.05, or that over the number of claims that are decided together
     */
    public static double of(double distance, double sd, int n, double level) {
        if (!(sd > 0) || n < 2 || !(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "power needs sd above 0, 2 seeds or more and a level between 0 and 1, not %s, %d and %s"
                            .formatted(sd, n, level));
        }
        double away = Math.abs(distance) * Math.sqrt(n) / sd;
        double critical = new TDistribution(n - 1.0).inverseCumulativeProbability(1 - level / 2);
        ChiSquaredDistribution variance = new ChiSquaredDistribution(n - 1.0);
        double degrees = n - 1.0;
        // T = (Z + away) / s, where s is the sample's standard deviation over the true one; so T > critical where Z >
        // critical s - away.
        double low = Math.sqrt(variance.inverseCumulativeProbability(TAIL) / degrees);
        double high = Math.sqrt(variance.inverseCumulativeProbability(1 - TAIL) / degrees);
        return new GaussIntegratorFactory()
                .legendre(NODES, low, high)
                .integrate(s -> 2
                        * degrees
                        * s
                        * variance.density(degrees * s * s)
                        * (1
                                - NORMAL.cumulativeProbability(critical * s - away)
                                + NORMAL.cumulativeProbability(-critical * s - away)));
    }

    /**
     * The fewest seeds with which the test resolves an effect with a chance of at least {@code power}.
     *
     * @throws UsageException if that would be more than 1000
     */
    public static int seeds(double distance, double sd, double level, double power) {
        if (!(power > 0 && power < 1)) {
            throw new IllegalArgumentException("a power is between 0 and 1, not " + power);
        }
        int enough = 2;
        while (enough <= MOST_SEEDS && of(distance, sd, enough, level) < power) {
            enough *= 2;
        }
        int few = enough / 2;
        while (enough - few > 1) {
            int middle = (enough + few) / 2;
            if (of(distance, sd, middle, level) < power) {
                few = middle;
            } else {
                enough = middle;
            }
        }
        if (enough > MOST_SEEDS) {
            throw new UsageException(
                    "an effect of %s against a standard deviation of %s over seeds needs more than %d seeds"
                            .formatted(Numbers.upTo(distance, 3), Numbers.upTo(sd, 3), MOST_SEEDS));
        }
        return Math.max(enough, 2);
    }
}
