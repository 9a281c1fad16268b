package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import replklab.base.LabException;
import replklab.base.Lease;
import replklab.base.ProcessLock;

/**
 * One process at a time works through the runs of an experiment and writes its report; another one waits, and finds done what the
 * first has done. Single runs are taken one by one, by {@link Attempts}.
 */
final class ExperimentLock implements AutoCloseable {
    private static final int LOOK_EVERY_MS = 200;

    private final ProcessLock lock;
    private final Lease lease;

    private ExperimentLock(ProcessLock lock, Lease lease) {
        this.lock = lock;
        this.lease = lease;
    }

    /**
     * Waits for the lock.
     *
     * @param runs the folder of the experiment's runs
     * @param stop whether to give up
     * @param notices hears once that somebody else is at work
     * @throws LabException if told to stop
     */
    static ExperimentLock take(Path runs, String experiment, BooleanSupplier stop, Consumer<String> notices)
            throws IOException {
        try {
            Files.createDirectories(runs);
            Optional<ExperimentLock> lock = tryTake(runs);
            if (lock.isEmpty()) {
                notices.accept(experiment + " is being run already" + holder(runs)
                        + ": waiting for it, to share what it finishes");
            }
            while (lock.isEmpty()) {
                if (stop.getAsBoolean()) {
                    throw new LabException("stopped while waiting for the other run of " + experiment);
                }
                Thread.sleep(LOOK_EVERY_MS);
                lock = tryTake(runs);
            }
            return lock.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("stopped while waiting for the other run of " + experiment, e);
        }
    }

    /** The lock is the system's, where the file system has any; the lease says the same to other machines. */
    private static Optional<ExperimentLock> tryTake(Path runs) throws IOException {
        Optional<ProcessLock> lock = ProcessLock.tryLock(file(runs));
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        Path parent = ParentRun.folder(runs);
        if (!Lease.isTaken(parent)) {
            Files.deleteIfExists(Lease.of(parent));
            Optional<Lease> lease = Lease.create(parent);
            if (lease.isPresent()) {
                return Optional.of(new ExperimentLock(lock.get(), lease.get()));
            }
        }
        lock.get().close();
        return Optional.empty();
    }

    private static Path file(Path runs) {
        return runs.resolve("lock");
    }

    private static String holder(Path runs) {
        return Lease.holder(ParentRun.folder(runs))
                .map(holder -> ", by " + holder.process().shown())
                .or(() -> ProcessLock.holder(file(runs)).map(pid -> ", by process " + pid))
                .orElse("");
    }

    @Override
    public void close() {
        lease.close();
        try {
            lock.close();
        } catch (IOException e) {
            throw new LabException("cannot give back the lock of the experiment: " + e.getMessage(), e);
        }
    }
}
