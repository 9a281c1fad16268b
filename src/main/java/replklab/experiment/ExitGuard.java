package replklab.experiment;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import replklab.base.ExitActions;

/** While open, a process that is told to end first lets the step in hand finish and its checkpoint be written. */
final class ExitGuard implements AutoCloseable {
    /** How long it waits for that. */
    private static final Duration LAST_STEP = Duration.ofSeconds(20);

    private final CountDownLatch done = new CountDownLatch(1);
    private final Runnable action;
    private volatile boolean stopping;

    ExitGuard() {
        action = () -> {
            stopping = true;
            try {
                boolean _ = done.await(LAST_STEP.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        ExitActions.add(ExitActions.Phase.WORK, action);
    }

    /** Whether the process was told to end. */
    boolean isStopping() {
        return stopping;
    }

    /** Whether the work must stop, because the process ends or because the thread was interrupted. */
    boolean isStopped() {
        return stopping || Thread.currentThread().isInterrupted();
    }

    @Override
    public void close() {
        done.countDown();
        ExitActions.remove(action);
    }
}
