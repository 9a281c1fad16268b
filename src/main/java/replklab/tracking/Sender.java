package replklab.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The thread that empties the logs: a moment after something has been logged, so that much goes in one request; while
 * MLflow does not answer, again and again at growing intervals.
 */
final class Sender implements AutoCloseable {
    private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long FIRST_RETRY = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_RETRY = TimeUnit.SECONDS.toNanos(30);

    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final MlflowApi api;
    private final Consumer<String> notices;
    private final List<Delivery> runs = new CopyOnWriteArrayList<>();
    private final Map<String, String> runIds = new ConcurrentHashMap<>();
    private final Object passing = new Object();
    private final Thread thread;

    private boolean work;
    private boolean urgent;
    private boolean closing;
    private boolean down;
    private long due;
    private long retryAfter = FIRST_RETRY;
    private long asked;
    private long served;

    Sender(MlflowApi api, Consumer<String> notices) {
        this.api = api;
        this.notices = notices;
        this.thread = Thread.ofPlatform().daemon().name("mlflow-sender").start(this::loop);
    }

    void add(Delivery run) {
        runs.add(run);
        poke();
    }

    /** Something has been logged. */
    synchronized void poke() {
        if (!work && !down) {
            due = System.nanoTime() + GATHER;
        }
        work = true;
        notifyAll();
    }

    /** Whether the last attempt to reach MLflow failed. */
    synchronized boolean down() {
        return down;
    }

    /** Tries now to send everything and waits for the outcome; tells whether everything has arrived. */
    boolean flush(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (this) {
            long ticket = ++asked;
            urgent = true;
            notifyAll();
            try {
                long left = deadline - System.nanoTime();
                while (served < ticket && left > 0 && thread.isAlive()) {
                    wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
                    left = deadline - System.nanoTime();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return waiting().isEmpty();
    }

    /** Folders of the runs of which something is still to be sent. */
    List<Path> waiting() {
        return runs.stream().filter(run -> !run.idle()).map(Delivery::folder).toList();
    }

    /** Stops looking after the run in a folder, with its log left behind; tells whether there was one. */
    boolean release(Path folder) throws IOException {
        synchronized (passing) {
            Optional<Delivery> there =
                    runs.stream().filter(run -> run.folder().equals(folder)).findFirst();
            if (there.isPresent()) {
                runs.remove(there.get());
                there.get().log().close();
            }
            return there.isPresent();
        }
    }

    /** Ends the thread; what has not been sent stays in the logs. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        try {
            if (!thread.join(CLOSING)) {
                thread.interrupt();
                thread.join(CLOSING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Delivery run : runs) {
            try {
                if (!run.finished()) {
                    run.log().close();
                }
            } catch (IOException e) {
                notices.accept("cannot close " + run.log().file() + ": " + e.getMessage());
            }
        }
    }

    private void loop() {
        try {
            while (true) {
                long ticket = next();
                if (ticket < 0) {
                    return;
                }
                pass();
                synchronized (this) {
                    served = ticket;
                    notifyAll();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Waits until there is something to do; -1 for the end. */
    private synchronized long next() throws InterruptedException {
        while (!urgent || closing) {
            if (closing) {
                return -1;
            }
            boolean timed = work || down;
            long left = due - System.nanoTime();
            if (timed && left <= 0) {
                break;
            }
            if (timed) {
                wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
            } else {
                wait();
            }
        }
        urgent = false;
        work = false;
        return asked;
    }

    private void pass() {
        synchronized (passing) {
            boolean something = !waiting().isEmpty();
            Optional<MlflowUnreachable> failure = deliverAll();
            if (failure.isPresent()) {
                failed(failure.get().getMessage());
            } else if (something) {
                succeeded();
            }
        }
    }

    private Optional<MlflowUnreachable> deliverAll() {
        Optional<MlflowUnreachable> failure = Optional.empty();
        for (Delivery run : runs) {
            try {
                run.deliver(api, this::parentId);
                run.run().ifPresent(known -> runIds.put(run.key(), known.id()));
            } catch (MlflowUnreachable e) {
                failure = Optional.of(e);
                if (!e.answered()) {
                    break;
                }
            }
        }
        runs.removeIf(Delivery::finished);
        return failure;
    }

    private Optional<String> parentId(String experimentId, String key) throws MlflowUnreachable, MlflowRefused {
        String known = runIds.get(key);
        return known != null ? Optional.of(known) : api.find(experimentId, key).map(MlflowApi.ServerRun::id);
    }

    private void failed(String reason) {
        boolean first;
        synchronized (this) {
            first = !down && !closing;
            down = true;
            due = System.nanoTime() + retryAfter;
            retryAfter = Math.min(2 * retryAfter, LAST_RETRY);
        }
        if (first) {
            notices.accept("MLflow at " + api.endpoint().uri() + " does not answer (" + reason
                    + "): the run goes on, its log is kept in its folder and sent when MLflow is back");
        }
    }

    private void succeeded() {
        boolean back;
        synchronized (this) {
            back = down;
            down = false;
            retryAfter = FIRST_RETRY;
        }
        if (back) {
            notices.accept("MLflow at " + api.endpoint().uri() + " answers again and has what was kept");
        }
    }
}
