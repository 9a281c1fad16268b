package replklab.base;

import java.util.Collection;

/**
 * Input that names something that does not exist or is not allowed: an unknown experiment, key, profile or metric, an
 * even kernel size. The command line exits with 2.
 */
public final class UsageException extends LabException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }

    /**
     * Throws unless a number is large enough.
     *
     * @param what the number is, as the message names it, such as {@code "channels of UperNet"}
     */
    public static void requireAtLeast(String what, long value, long least) {
        if (value < least) {
            throw new UsageException(what + " is " + value + "; it must be at least " + least);
        }
    }

    /**
     * The error for a name that is not among the known ones, with the near ones first.
     *
     * @param kind what is named, such as {@code "experiment"}
     * @param name what the user wrote; null for nothing
     * @param known every allowed name
     */
    public static UsageException unknown(String kind, String name, Collection<String> known) {
        return new UsageException(NearNames.message(kind, name, known));
    }
}
