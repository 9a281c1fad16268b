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
    private final String request;
    private final transient Optional<Duration> retryAfter;

    MlflowUnreachable(Kind kind, String message, Throwable cause) {
        this(kind, message, "", cause);
    }

    /** @param request see {@link #request()} */
    MlflowUnreachable(Kind kind, String message, String request, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.request = request;
        this.retryAfter = Optional.empty();
    }

    /**
     * @param request see {@link #request()}
     * @param retryAfter the pause that the server asks for
     */
    MlflowUnreachable(Kind kind, String message, String request, Optional<Duration> retryAfter) {
        super(message);
        this.kind = kind;
        this.request = request;
        this.retryAfter = retryAfter;
    }

    Kind kind() {
        return kind;
    }

    /** Method and path of the request that somebody had, and did not take; empty if nobody had any. */
    String request() {
        return request;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
