package replklab.stats;

/** Whether a claim held here: decided by {@link #of} from a p-value, never by hand. */
public enum Verdict {
    /** The effect lies where the claim has it. */
    SUPPORTED("supported"),
    /** The effect lies on the other side of the margin. */
    CONTRADICTED("contradicted"),
    /** It cannot be told on which side it lies. */
    NOT_RESOLVED("not resolved");

    /** A verdict is given below this p. */
    static final double LEVEL = 1 - StudentInterval.LEVEL;

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /**
     * The rule.
     *
     * @param p of the effect lying on the margin, corrected for all the claims that are decided together
     * @param holds whether the mean lies where the claim has it
     */
    public static Verdict of(double p, boolean holds) {
        if (!(p < LEVEL)) {
            return NOT_RESOLVED;
        }
        return holds ? SUPPORTED : CONTRADICTED;
    }

    /** {@code "supported"}, {@code "contradicted"} or {@code "not resolved"}. */
    @Override
    public String toString() {
        return words;
    }
}
