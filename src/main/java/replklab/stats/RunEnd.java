package replklab.stats;

import java.util.Locale;

/** How a run ended. Finished and diverged runs enter statistics; the others are listed. */
public enum RunEnd {
    FINISHED,
    /** Its loss was no longer a finite number: a result, worth as much as a guess. */
    DIVERGED,
    FAILED,
    KILLED;

    /** Whether the run has brought a result; the others are tried again. */
    public boolean isResult() {
        return this == FINISHED || this == DIVERGED;
    }

    /** In small letters, as the tables print it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
