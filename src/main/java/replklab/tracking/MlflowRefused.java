package replklab.tracking;

/** MLflow looked at a request and will never take it; sending it again is of no use. */
final class MlflowRefused extends Exception {
    private static final long serialVersionUID = 1L;

    MlflowRefused(String message, Throwable cause) {
        super(message, cause);
    }

    MlflowRefused(String message) {
        super(message);
    }
}
