package replklab.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import replklab.tracking.MlflowUnreachable.Kind;

/**
 * Empties the logs: a moment after something has been logged, so that much goes in one request. Each run has a lane of its
 * own, so a run that the server does not digest, or whose file takes long, holds up no other; a few lanes work at a time. While
 * MLflow does not answer at all, one lane tries again at growing intervals, and the others wait for it.
 */
final class Sender implements AutoCloseable {
    private static final int AT_ONCE = 4;
    private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long FIRST_RETRY = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_RETRY = TimeUnit.SECONDS.toNanos(30);

    /** So long nobody is told the same again, however often it comes and goes. */
    private static final long QUIET = TimeUnit.MINUTES.toNanos(10);

    /** How often one who waits looks whether something has arrived. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    /** The longest pause that a server may ask for. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final MlflowApi api;
    private final Consumer<String> notices;
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private final Map<String, String> runIds = new ConcurrentHashMap<>();
    /** When what was told last. */
    private final Map<String, Long> told = new HashMap<>();

    private final Thread thread;

    private boolean closing;
    private boolean down;
    private boolean unanswered;
    private boolean held;
    private boolean trouble;
    private int busy;
    private long open = System.nanoTime();
    private long retryAfter = FIRST_RETRY;
    private long asked;

    /** What has become of everything there was to send. */
    enum Outcome {
        ARRIVED,
        /** Something stays here for a reason that waiting does not mend: MLflow is away, in trouble, or does not let us in. */
        KEPT,
        /** The time was too short. */
        SLOW
    }

    /** A run and when to deliver it; guarded by the sender. */
    private static final class Lane {
        private final Delivery run;
        private Optional<Thread> worker = Optional.empty();
        private boolean scheduled;
        private boolean failing;
        private long due;
        private long retryAfter = FIRST_RETRY;
        private long served;

        Lane(Delivery run) {
            this.run = run;
        }
    }

    Sender(MlflowApi api, Consumer<String> notices) {
        this.api = api;
        this.notices = notices;
        this.thread = Thread.ofPlatform().daemon().name("mlflow-sender").start(this::loop);
    }

    void add(Delivery run) {
        lanes.add(new Lane(run));
        poke();
    }

    /** Something has been logged. */
    synchronized void poke() {
        for (Lane lane : lanes) {
            if (!lane.scheduled && !lane.run.idle()) {
                lane.scheduled = true;
                lane.due = System.nanoTime() + GATHER;
            }
        }
        notifyAll();
    }

    /** Whether MLflow answered when it was last asked, within the time that the asker had. */
    synchronized boolean reachable() {
        return !down && !unanswered;
    }

    /** Whether nothing answered when MLflow was last asked, in as long as a request may take. */
    synchronized boolean isDown() {
        return down;
    }

    /** Somebody has waited for MLflow in vain; until it answers, nobody else needs to. */
    synchronized void unanswered() {
        unanswered = true;
    }

    /** Tries now to send everything and waits for the outcome. */
    Outcome flush(Duration patience) {
        return flush(patience, patience);
    }

    /**
     * The same, for as long as MLflow answers now and then.
     *
     * @param patience how long it may answer nothing
     * @param most how long in all
     */
    Outcome flush(Duration patience, Duration most) {
        long last = System.nanoTime() + most.toNanos();
        long deadline = System.nanoTime() + patience.toNanos();
        long answered = api.answered(); // a model's many files are one event, which takes a slow server long
        boolean settled;
        synchronized (this) {
            long ticket = ++asked;
            if (down) {
                open = System.nanoTime();
            }
            notifyAll();
            try {
                long left = deadline - System.nanoTime();
                while (!settled(ticket) && left > 0 && thread.isAlive()) {
                    wait(TimeUnit.NANOSECONDS.toMillis(Math.min(left, LOOK)) + 1);
                    if (api.answered() != answered) {
                        answered = api.answered();
                        deadline = Math.min(last, System.nanoTime() + patience.toNanos());
                    }
                    left = deadline - System.nanoTime();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            settled = settled(ticket);
            unanswered |= !settled;
        }
        return waiting().isEmpty() ? Outcome.ARRIVED : settled ? Outcome.KEPT : Outcome.SLOW;
    }

    /** Folders of the runs of which something is still to be sent. */
    List<Path> waiting() {
        return lanes.stream()
                .filter(lane -> !lane.run.idle())
                .map(lane -> lane.run.folder())
                .toList();
    }

    /** Stops looking after the run in a folder, with its log left behind; tells whether there was one. */
    boolean release(Path folder) throws IOException {
        Optional<Lane> there =
                lanes.stream().filter(lane -> lane.run.folder().equals(folder)).findFirst();
        if (there.isEmpty()) {
            return false;
        }
        Optional<Thread> worker;
        synchronized (this) {
            lanes.remove(there.get());
            worker = there.get().worker;
        }
        end(worker);
        there.get().run.log().close();
        return true;
    }

    /** Ends the threads; what has not been sent stays in the logs. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        end(Optional.of(thread));
        lanes.forEach(lane -> end(worker(lane)));
        for (Lane lane : lanes) {
            try {
                if (!lane.run.finished()) {
                    lane.run.log().close();
                }
            } catch (IOException e) {
                notices.accept("cannot close " + lane.run.log().file() + ": " + e.getMessage());
            }
        }
    }

    private synchronized Optional<Thread> worker(Lane lane) {
        return lane.worker;
    }

    /** Interrupting a thread ends the request that it waits for; whoever is interrupted himself waits no less. */
    private static void end(Optional<Thread> worker) {
        boolean interrupted = Thread.interrupted();
        try {
            if (worker.isPresent() && !worker.get().join(CLOSING)) {
                worker.get().interrupt();
                worker.get().join(CLOSING);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void loop() {
        try {
            while (!closing) {
                long now = System.nanoTime();
                long next = Long.MAX_VALUE;
                for (Lane lane : lanes) {
                    long left = left(lane, now);
                    if (left <= 0 && busy < (down ? 1 : AT_ONCE)) {
                        start(lane);
                    } else if (left > 0) {
                        next = Math.min(next, left);
                    }
                }
                if (next == Long.MAX_VALUE) {
                    wait();
                } else {
                    wait(TimeUnit.NANOSECONDS.toMillis(next) + 1);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nanoseconds until a lane is to be delivered, the largest number where there is nothing to do for it now. */
    private long left(Lane lane, long now) {
        if (lane.worker.isPresent() || lane.run.idle() || parentOf(lane).isPresent()) {
            return Long.MAX_VALUE;
        }
        boolean urgent = lane.served < asked;
        long own = urgent ? 0 : lane.scheduled ? Math.max(0, lane.due - now) : GATHER;
        return down || held ? Math.max(own, open - now) : own;
    }

    /** The lane of the parent run that must be made first. */
    private Optional<Lane> parentOf(Lane lane) {
        Optional<String> key = lane.run.waitsFor();
        return key.isEmpty()
                ? Optional.empty()
                : lanes.stream()
                        .filter(other -> other.run.key().equals(key.get()) && other.run.unmade())
                        .findFirst();
    }

    /** Whether everything has been tried since somebody asked, as far as it can be. */
    private boolean settled(long ticket) {
        return lanes.stream().allMatch(lane -> settled(lane, ticket));
    }

    private boolean settled(Lane lane, long ticket) {
        if (lane.served >= ticket) {
            return true;
        }
        return lane.worker.isEmpty()
                && (lane.run.idle()
                        || (held && open - System.nanoTime() > 0)
                        || parentOf(lane)
                                .filter(parent -> settled(parent, ticket))
                                .isPresent());
    }

    private void start(Lane lane) {
        long ticket = asked;
        busy++;
        lane.scheduled = false;
        lane.worker = Optional.of(Thread.ofVirtual().name("mlflow-lane").start(() -> {
            Optional<MlflowUnreachable> failure = deliver(lane.run);
            if (!lanes.contains(lane)) { // released, and interrupted if need be: that tells nothing of the server
                done(lane, ticket);
                return;
            }
            boolean away = failure.filter(each -> each.kind() == Kind.AWAY).isPresent() && !answers();
            over(lane, ticket, failure, away);
        }));
    }

    private Optional<MlflowUnreachable> deliver(Delivery run) {
        try {
            run.deliver(api, this::parentId);
            return Optional.empty();
        } catch (MlflowUnreachable e) {
            return Optional.of(e);
        } catch (RuntimeException e) { // a fault of ours must not end the lane without a word
            return Optional.of(new MlflowUnreachable(Kind.TROUBLED, e.toString(), e));
        } finally {
            run.run().ifPresent(known -> runIds.put(run.key(), known.id()));
        }
    }

    /** Whether the server is there, although one of its answers is not. */
    private boolean answers() {
        try {
            api.within(PROBE).probe();
            return true;
        } catch (MlflowUnreachable e) {
            return e.kind() != Kind.AWAY;
        } catch (MlflowRefused e) {
            return true;
        }
    }

    private void over(Lane lane, long ticket, Optional<MlflowUnreachable> failure, boolean away) {
        Optional<String> notice;
        synchronized (this) {
            if (failure.isEmpty()) {
                succeeded(lane);
            } else {
                failed(lane, failure.get(), away);
            }
            notice = notice(failure, away);
        }
        notice.ifPresent(notices); // before anybody who waits goes on
        synchronized (this) {
            done(lane, ticket);
            if (away) {
                lanes.stream().filter(other -> other.worker.isEmpty()).forEach(other -> {
                    other.served = Math.max(other.served, ticket); // they need not find out by themselves
                });
            }
            if (lane.run.finished()) {
                lanes.remove(lane);
            }
            notifyAll();
        }
    }

    private synchronized void done(Lane lane, long ticket) {
        busy--;
        lane.worker = Optional.empty();
        lane.served = ticket;
        notifyAll();
    }

    private void succeeded(Lane lane) {
        lane.failing = false;
        lane.retryAfter = FIRST_RETRY;
        down = false;
        held = false;
        unanswered = false;
        retryAfter = FIRST_RETRY;
        if (!lane.run.idle()) {
            lane.scheduled = true;
            lane.due = System.nanoTime() + GATHER;
        }
    }

    private void failed(Lane lane, MlflowUnreachable failure, boolean away) {
        long now = System.nanoTime();
        lane.failing = true;
        lane.scheduled = true;
        if (away) {
            down = true;
            open = now + retryAfter;
            lane.due = open;
            retryAfter = Math.min(2 * retryAfter, LAST_RETRY);
            return;
        }
        long pause = failure.retryAfter()
                .map(asks -> asks.compareTo(LONGEST_PAUSE) < 0 ? asks : LONGEST_PAUSE)
                .map(Duration::toNanos)
                .orElse(0L);
        down = false;
        held = pause > 0; // it asks everybody for a pause
        open = now + pause;
        lane.due = now + Math.max(lane.retryAfter, pause);
        lane.retryAfter = Math.min(2 * lane.retryAfter, LAST_RETRY);
    }

    /** What the user has not been told yet. */
    private Optional<String> notice(Optional<MlflowUnreachable> failure, boolean away) {
        if (failure.isPresent() && closing) {
            return Optional.empty(); // what is left is told at the end
        }
        if (failure.isPresent()) {
            String reason = failure.get().getMessage();
            Kind kind = failure.get().kind();
            String server = "MLflow at " + api.endpoint().uri();
            String key = away ? "away" : kind == Kind.BARRED ? reason : kind.name();
            long now = System.nanoTime();
            Long last = told.get(key);
            if (last != null && now - last < QUIET) {
                return Optional.empty();
            }
            told.put(key, now);
            trouble = true;
            if (away) {
                return Optional.of(server + " does not answer (" + reason
                        + "): the run goes on, its log is kept in its folder and sent when MLflow is back");
            }
            return Optional.of(
                    kind == Kind.BARRED
                            ? server + ": " + reason
                                    + ". The run goes on; its log is kept in its folder and sent once that is"
                                    + " put right"
                            : server + " did not take something (" + reason
                                    + "): the run goes on, its log is kept in its folder and sent again and again");
        }
        boolean all =
                lanes.stream().noneMatch(lane -> lane.failing) && waiting().isEmpty();
        if (!all || !trouble) {
            return Optional.empty();
        }
        trouble = false;
        return Optional.of("MLflow at " + api.endpoint().uri() + " answers again and has what was kept");
    }

    private Optional<String> parentId(String experimentId, String key) throws MlflowUnreachable, MlflowRefused {
        String known = runIds.get(key);
        return known != null ? Optional.of(known) : api.find(experimentId, key).map(MlflowApi.ServerRun::id);
    }
}
