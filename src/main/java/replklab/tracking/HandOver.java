package replklab.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import replklab.base.LabException;

/**
 * Takes the log of a run's folder from whoever still has it. A program whose work is done, or a cell that was interrupted, may hold
 * it for as long as it tells MLflow the rest; the next one waits for that rather than fail.
 */
final class HandOver {
    /** Longer than {@link Tracker} tells a slow MLflow the rest when it closes. */
    static final Duration PATIENCE = Duration.ofMinutes(6);

    private static final long LOOK_EVERY_MS = 50;
    private static final long SILENT_MS = 1_000;

    private HandOver() {}

    /**
     * Waits for the log.
     *
     * @param notices hears once if it takes more than a moment
     * @throws LabException if it is not free in time, or when interrupted
     */
    static RunLog take(Path folder, Duration patience, Consumer<String> notices) throws IOException {
        Optional<RunLog> log = RunLog.open(folder);
        for (long waited = 0; log.isEmpty() && waited < patience.toMillis(); waited += LOOK_EVERY_MS) {
            if (waited == SILENT_MS) {
                notices.accept("waiting for the run in " + folder
                        + ", of which another program or cell still has something to write or to tell MLflow");
            }
            try {
                Thread.sleep(LOOK_EVERY_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("stopped while waiting for the run in " + folder, e);
            }
            log = RunLog.open(folder);
        }
        return log.orElseThrow(() -> busy(folder));
    }

    static LabException busy(Path folder) {
        return new LabException("folder " + folder + " belongs to a run that goes on");
    }
}
