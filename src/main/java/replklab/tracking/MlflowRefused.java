package replklab.tracking;

/** MLflow looked at a request and will never take it; sending it again is of no use. */
final class MlflowRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean lacking;

    MlflowRefused(String message, Throwable cause) {
        super(message, cause);
        this.lacking = false;
    }

    MlflowRefused(String message) {
        this(message, false);
    }

    /** @param lacking whether the server has no such endpoint at all */
    MlflowRefused(String message, boolean lacking) {
        super(message);
        this.lacking = lacking;
    }

    boolean lacking() {
        return lacking;
    }
}
