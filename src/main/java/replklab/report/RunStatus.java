package replklab.report;

import java.util.Locale;

/** How a run ended. Only finished runs enter statistics; the others are listed. */
public enum RunStatus {
    FINISHED,
    FAILED,
    KILLED;

    /** In small letters, as the tables print it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
