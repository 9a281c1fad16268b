package replklab.stats;

import java.util.Locale;

/** How well a number of the paper is attested. What is not {@link #STATED} carries its mark wherever it is printed. */
public enum Standing {
    /** Read in the paper's own text or tables. */
    STATED("", ""),
    /** Read in someone's notes on the paper. */
    SECOND_HAND("‡", "second-hand: read in someone's notes on the paper"),
    /** Known from memory only. */
    RECOLLECTED("†", "recollected: could not be confirmed from a text at hand");

    private final String mark;
    private final String note;

    Standing(String mark, String note) {
        this.mark = mark;
        this.note = note;
    }

    /** The sign put behind a number: empty, {@code ‡} or {@code †}. */
    public String mark() {
        return mark;
    }

    /** What the mark means, empty for {@link #STATED}. */
    public String note() {
        return note;
    }

    /** The less certain of the two: a difference is attested no better than its worse term. */
    public Standing worse(Standing other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The word used in the paper's CSV files: {@code stated}, {@code second-hand} or {@code recollected}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
