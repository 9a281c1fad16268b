package replklab.tracking;

/** MLflow looked at a request and will never take it; sending it again is of no use. */
final class MlflowRefused extends Exception {
    private static final long serialVersionUID = 1L;

    /** What it will not take. */
    enum Kind {
        /** This one request. */
        REQUEST,
        /** Anything of this sort: the server has no such endpoint, as has just turned out. */
        LACKING,
        /** The same, as was known before. */
        STILL_LACKING,
        /** Anything of this run: it, or its experiment, is deleted. */
        GONE
    }

    private final Kind kind;

    MlflowRefused(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    MlflowRefused(String message, Throwable cause) {
        super(message, cause);
        this.kind = Kind.REQUEST;
    }

    MlflowRefused(String message) {
        this(Kind.REQUEST, message);
    }

    Kind kind() {
        return kind;
    }

    /** Whether the server has no such endpoint at all. */
    boolean lacking() {
        return kind == Kind.LACKING || kind == Kind.STILL_LACKING;
    }
}
