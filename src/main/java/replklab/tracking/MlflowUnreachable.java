package replklab.tracking;

import java.io.IOException;

/** MLflow did not take a request, for a reason that may pass: what was to be sent is kept and sent again. */
final class MlflowUnreachable extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean answered;

    /** @param answered whether a server answered at all, so that other requests may still go through */
    MlflowUnreachable(String message, boolean answered, Throwable cause) {
        super(message, cause);
        this.answered = answered;
    }

    boolean answered() {
        return answered;
    }
}
