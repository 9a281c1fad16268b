package replklab.stats;

import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.inference.TTest;

/**
 * The difference of two means whose runs are not paired, after Welch: neither the variances nor the numbers of runs need be equal.
 *
 * @param a values of one side, two or more, finite
 * @param b values of the other side, two or more, finite
 */
public record WelchDifference(List<Double> a, List<Double> b) {
    public WelchDifference {
        a = StudentInterval.finite("the values of one side", a);
        b = StudentInterval.finite("the values of the other side", b);
        if (a.size() < 2 || b.size() < 2) {
            throw new IllegalArgumentException(
                    "a comparison of means needs 2 values on each side, not " + a.size() + " and " + b.size());
        }
    }

    /** Mean of {@code a} minus mean of {@code b}. */
    public double mean() {
        return StudentInterval.mean(a) - StudentInterval.mean(b);
    }

    /** Half the width of the 95 % interval, by Welch and Satterthwaite's degrees of freedom. */
    public double halfWidth() {
        double va = squaredError(a);
        double vb = squaredError(b);
        if (va + vb == 0) {
            return 0;
        }
        double degrees = (va + vb) * (va + vb) / (va * va / (a.size() - 1) + vb * vb / (b.size() - 1));
        return new TDistribution(degrees).inverseCumulativeProbability(0.5 + StudentInterval.LEVEL / 2)
                * Math.sqrt(va + vb);
    }

    /** The mean difference in units of the two sides' standard deviation (root of the mean of their variances). */
    public double effectSize() {
        double sd = Math.sqrt((variance(a) + variance(b)) / 2);
        return mean() == 0 ? 0 : mean() / sd;
    }

    /** Two-sided p of Welch's t test; 1 for equal means and 0 for others where no value varies. */
    public double p() {
        if (squaredError(a) + squaredError(b) == 0) {
            return mean() == 0 ? 1 : 0;
        }
        return new TTest().tTest(StudentInterval.array(a), StudentInterval.array(b));
    }

    private static double variance(List<Double> values) {
        double sd = StudentInterval.sd(values);
        return sd * sd;
    }

    private static double squaredError(List<Double> values) {
        return variance(values) / values.size();
    }
}
