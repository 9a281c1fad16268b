package replklab.base;

/**
 * A failure the user can act on: its message names the thing, the value and what to do. The command line prints the
 * message alone, without a stack trace, and exits with 1.
 */
public class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
