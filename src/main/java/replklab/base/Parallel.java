package replklab.base;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The one door to threads for numeric work. The number of threads is the number of processors, or the system property
 * {@code replklab.threads}.
 *
 * <p>Callers cut their work by shape alone, never by the number of threads, and let each part write its own memory: so
 * the number of threads never changes a bit of a result.
 *
 * <p>A training step calls this some thousand times for pieces of tens of microseconds, about what it takes to wake a
 * sleeping thread. So a helper that has nothing to do looks for work a little while before it sleeps, and a caller does
 * the same before it sleeps until the last part is done.
 */
public final class Parallel {
    private static final int THREADS = Math.max(
            1, Integer.getInteger("replklab.threads", Runtime.getRuntime().availableProcessors()));

    /** How often to look before sleeping: 50 to 100 microseconds. */
    private static final int LOOKS = 2000;

    /** Whether this thread works on a part: a call from there works alone. */
    private static final ThreadLocal<Boolean> WORKING = ThreadLocal.withInitial(() -> false);

    /** Held by the call that the helpers work for; another one meanwhile works alone. */
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private static final Helper[] HELPERS = new Helper[THREADS - 1];
    private static volatile Job job;

    static {
        for (int i = 0; i < HELPERS.length; i++) {
            HELPERS[i] = new Helper(i);
            HELPERS[i].thread.start();
        }
    }

    private Parallel() {}

    /** How many threads work at once, the caller's included. */
    public static int threads() {
        return THREADS;
    }

    /**
     * Runs {@code body} for 0 (inclusive) to {@code count} (exclusive), in no particular order, and returns when all are
     * done. The caller works too. The first exception is thrown again here; parts not yet begun are then skipped.
     *
     * @throws Interrupts.Interrupted if the caller is interrupted before it begins a part, and does not work {@linkplain
     *     Interrupts#inOrder in order}
     */
    public static void forEach(int count, IntConsumer body) {
        if (count <= 1 || THREADS == 1 || WORKING.get() || !TAKEN.compareAndSet(false, true)) {
            for (int i = 0; i < count; i++) {
                Interrupts.check();
                body.accept(i);
            }
            return;
        }
        Job mine = new Job(count, body);
        try {
            job = mine;
            for (int i = 0; i < Math.min(HELPERS.length, count - 1); i++) {
                HELPERS[i].wake();
            }
            mine.work();
            mine.await();
        } finally {
            job = null;
            mine.body = null; // helpers remember their last job, which must not keep what it worked on
            TAKEN.set(false);
        }
        switch (mine.failure.get()) {
            case null -> {}
            case RuntimeException runtime -> throw runtime;
            case Error error -> throw error;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }

    /**
     * Runs {@code action} once on each helper, between two calls that it works for, and returns when all have: for what belongs
     * to a thread. One that is kept busy for longer than a second does so later.
     */
    static synchronized void onHelpers(Runnable action) {
        CountDownLatch done = new CountDownLatch(HELPERS.length);
        for (Helper helper : HELPERS) {
            helper.errand = () -> {
                try {
                    action.run();
                } finally {
                    done.countDown();
                }
            };
            helper.wake();
        }
        try {
            boolean _ = done.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Cuts {@code length} into {@code parts} nearly equal ranges; part {@code i} is from {@code cut(i)} to {@code
     * cut(i + 1)}.
     */
    public static int cut(int length, int parts, int i) {
        return (int) ((long) length * i / parts);
    }

    /** One call's parts. A helper that comes late finds none left and touches nothing. */
    private static final class Job {
        private final int count;

        /** Null when all parts are done, after which nobody calls it. */
        private IntConsumer body;

        private final Thread caller = Thread.currentThread();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private volatile boolean callerSleeps;

        Job(int count, IntConsumer body) {
            this.count = count;
            this.body = body;
        }

        void work() {
            WORKING.set(true);
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        if (Thread.currentThread() == caller) {
                            Interrupts.check();
                        }
                        body.accept(i);
                    }
                } catch (Throwable thrown) {
                    failure.compareAndSet(null, thrown);
                }
                if (done.incrementAndGet() == count && callerSleeps) {
                    LockSupport.unpark(caller);
                }
            }
            WORKING.set(false);
        }

        /** Memory handed to the helpers must stay valid until they are done, so an interrupt is kept for later. */
        void await() {
            for (int look = 0; look < LOOKS && done.get() < count; look++) {
                Thread.onSpinWait();
            }
            boolean interrupted = false;
            callerSleeps = true;
            while (done.get() < count) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A thread that looks for jobs. */
    private static final class Helper {
        private final Thread thread;
        private volatile boolean sleeps;
        private volatile Runnable errand;

        Helper(int number) {
            thread = Thread.ofPlatform().daemon().name("replklab-" + number).unstarted(this::run);
        }

        void wake() {
            if (sleeps) {
                LockSupport.unpark(thread);
            }
        }

        private void run() {
            Job last = null;
            while (true) {
                Runnable own = errand;
                if (own != null) {
                    errand = null;
                    own.run();
                }
                Job found = job;
                for (int look = 0; look < LOOKS && (found == null || found == last); look++) {
                    Thread.onSpinWait();
                    found = job;
                }
                if (found == null || found == last) {
                    // Said before the last look, so that what is set after it finds a sleeper to wake.
                    sleeps = true;
                    found = job;
                    if ((found == null || found == last) && errand == null) {
                        LockSupport.park(this);
                    }
                    sleeps = false;
                    continue;
                }
                last = found;
                found.work();
            }
        }
    }
}
