package replklab.stats;

import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.StatUtils;

/** Mean, standard deviation and Student's 95 % interval of a sample, as {@link Summary} and differences share them. */
public final class StudentInterval {
    /** The confidence level of every interval that this project prints. */
    static final double LEVEL = 0.95;

    private StudentInterval() {}

    /** The mean; NaN without values, and NaN or infinite where a value is. */
    static double mean(List<Double> values) {
        return allFinite(values)
                ? StatUtils.mean(array(values))
                : values.stream().reduce(0.0, Double::sum)
                        / values.size(); // not by differences, of which infinities have none
    }

    static boolean allFinite(List<Double> values) {
        return values.stream().allMatch(Double::isFinite);
    }

    /** The sample's standard deviation (n - 1 below), NaN for fewer than two values or where one is not finite. */
    static double sd(List<Double> values) {
        return values.size() < 2 || !allFinite(values) ? Double.NaN : Math.sqrt(StatUtils.variance(array(values)));
    }

    /** Half the width of the interval: t(0.975, n - 1) sd / sqrt(n); NaN for fewer than two values. */
    static double halfWidth(List<Double> values) {
        return values.size() < 2 ? Double.NaN : halfWidth(sd(values), values.size(), 1);
    }

    /**
     * Half the width of one of several intervals that all hold at once with 95 % (Bonferroni's).
     *
     * @param sd standard deviation of the values
     * @param n how many values there are, 2 or more
     * @param together how many intervals there are
     */
    public static double halfWidth(double sd, int n, int together) {
        double outside = (1 - LEVEL) / together;
        return new TDistribution(n - 1.0).inverseCumulativeProbability(1 - outside / 2) * sd / Math.sqrt(n);
    }

    public static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Refuses NaN and infinities: a mean over them would say nothing, and say it silently. */
    static List<Double> finite(String what, List<Double> values) {
        for (int i = 0; i < values.size(); i++) {
            if (!Double.isFinite(values.get(i))) {
                throw new IllegalArgumentException(what + " must be finite, but number " + (i + 1) + " of "
                        + values.size() + " is " + values.get(i));
            }
        }
        return List.copyOf(values);
    }
}
