package replklab.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import replklab.base.LabException;

/** Says which runs' folders must stay, since something of them is nowhere else. */
public final class RunKeeping {
    /** The file in a run's folder that is the truth about it. */
    public static final String LOG = "run.log";

    /** The file that says how much of the log MLflow has. */
    public static final String SENT = "run.sent";

    private RunKeeping() {}

    /** Every folder at or below another that holds the log of a run. */
    public static List<Path> runs(Path root) {
        try {
            return LeftBehind.all(root);
        } catch (IOException e) {
            throw new LabException("cannot look through " + root + ": " + e.getMessage(), e);
        }
    }

    /** Why a tree of runs' folders must stay: a live process has one of them, or MLflow has not all of it; empty if it may go. */
    public static Optional<String> reason(Path root) {
        for (Path folder : runs(root)) {
            Optional<String> reason = ofRun(folder);
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ofRun(Path folder) {
        try {
            Optional<RunLog> log = RunLog.open(folder);
            if (log.isEmpty()) {
                return Optional.of("a live process has it");
            }
            try (RunLog free = log.get()) {
                if (!free.record().exists()) {
                    return Optional.empty(); // a process died before it wrote the first record
                }
                if (free.record().isGivenUp()) {
                    return Optional.of("MLflow has not taken all of it, and will not");
                }
                return RunLog.isSettled(folder)
                        ? Optional.empty()
                        : Optional.of("MLflow does not have all of it yet; the next ./lab run or compare sends it");
            }
        } catch (IOException e) {
            return Optional.of("it cannot be looked at: " + e.getMessage());
        }
    }
}
