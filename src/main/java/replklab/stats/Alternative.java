package replklab.stats;

import java.util.Locale;

/** What a hypothesis says of an effect: on which side of its margin it lies, or between which two. */
public enum Alternative {
    /** Above the margin. */
    GREATER,
    /** Below the margin. */
    LESS,
    /** Below the margin, too, which here is what is still tolerated: a ratio of costs, say. */
    AT_MOST,
    /** Within the margin of no effect, on either side: of a ratio, between 1 / margin and the margin. */
    EQUIVALENT;

    /**
     * Where an effect may lie if the hypothesis is right: lower and upper end, infinite where there is none.
     *
     * @param margin its place on the effect's {@link Scale}
     */
    double[] bounds(double margin) {
        return switch (this) {
            case GREATER -> new double[] {margin, Double.POSITIVE_INFINITY};
            case LESS, AT_MOST -> new double[] {Double.NEGATIVE_INFINITY, margin};
            case EQUIVALENT -> new double[] {-margin, margin};
        };
    }

    /** As files write it: {@code greater}, {@code less}, {@code at most} or {@code equivalent}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
