package replklab.stats;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * What is claimed of an effect, stated before it is measured, and how it is decided: by where the effect lies against a margin.
 *
 * @param role whether it gets a verdict
 * @param claim in the words of who claims it, with the place; may be empty of a secondary one
 * @param test on which side of the margin the effect lies if the claim is right
 * @param margin in the effect's unit, such as 1 for a point, or 9.3 for a ratio
 * @param reason why this margin; may be empty of a secondary one
 */
public record Hypothesis(Role role, String claim, Alternative test, double margin, String reason) {
    /** Whether a hypothesis gets a verdict, or only its size with an interval. */
    public enum Role {
        /** What the experiment was made for, at most one in each: its verdict is corrected for all the others on a page. */
        PRIMARY,
        /** What is looked at besides. */
        SECONDARY;

        /** As files write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Hypothesis {
        if (!Double.isFinite(margin)) {
            throw new IllegalArgumentException("margin is " + margin + "; it must be a finite number");
        }
        if (role == Role.PRIMARY && claim.isBlank()) {
            throw new IllegalArgumentException(
                    "claim is missing; a primary hypothesis says who claims what, and where");
        }
        if (role == Role.PRIMARY && reason.isBlank()) {
            throw new IllegalArgumentException(
                    "reason is missing; a primary hypothesis says why its margin is this one");
        }
    }

    /** What is looked at besides: no claim, no reason. */
    public static Hypothesis secondary(Alternative test, double margin) {
        return new Hypothesis(Role.SECONDARY, "", test, margin, "");
    }

    /** Whether it gets a verdict. */
    public boolean isPrimary() {
        return role == Role.PRIMARY;
    }

    /**
     * Throws unless the margin is one on this scale: ratios are above zero, and what is equivalent lies within a margin that is wider
     * than no effect.
     */
    void requireMargin(Scale scale) {
        if (scale == Scale.RATIO && margin <= 0) {
            throw new IllegalArgumentException("margin is " + margin + "; of a ratio it must be above 0");
        }
        if (test == Alternative.EQUIVALENT && scale.place(margin) <= 0) {
            throw new IllegalArgumentException("margin is " + margin
                    + "; what is equivalent to no effect lies within a margin above " + Numbers.upTo(scale.told(0), 0));
        }
    }

    /**
     * Two-sided p of the effect lying on the margin, which is the nearer of two: below 0.05 exactly if the 95 % interval lies wholly on one side of it.
     */
    double p(PairedDifference ours, Scale scale) {
        return atBounds(scale, ours::p);
    }

    /** The same by the sign-flip test; NaN for more seeds than it counts. */
    double signFlipP(PairedDifference ours, Scale scale) {
        return atBounds(scale, ours::signFlipP);
    }

    private double atBounds(Scale scale, DoubleUnaryOperator p) {
        return DoubleStream.of(test.bounds(scale.place(margin)))
                .filter(Double::isFinite)
                .map(p)
                .max()
                .orElseThrow();
    }

    /** Whether a mean lies where the claim has it. */
    public boolean holds(double mean, Scale scale) {
        double[] bounds = test.bounds(scale.place(margin));
        return mean > bounds[0] && mean < bounds[1];
    }

    /** The test in words, such as {@code "less than −1 points"} or {@code "at most ×9.3"}. */
    public String rule(Scale scale, String unit) {
        String number = scale.signed(scale.place(margin), 6);
        String trimmed = number.contains(".") ? number.replaceAll("\\.?0+$", "") : number;
        String size = scale == Scale.RATIO || unit.isEmpty() ? trimmed : trimmed + " " + unit;
        return switch (test) {
            case GREATER, LESS -> test.name().toLowerCase(Locale.ROOT) + " than " + size;
            case AT_MOST -> test + " " + size;
            case EQUIVALENT -> "within " + size.replaceFirst("^\\+", "±");
        };
    }
}
