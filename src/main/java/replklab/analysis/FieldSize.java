package replklab.analysis;

import replklab.base.UsageException;

/**
 * The size of one network's effective receptive field.
 *
 * @param kernel side of its depthwise kernels, K
 * @param depth number of layers that have such a kernel, L
 * @param radius {@link ContributionScore#radius}, above 0, in any unit that is the same for all sizes compared
 */
public record FieldSize(int kernel, int depth, double radius) {
    public FieldSize {
        if (kernel < 1 || depth < 1 || !(radius > 0 && radius < Double.POSITIVE_INFINITY)) {
            throw new UsageException(
                    "kernel %d, depth %d, radius %s: each must be above 0 and finite".formatted(kernel, depth, radius));
        }
    }

    /** K sqrt(L), which the radius is said to grow with (section 5, after Luo et al., arXiv:1701.04128). */
    public double predictor() {
        return kernel * Math.sqrt(depth);
    }
}
