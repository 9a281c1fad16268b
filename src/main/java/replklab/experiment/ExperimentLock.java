package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import replklab.base.LabException;
import replklab.base.ProcessLock;

/** One process at a time works on the runs of an experiment; another one waits, and finds done what the first has done. */
final class ExperimentLock {
    private static final int LOOK_EVERY_MS = 200;

    private ExperimentLock() {}

    /**
     * Waits for the lock.
     *
     * @param runs the folder of the experiment's runs
     * @param stop whether to give up
     * @param notices hears once that somebody else is at work
     * @throws LabException if told to stop
     */
    static ProcessLock take(Path runs, String experiment, BooleanSupplier stop, Consumer<String> notices) {
        Path file = runs.resolve("lock");
        try {
            Files.createDirectories(runs);
            Optional<ProcessLock> lock = ProcessLock.tryLock(file);
            if (lock.isEmpty()) {
                notices.accept(experiment + " is being run already"
                        + ProcessLock.holder(file)
                                .map(pid -> ", by process " + pid)
                                .orElse("")
                        + ": waiting for it, to share what it finishes");
            }
            while (lock.isEmpty()) {
                if (stop.getAsBoolean()) {
                    throw new LabException("stopped while waiting for the other run of " + experiment);
                }
                Thread.sleep(LOOK_EVERY_MS);
                lock = ProcessLock.tryLock(file);
            }
            return lock.get();
        } catch (IOException e) {
            throw new LabException("cannot use the folder " + runs + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("stopped while waiting for the other run of " + experiment, e);
        }
    }
}
