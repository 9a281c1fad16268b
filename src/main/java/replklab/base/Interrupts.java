package replklab.base;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What the interrupt of a thread, such as of a notebook's cell, means for what computes in it. Each operation on tensors asks {@link
 * #check} before it begins, and {@link Parallel} before each part of one, so that a long one ends too. Whoever has an order of its
 * own to end in, such as a training, which finishes its step and writes a checkpoint, works {@link #inOrder} and looks at the
 * interrupt itself.
 */
public final class Interrupts {
    private static final Set<Thread> IN_ORDER = ConcurrentHashMap.newKeySet();

    private Interrupts() {}

    /** Thrown by {@link #check}; the thread stays interrupted. */
    public static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Interrupted() {
            super("interrupted");
        }
    }

    /**
     * Goes on unless this thread is interrupted.
     *
     * @throws Interrupted if it is, and does not work in order
     */
    public static void check() {
        Thread thread = Thread.currentThread();
        if (thread.isInterrupted() && !isInOrder(thread)) {
            throw new Interrupted();
        }
    }

    /** Does what looks at interrupts itself: no operation of it is broken off. */
    public static <T> T inOrder(Supplier<T> work) {
        Thread thread = Thread.currentThread();
        if (!IN_ORDER.add(thread)) {
            return work.get();
        }
        try {
            return work.get();
        } finally {
            IN_ORDER.remove(thread);
        }
    }

    /** {@link #inOrder} of what has no result. */
    public static void runInOrder(Runnable work) {
        Object _ = inOrder(() -> {
            work.run();
            return null;
        });
    }

    /** Whether a thread does such work. */
    public static boolean isInOrder(Thread thread) {
        return IN_ORDER.contains(thread);
    }
}
