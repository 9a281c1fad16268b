package replklab.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A difference measured on the same seeds on both sides, so that what a seed decides for both (which
 * images are trained on, and in what order) cancels as far as it matters. Weights that differ in shape are drawn apart: with few seeds
 * the pairs correlate little, and a paired test loses next to nothing by that.
 *
 * @param differences one difference a seed, two or more, finite
 */
public record PairedDifference(List<Double> differences) {
    /** Of as many seeds all ways to turn their signs are counted: a million. */
    private static final int MOST_FLIPPED = 20;

    /** What sums of the same numbers in another order may differ by. */
    private static final double ROUNDING = 1e-12;

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

    /** Two-sided p of the paired t test of a mean difference of {@code value}; 1 when every difference is just that. */
    public double p(double value) {
        double away = Math.abs(mean() - value);
        if (away == 0) {
            return 1;
        }
        if (sd() == 0) {
            return 0;
        }
        return 2 * new TDistribution(n() - 1.0).cumulativeProbability(-away / (sd() / Math.sqrt(n())));
    }

    /**
     * Two-sided p of the sign-flip test of differences that lie around {@code value}: the share of all ways to turn their signs whose
     * mean is at least as far away. It supposes no normal distribution, only that each difference is as likely to lie above as
     * below. With n seeds it is never below 2 / 2^n.
     *
     * @return NaN for more than {@value #MOST_FLIPPED} seeds, whose ways are not counted
     */
    public double signFlipP(double value) {
        if (n() > MOST_FLIPPED) {
            return Double.NaN;
        }
        double[] away = differences.stream().mapToDouble(each -> each - value).toArray();
        double found = Math.abs(DoubleStream.of(away).sum()) * (1 - ROUNDING);
        long asFar = 0;
        long ways = 1L << n();
        for (long signs = 0; signs < ways; signs++) {
            double sum = 0;
            for (int i = 0; i < away.length; i++) {
                sum += (signs >> i & 1) == 0 ? away[i] : -away[i];
            }
            asFar += Math.abs(sum) >= found ? 1 : 0;
        }
        return (double) asFar / ways;
    }
}
