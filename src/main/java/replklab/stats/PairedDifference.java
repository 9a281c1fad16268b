package replklab.stats;

import java.util.ArrayList;
import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A difference measured on the same seeds on both sides, so that what a seed decides (initial weights, order of the
 * images) cancels.
 *
 * @param differences one difference a seed, two or more, finite
 */
public record PairedDifference(List<Double> differences) {
    public PairedDifference {
        if (differences.size() < 2) {
            throw new IllegalArgumentException(
                    "a paired difference needs at least 2 seeds, but has " + differences.size());
        }
        differences = StudentInterval.finite("paired differences", differences);
    }

    /**
     * The differences {@code a[i] - b[i]}.
     *
     * @param a one value a seed
     * @param b as many, of the same seeds in the same order
     * @throws IllegalArgumentException for unequal lengths, fewer than two seeds, NaN or infinities
     */
    public static PairedDifference of(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "samples are paired by seed, but the first has " + a.length + " values and the second " + b.length);
        }
        List<Double> differences = new ArrayList<>(a.length);
        for (int i = 0; i < a.length; i++) {
            differences.add(a[i] - b[i]);
        }
        return new PairedDifference(differences);
    }

    /**
     * This difference minus another one, seed by seed: an interaction, such as what the shortcut does at kernel 13 minus
     * what it does at kernel 3.
     *
     * @param other of the same seeds in the same order
     */
    public PairedDifference minus(PairedDifference other) {
        return of(StudentInterval.array(differences), StudentInterval.array(other.differences));
    }

    /** Number of seeds. */
    public int n() {
        return differences.size();
    }

    /** The mean difference. */
    public double mean() {
        return StudentInterval.mean(differences);
    }

    /** Standard deviation of the differences (n - 1 below). */
    public double sd() {
        return StudentInterval.sd(differences);
    }

    /** Lower end of Student's 95 % interval of the mean difference. */
    public double low() {
        return mean() - StudentInterval.halfWidth(differences);
    }

    /** Upper end of Student's 95 % interval of the mean difference. */
    public double high() {
        return mean() + StudentInterval.halfWidth(differences);
    }

    /**
     * Cohen's d_z, the mean difference in units of the differences' standard deviation; 0 when every difference is 0,
     * infinite when all are the same but not 0.
     */
    public double effectSize() {
        return mean() == 0 ? 0 : mean() / sd();
    }

    /** Two-sided p of the paired t test of a mean difference of zero; 1 when every difference is 0. */
    public double p() {
        if (mean() == 0) {
            return 1;
        }
        if (sd() == 0) {
            return 0;
        }
        double t = Math.abs(mean()) / (sd() / Math.sqrt(n()));
        return 2 * new TDistribution(n() - 1.0).cumulativeProbability(-t);
    }
}
