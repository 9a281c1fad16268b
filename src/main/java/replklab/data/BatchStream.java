package replklab.data;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import replklab.base.LabException;

/**
 * Batches in order, made ahead by worker threads: at most two for each worker lie ready or are in the making, so memory
 * is bounded however slow the consumer is. For one thread, once:
 *
 * <pre>{@code
 * try (var batches = loader.epoch(epoch, 0)) {
 *     while (batches.hasNext()) {
 *         Batch batch = batches.next();
 *     }
 * }
 * }</pre>
 *
 * What a worker throws comes out of {@link #next()} as it is. Closing stops the workers; so do the end and a failure.
 */
public final class BatchStream implements Iterator<Batch>, AutoCloseable {
    private static final int AHEAD_PER_WORKER = 2;
    /** Decoding keeps a core busy, so the workers are platform threads; daemons, so that they never hold up an exit. */
    private static final ThreadFactory THREADS =
            Thread.ofPlatform().daemon().name("replklab-data-", 0).factory();

    private final Maker maker;
    private final int end;
    private final int ahead;
    private final ThreadPoolExecutor workers;
    private final Queue<Future<Batch>> pending = new ArrayDeque<>();
    private int nextToSubmit;
    private int nextToDeliver;

    /** Makes a batch. */
    @FunctionalInterface
    interface Maker {
        /**
         * Makes the batch of an index, in any thread.
         *
         * @param stopped whether nobody wants it any more
         */
        Batch make(int index, BooleanSupplier stopped);
    }

    BatchStream(Maker maker, int first, int end, int workers) {
        this.maker = maker;
        this.end = end;
        this.ahead = AHEAD_PER_WORKER * workers;
        this.nextToSubmit = first;
        this.nextToDeliver = first;
        this.workers =
                new ThreadPoolExecutor(workers, workers, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), THREADS);
        this.workers.allowCoreThreadTimeOut(true); // a stream that was never closed keeps no thread either
        submit();
    }

    private void submit() {
        while (pending.size() < ahead && nextToSubmit < end) {
            int index = nextToSubmit++;
            pending.add(workers.submit(() -> maker.make(index, workers::isShutdown)));
        }
    }

    @Override
    public boolean hasNext() {
        return !workers.isShutdown() && nextToDeliver < end;
    }

    /**
     * The next batch; waits for it if need be.
     *
     * @throws NoSuchElementException at the end, and after {@link #close()}
     * @throws LabException if the waiting thread is interrupted
     */
    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no batch left");
        }
        boolean delivered = false;
        try {
            Batch batch = pending.remove().get();
            nextToDeliver++;
            submit();
            delivered = true;
            return batch;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new AssertionError("makers throw nothing checked", e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for a batch", e);
        } finally {
            if (!delivered || nextToDeliver == end) {
                close();
            }
        }
    }

    /** Stops the workers and waits until they have: an image that is being decoded is finished first. */
    @Override
    public void close() {
        workers.shutdownNow();
        pending.clear();
        try {
            workers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
