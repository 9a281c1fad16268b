package replklab.stats;

/** Whether an effect appeared here, and as in the paper: decided by {@link #of} from the interval alone, never by hand. */
public enum Verdict {
    /** The 95 % interval is clear of zero, on the side of the paper's effect. */
    AS_IN_THE_PAPER("as in the paper"),
    /** The 95 % interval is clear of zero, on the other side. */
    OPPOSITE("opposite"),
    /** The 95 % interval is clear of zero, and the paper says nothing about it. */
    CLEAR("clear of no effect"),
    /** The 95 % interval holds zero (its ends included), or there is none. */
    NOT_RESOLVED("not resolved at this scale");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /**
     * The rule.
     *
     * @param ours what was measured
     * @param paperDirection sign of the paper's effect: 1 or -1; 0 where it says nothing
     */
    public static Verdict of(PairedDifference ours, int paperDirection) {
        if (Math.abs(paperDirection) > 1) {
            throw new IllegalArgumentException("the paper's effect has direction 1, -1 or 0, not " + paperDirection);
        }
        if (ours.low() <= 0 && ours.high() >= 0) {
            return NOT_RESOLVED;
        }
        if (paperDirection == 0) {
            return CLEAR;
        }
        return Math.signum(ours.mean()) == paperDirection ? AS_IN_THE_PAPER : OPPOSITE;
    }

    /** {@code "as in the paper"}, {@code "opposite"}, {@code "clear of no effect"} or {@code "not resolved at this scale"}. */
    @Override
    public String toString() {
        return words;
    }
}
