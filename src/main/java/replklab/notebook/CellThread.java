package replklab.notebook;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/** The thread that all cells of a kernel run in, one after the other. */
final class CellThread {
    private final BlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean abandoned;

    CellThread(String name, ClassLoader loader) {
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::work);
        thread.setContextClassLoader(loader);
        thread.start();
    }

    Thread thread() {
        return thread;
    }

    <T> Future<T> submit(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        tasks.add(task);
        return task;
    }

    /** It ends once what it does is done; what it does there beside its successor is still to stop. */
    void abandon() {
        abandoned = true;
        StopChecks.demand(thread, false);
    }

    private void work() {
        while (!abandoned) {
            try {
                tasks.take().run();
            } catch (InterruptedException e) {
                // It came when the cell was over, or nobody in the cell has looked at it.
            }
        }
        StopChecks.goOn(thread);
    }
}
