package replklab.stats;

import java.util.OptionalDouble;

/**
 * An effect as the paper reports it, or {@link #NONE}.
 *
 * @param direction 1 when the paper's difference is above zero, -1 when it is below; 0 of {@link #NONE} alone
 * @param difference the paper's difference in the effect's unit; empty where the paper gives a direction but no number
 * @param source where in the paper, such as {@code "table 2"}
 * @param standing how well the numbers behind it are attested
 */
public record PaperEffect(int direction, OptionalDouble difference, String source, Standing standing) {
    /** In the place of the paper's, for an effect that it says nothing about. */
    public static final PaperEffect NONE = new PaperEffect(0, OptionalDouble.empty(), "", Standing.STATED);

    public PaperEffect {
        boolean none = direction == 0 && difference.isEmpty() && source.isEmpty();
        if (Math.abs(direction) != 1 && !none) {
            throw new IllegalArgumentException("the paper's effect has direction 1 or -1, not " + direction);
        }
        if (difference.isPresent() && Math.signum(difference.getAsDouble()) != direction) {
            throw new IllegalArgumentException(
                    "the paper's difference " + difference.getAsDouble() + " does not have direction " + direction);
        }
        if (source.isBlank() && !none) {
            throw new IllegalArgumentException("the source of the paper's effect is empty: name its table or section");
        }
    }

    /**
     * An effect with a number.
     *
     * @param difference finite and not zero: a difference of zero has no direction to reproduce
     */
    public static PaperEffect of(PaperValue difference, String source) {
        if (difference.value() == 0) {
            throw new IllegalArgumentException(
                    "the paper's difference in " + source + " is zero: there is no direction to reproduce");
        }
        return new PaperEffect(
                (int) Math.signum(difference.value()),
                OptionalDouble.of(difference.value()),
                source,
                difference.standing());
    }

    /** An effect that the paper states without a number. */
    public static PaperEffect towards(int direction, String source, Standing standing) {
        return new PaperEffect(direction, OptionalDouble.empty(), source, standing);
    }

    /** Whether the paper says anything. */
    public boolean isKnown() {
        return direction != 0;
    }

    /** The paper's difference, NaN where it gives none. */
    public double value() {
        return difference.orElse(Double.NaN);
    }
}
