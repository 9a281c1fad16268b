package replklab.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * What the seeds of one variant gave for one metric.
 *
 * @param values one number a seed, in any order; may be empty. With a NaN among them, or infinities, so is the mean, and there is no
 *     interval
 * @param guessed how many of them are of runs that diverged, which count as a guess
 * @param leftOut how many runs more came to their end, but without a finite number
 */
public record Summary(List<Double> values, int guessed, int leftOut) {
    public Summary {
        values = List.copyOf(values);
    }

    /** Of runs that all count and did not diverge. */
    public Summary(List<Double> values) {
        this(values, 0, 0);
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

    /**
     * {@code "92.31 ± 0.42"}; the mean alone for one seed, {@code ""} for none; {@code "50.40 (0.00 to 100.00)"} for a percentage whose
     * interval would leave the percentages. What it holds or lacks of runs that diverged or gave no number follows: {@code "61.20 ± 30.10 (1
     * diverged)"}.
     */
    public String text(Metric metric) {
        String note = note();
        return note.isEmpty() ? numbers(metric) : (numbers(metric) + " (" + note + ")").strip();
    }

    private String numbers(Metric metric) {
        if (n() > 0 && !Double.isFinite(mean())) {
            return Double.toString(mean());
        }
        String mean = Numbers.fixed(mean(), metric.decimals());
        if (n() < 2) {
            return mean;
        }
        boolean beyond = metric.isPercentage() && (low() < 0 || high() > 100);
        return beyond
                ? "%s (%s to %s)"
                        .formatted(
                                mean,
                                Numbers.fixed(Math.max(low(), 0), metric.decimals()),
                                Numbers.fixed(Math.min(high(), 100), metric.decimals()))
                : mean + " ± " + Numbers.fixed(halfWidth(), metric.decimals());
    }

    /** {@code "1 diverged, 2 left out"}, or empty. */
    public String note() {
        List<String> words = new ArrayList<>();
        if (guessed > 0) {
            words.add(guessed + " diverged");
        }
        if (leftOut > 0) {
            words.add(leftOut + " left out");
        }
        return String.join(", ", words);
    }
}
