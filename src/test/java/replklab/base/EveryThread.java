package replklab.base;

import java.util.concurrent.CountDownLatch;

/** Work in which each of {@link Parallel}'s threads takes part, which otherwise is chance. */
public final class EveryThread {
    private EveryThread() {}

    /** Runs it once on each thread, when all of them are there. */
    public static void run(Runnable work) {
        CountDownLatch there = new CountDownLatch(Parallel.threads());
        Parallel.forEach(Parallel.threads(), _ -> {
            there.countDown();
            try {
                there.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            work.run();
        });
    }
}
