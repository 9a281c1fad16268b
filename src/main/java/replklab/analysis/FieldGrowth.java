package replklab.analysis;

import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;
import replklab.base.UsageException;

/**
 * How the effective receptive field grows with kernel size K and depth L: the exponents of radius = c K^a L^b by least squares
 * on logarithms, to be held against the paper's O(K sqrt(L)), that is a = 1 and b = 0.5; and the slope of
 * radius = s K sqrt(L).
 *
 * @param kernel the exponent a
 * @param depth the exponent b
 * @param slope s, by least squares of the line through the origin
 * @param networks how many sizes it is made of
 */
public record FieldGrowth(Estimate kernel, Estimate depth, Estimate slope, int networks) {
    private static final double LEVEL = 0.95;

    /**
     * A number with its 95 % interval.
     *
     * @param value by least squares
     * @param low lower end
     * @param high upper end
     */
    public record Estimate(double value, double low, double high) {
        private static Estimate of(double value, double standardError, int freedom) {
            double half = standardError * new TDistribution(freedom).inverseCumulativeProbability(0.5 + LEVEL / 2);
            return new Estimate(value, value - half, value + half);
        }
    }

    /**
     * Fits. The sizes count as independent: give each kernel and depth more than one random network.
     *
     * @param sizes four or more, of at least two kernels and two depths that do not change together
     */
    public static FieldGrowth of(List<FieldSize> sizes) {
        if (sizes.size() < 4) {
            throw new UsageException("growth of the receptive field from " + sizes.size()
                    + " networks; it takes 4 or more, of at least two kernel sizes and two depths");
        }
        double[] logRadius =
                sizes.stream().mapToDouble(size -> Math.log(size.radius())).toArray();
        double[][] logs = sizes.stream()
                .map(size -> new double[] {Math.log(size.kernel()), Math.log(size.depth())})
                .toArray(double[][]::new);
        OLSMultipleLinearRegression exponents = new OLSMultipleLinearRegression();
        exponents.newSampleData(logRadius, logs);
        double[] values;
        double[] errors;
        try {
            values = exponents.estimateRegressionParameters();
            errors = exponents.estimateRegressionParametersStandardErrors();
        } catch (MathIllegalArgumentException e) {
            throw new UsageException("these " + sizes.size() + " networks tell kernel size and depth not apart: give at"
                    + " least two of each, combined");
        }
        int freedom = sizes.size() - values.length;
        return new FieldGrowth(
                Estimate.of(values[1], errors[1], freedom),
                Estimate.of(values[2], errors[2], freedom),
                slope(sizes),
                sizes.size());
    }

    private static Estimate slope(List<FieldSize> sizes) {
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (FieldSize size : sizes) {
            double x = size.predictor();
            xy += x * size.radius();
            xx += x * x;
            yy += size.radius() * size.radius();
        }
        double slope = xy / xx;
        int freedom = sizes.size() - 1;
        double residual = Math.max(0, yy - slope * xy) / freedom;
        return Estimate.of(slope, Math.sqrt(residual / xx), freedom);
    }
}
