package replklab.report;

import java.util.List;

/**
 * What the seeds of one variant gave for one metric.
 *
 * @param values one number a seed, in any order; may be empty. With a NaN among them, or infinities, so is the mean, and there is no
 *     interval
 */
public record Summary(List<Double> values) {
    public Summary {
        values = List.copyOf(values);
    }

    /** Number of seeds. */
    public int n() {
        return values.size();
    }

    /** The mean, NaN without values. */
    public double mean() {
        return StudentInterval.mean(values);
    }

    /** The sample's standard deviation (n - 1 below), NaN for fewer than two values. */
    public double sd() {
        return StudentInterval.sd(values);
    }

    /** Half the width of Student's 95 % interval of the mean, NaN for fewer than two values. */
    public double halfWidth() {
        return StudentInterval.halfWidth(values);
    }

    /** Lower end of the 95 % interval, NaN for fewer than two values. */
    public double low() {
        return mean() - halfWidth();
    }

    /** Upper end of the 95 % interval, NaN for fewer than two values. */
    public double high() {
        return mean() + halfWidth();
    }

    /** {@code "92.31 ± 0.42"}; the mean alone for one seed, {@code ""} for none. */
    public String text(int decimals) {
        String mean = n() > 0 && !Double.isFinite(mean()) ? Double.toString(mean()) : Numbers.fixed(mean(), decimals);
        return n() < 2 || !Double.isFinite(mean()) ? mean : mean + " ± " + Numbers.fixed(halfWidth(), decimals);
    }
}
