package replklab.tracking;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import replklab.base.ExitActions;
import replklab.base.LabException;
import replklab.base.OwnerOnly;

/**
 * This process's share in the server of one folder: a lease that all its users have in common, and a watch that starts the server
 * again, on its port, when it has ended while it is needed.
 */
final class SharedServer {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_AT_EXIT = Duration.ofSeconds(5);
    private static final int LOOK_EVERY_MS = 500;
    private static final int LONGEST_PAUSE_MS = 60_000;

    /** Held whenever a share changes, and while a server starts or stops. */
    private static final ReentrantLock CHANGING = new ReentrantLock();

    private static final Map<Path, SharedServer> SHARES = new HashMap<>();

    private final Path folder;
    private final Path python;
    private final ServerKey key;
    private final ServerLease lease;
    private final Consumer<String> notices;
    private final Runnable exitAction = this::exit;
    private int users;
    private volatile boolean over;
    private volatile boolean started;
    private volatile ServerProcess process;

    private SharedServer(Path folder, Path python, ServerKey key, ServerLease lease, Consumer<String> notices) {
        this.folder = folder;
        this.python = python;
        this.key = key;
        this.lease = lease;
        this.notices = notices;
    }

    /**
     * Takes a share in the server of a folder, which is started if none runs.
     *
     * @param port the only one that will do for a server that is started
     * @param notices of the first to join a folder, it hears of restarts too
     * @throws LabException if it cannot be started
     */
    static SharedServer join(Path named, OptionalInt port, Path python, Consumer<String> notices) {
        CHANGING.lock();
        try {
            Path folder = OwnerOnly.folder(named).toRealPath();
            SharedServer share = SHARES.get(folder);
            try (FileChannel file = startLock(folder);
                    var _ = file.lock()) {
                if (share == null) {
                    share = new SharedServer(folder, python, ServerKey.of(folder), ServerLease.take(folder), notices);
                }
                share.ensure(port, notices);
            } finally {
                if (share != null && share.process == null) {
                    share.lease.close();
                }
            }
            share.add();
            return share;
        } catch (IOException e) {
            throw new LabException("cannot start MLflow in " + named + ": " + reason(e), e);
        } finally {
            CHANGING.unlock();
        }
    }

    private static FileChannel startLock(Path folder) throws IOException {
        return FileChannel.open(folder.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    int port() {
        return process.port();
    }

    String token() {
        return key.token();
    }

    boolean startedHere() {
        return started;
    }

    /** Whether the server of this folder answers. */
    boolean answers() {
        return key.answers(port(), PATIENCE);
    }

    /** Gets the server going again if it is gone; it may change its port. */
    void revive() {
        if (answers()) {
            return;
        }
        CHANGING.lock();
        try (FileChannel file = startLock(folder);
                var _ = file.lock()) {
            if (!over) {
                ensure(OptionalInt.empty(), notices);
            }
        } catch (IOException e) {
            throw new LabException("cannot start MLflow in " + folder + " again: " + reason(e), e);
        } finally {
            CHANGING.unlock();
        }
    }

    /** Gives one user's share back; the last user of the last process stops the server. */
    void leave() {
        CHANGING.lock();
        try {
            users--;
            if (users == 0) {
                ExitActions.remove(exitAction);
                end();
            }
        } finally {
            CHANGING.unlock();
        }
    }

    private void add() {
        users++;
        if (users == 1) {
            SHARES.put(folder, this);
            ExitActions.add(ExitActions.Phase.SERVERS, exitAction);
            Thread.ofPlatform().daemon().name("mlflow-watch").start(this::watch);
        }
    }

    /** Finds the server, or starts one; under the start lock. */
    private void ensure(OptionalInt wished, Consumer<String> hears) throws IOException {
        Optional<ServerProcess> last = ServerProcess.last(folder);
        if (last.isPresent() && serves(last.get())) {
            if (wished.isPresent() && wished.getAsInt() != last.get().port()) {
                hears.accept("MLflow of " + folder + " runs already, on port "
                        + last.get().port());
            }
            if (!last.get().equals(process)) {
                started = false; // another process was first
            }
            process = last.get();
            return;
        }
        // Pages and notebooks that are open know the last address.
        int before =
                process != null ? process.port() : last.map(ServerProcess::port).orElse(MlflowServer.USUAL_PORT);
        int port = wished.orElse(before);
        ServerProcess fresh;
        try {
            fresh = ServerProcess.start(folder, key, port, wished.isPresent(), python);
        } catch (LabException e) {
            // One that was still starting when its starter was killed has told of itself by now.
            Optional<ServerProcess> other = ServerProcess.last(folder);
            if (other.isEmpty() || other.equals(last) || !serves(other.get())) {
                throw e;
            }
            started = false;
            process = other.get();
            return;
        }
        if (fresh.port() != port) {
            hears.accept("port " + port + " is taken: MLflow listens on " + fresh.port());
        }
        started = true;
        process = fresh;
    }

    /** Whether a server of this folder serves, waiting for one that may be about to: for as long as a start may take. */
    private boolean serves(ServerProcess server) {
        long age = Math.max(0, System.currentTimeMillis() - server.started());
        long left = Math.max(PATIENCE.toMillis(), ServerProcess.PATIENCE.toMillis() - age);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(left);
        while (server.runs()) {
            if (key.answers(server.port(), PATIENCE)) {
                return true;
            }
            if (server.runs() && System.nanoTime() > deadline) {
                throw new LabException("MLflow of " + folder + " (process " + server.pid() + ", port " + server.port()
                        + ") runs but does not answer; end that process and try again");
            }
            pause(50);
        }
        return false;
    }

    private void watch() {
        int pause = LOOK_EVERY_MS;
        while (!over) {
            pause(pause);
            if (over || process.runs()) {
                pause = LOOK_EVERY_MS;
                continue;
            }
            try {
                revive();
            } catch (LabException e) {
                if (pause == LOOK_EVERY_MS) {
                    notices.accept("MLflow has ended and cannot be started again, which is tried from time to time: "
                            + e.getMessage());
                }
                pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
            }
        }
    }

    private void end() {
        over = true;
        SHARES.remove(folder, this);
        boolean interrupted = Thread.interrupted(); // which would break off the wait for the lock
        try (lease) {
            try (FileChannel file = startLock(folder);
                    var _ = file.lock()) {
                if (lease.giveUp()) {
                    Optional<ServerProcess> last = ServerProcess.last(folder);
                    if (last.isPresent()) {
                        last.get().stop(folder);
                    }
                }
            }
        } catch (IOException e) {
            // Without leases it ends by itself, some seconds later.
            notices.accept("could not stop MLflow of " + folder + ": " + reason(e));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** When the process stops. A start that goes on meanwhile is not waited for: that server finds that nobody needs it. */
    private void exit() {
        try {
            if (CHANGING.tryLock(PATIENCE_AT_EXIT.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    if (!over) {
                        end();
                    }
                } finally {
                    CHANGING.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Java's messages for some failures are the path alone. */
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + " may not be read or written";
            case FileAlreadyExistsException file -> file.getFile() + " is not a folder";
            default -> String.valueOf(e.getMessage());
        };
    }

    static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for MLflow", e);
        }
    }
}
