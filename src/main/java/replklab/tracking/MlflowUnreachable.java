package replklab.tracking;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** MLflow did not take a request, for a reason that may pass: what was to be sent is kept and sent again. */
final class MlflowUnreachable extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why it did not. */
    enum Kind {
        /** Nothing answered: it is down, or takes too long. */
        AWAY,
        /** Something answered that it cannot take it now, or what MLflow does not answer. */
        TROUBLED,
        /** It does not let us in as things are set: the message says what to change. */
        BARRED
    }

    private final Kind kind;
    private final transient Optional<Duration> retryAfter;

    MlflowUnreachable(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = Optional.empty();
    }

    /** @param retryAfter the pause that the server asks for */
    MlflowUnreachable(Kind kind, String message, Optional<Duration> retryAfter) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    Kind kind() {
        return kind;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
