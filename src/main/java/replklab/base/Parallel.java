package replklab.base;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * The one door to threads for numeric work. The number of threads is the number of processors, or the system property
 * {@code replklab.threads}.
 *
 * <p>Callers cut their work by shape alone, never by the number of threads, and let each part write its own memory: so
 * the number of threads never changes a bit of a result.
 */
public final class Parallel {
    private static final int THREADS = Math.max(
            1, Integer.getInteger("replklab.threads", Runtime.getRuntime().availableProcessors()));

    private static final ExecutorService POOL = Executors.newFixedThreadPool(
            Math.max(1, THREADS - 1),
            Thread.ofPlatform().daemon().name("replklab-", 0).factory());

    /** Whether this thread works on a part: a call from there works alone, since all others may be waiting for it. */
    private static final ThreadLocal<Boolean> WORKING = ThreadLocal.withInitial(() -> false);

    private Parallel() {}

    /** How many threads work at once, the caller's included. */
    public static int threads() {
        return THREADS;
    }

    /**
     * Runs {@code body} for 0 (inclusive) to {@code count} (exclusive), in no particular order, and returns when all are
     * done. The caller works too. The first exception is thrown again here; parts not yet begun are then skipped.
     */
    public static void forEach(int count, IntConsumer body) {
        int helpers = Math.min(THREADS, count) - 1;
        if (helpers <= 0 || WORKING.get()) {
            for (int i = 0; i < count; i++) {
                body.accept(i);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(helpers);
        Runnable worker = () -> {
            WORKING.set(true);
            try {
                for (int i = next.getAndIncrement(); i < count && failure.get() == null; i = next.getAndIncrement()) {
                    body.accept(i);
                }
            } catch (Throwable thrown) {
                failure.compareAndSet(null, thrown);
            } finally {
                WORKING.set(false);
            }
        };
        for (int i = 0; i < helpers; i++) {
            POOL.execute(() -> {
                worker.run();
                done.countDown();
            });
        }
        worker.run();
        awaitUninterruptibly(done);
        switch (failure.get()) {
            case null -> {}
            case RuntimeException runtime -> throw runtime;
            case Error error -> throw error;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }

    /**
     * Cuts {@code length} into {@code parts} nearly equal ranges; part {@code i} is from {@code cut(i)} to {@code
     * cut(i + 1)}.
     */
    public static int cut(int length, int parts, int i) {
        return (int) ((long) length * i / parts);
    }

    // Memory handed to the helpers must stay valid until they are done, so an interrupt is kept for later.
    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
