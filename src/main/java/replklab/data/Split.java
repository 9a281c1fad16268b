package replklab.data;

import java.util.Locale;

/** Which half of a data set: what is learned from, or what is measured on. */
public enum Split {
    TRAIN,
    TEST;

    /** {@code train} or {@code test}, as it stands in logs and messages. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
