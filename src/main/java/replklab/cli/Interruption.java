package replklab.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets a command end in order when Ctrl-C is pressed: it learns of it and stops where it can, and the process waits until
 * the command has said what it got. To be closed when that is done.
 */
final class Interruption implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    private final AtomicBoolean pressed = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "interruption");

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void await() {
        pressed.set(true);
        try {
            boolean _ = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the command should stop. */
    boolean isPressed() {
        return pressed.get();
    }

    @Override
    public void close() {
        done.countDown();
        if (!isPressed()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
