package replklab.tracking;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import replklab.tracking.MlflowUnreachable.Kind;

/**
 * How long a run's requests are sent again that the server does not take: for ever while it takes nothing else, since it may
 * recover. One that it has not taken {@value #TIMES} times in a row, over ten minutes and any number of processes, while it takes
 * another change, is one that it never will, such as a name that its database cannot store.
 */
final class Patience {
    static final int TIMES = 10;
    static final Duration TIME = Duration.ofMinutes(10);

    private final RunLog log;

    Patience(RunLog log) {
        this.log = log;
    }

    /** A change that the server is asked for. */
    interface Change {
        void make() throws MlflowUnreachable, MlflowRefused;
    }

    /**
     * Makes a change.
     *
     * @param other one that says what the server knows already, and that it takes if it takes anything
     * @throws MlflowRefused if the server will never take the request
     */
    void send(Change request, Change other) throws MlflowUnreachable, MlflowRefused {
        try {
            attempt(request);
        } catch (MlflowUnreachable e) {
            if (!isOver(e)) {
                throw e;
            }
            try {
                other.make();
            } catch (MlflowRefused refused) {
                if (refused.kind() == MlflowRefused.Kind.GONE) {
                    throw refused;
                }
                throw e; // that tells nothing
            }
            try {
                attempt(request); // it may have recovered between the two
            } catch (MlflowUnreachable again) {
                if (!again.request().equals(e.request())) {
                    throw again;
                }
                throw new MlflowRefused(again.getMessage() + ", more than " + TIMES + " times, while it takes others");
            }
        }
    }

    /** A fault of ours, too, is met again by the next attempt. */
    private static void attempt(Change request) throws MlflowUnreachable, MlflowRefused {
        try {
            request.make();
        } catch (RuntimeException e) {
            throw new MlflowUnreachable(
                    Kind.TROUBLED, e.toString(), e.getClass().getName(), e);
        }
    }

    private boolean isOver(MlflowUnreachable failure) {
        if (failure.request().isEmpty() || failure.kind() == Kind.BARRED) {
            return false; // nobody has looked at the request
        }
        List<Event.NotTaken> before = log.record().notTaken(log.sent(), failure.request());
        long now = System.currentTimeMillis();
        if (before.size() >= TIMES) {
            return now - before.getFirst().time() >= TIME.toMillis();
        }
        try {
            log.append(new Event.NotTaken(log.sent(), failure.request(), now));
        } catch (IOException e) {
            return false; // a full disk: this time does not count
        }
        return false;
    }
}
