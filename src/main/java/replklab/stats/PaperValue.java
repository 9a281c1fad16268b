package replklab.stats;

/**
 * One number of the paper.
 *
 * @param value the number in the unit of its column, finite
 * @param standing how well it is attested
 */
public record PaperValue(double value, Standing standing) {
    public PaperValue {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a value of the paper is a finite number, not " + value);
        }
    }

    /** The number with {@code decimals} digits and the mark of its standing, such as {@code 57.23†}. */
    public String text(int decimals) {
        return Numbers.fixed(value, decimals) + standing.mark();
    }
}
