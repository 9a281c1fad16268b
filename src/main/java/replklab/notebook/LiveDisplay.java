package replklab.notebook;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A place in a cell's output whose content changes while the cell runs. In a notebook the content is replaced, and
 * only its last state is saved; in JShell each state is a line of text. Safe for use by several threads.
 */
public final class LiveDisplay implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static volatile DisplaySurface standard = new TextSurface(System.out);

    private final DisplaySurface surface;
    private final long interval;
    private String id;
    private long lastShown;
    private Supplier<?> pending;
    private Supplier<String> pendingText;

    /** A display that changes at most twice a second, however often it is told to. */
    public LiveDisplay() {
        this(standard, INTERVAL);
    }

    LiveDisplay(DisplaySurface surface, Duration interval) {
        this.surface = surface;
        this.interval = interval.toNanos();
    }

    static void showIn(DisplaySurface surface) {
        standard = Objects.requireNonNull(surface);
    }

    /**
     * Shows new content, or remembers it when the last change was only just now.
     *
     * @param content makes what is drawn, called only when it is drawn
     * @param text makes the line that stands for it where nothing can be drawn
     */
    public synchronized void show(Supplier<?> content, Supplier<String> text) {
        pending = content;
        pendingText = text;
        if (id == null || System.nanoTime() - lastShown >= interval) {
            flush();
        }
    }

    /** Shows what {@link #show} was told last. */
    @Override
    public synchronized void close() {
        flush();
    }

    private void flush() {
        // The kernel cannot send a message from a thread that is interrupted, or sends half of it.
        if (pending == null || Thread.currentThread().isInterrupted()) {
            return;
        }
        Object content = pending.get();
        String text = pendingText.get();
        pending = null;
        try {
            if (id == null) {
                id = surface.show(content, text);
            } else {
                surface.replace(id, content, text);
            }
        } catch (RuntimeException e) {
            requireInterrupt(e);
        }
        lastShown = System.nanoTime();
    }

    /** ZeroMQ answers an interrupt (errno 4, EINTR) with an exception and takes the interrupt away, for which whoever computes waits. */
    private static void requireInterrupt(RuntimeException e) {
        // Each kernel may carry a copy of the class; its words (toString) fail for codes that they do not know.
        boolean interrupted = e.getClass().getSimpleName().equals("ZMQException") && "Errno 4".equals(e.getMessage());
        if (!interrupted) {
            throw e;
        }
        Thread.currentThread().interrupt();
    }
}
