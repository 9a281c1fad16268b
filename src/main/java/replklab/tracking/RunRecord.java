package replklab.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code run.json} of a run's folder.
 *
 * @param key the run's {@link RunTags#KEY}
 * @param runId MLflow's id, empty until MLflow has given one
 * @param parent key of the parent run, or empty
 * @param tracker the {@link Endpoint#identity()} that has the run
 * @param start milliseconds since 1970
 * @param end milliseconds since 1970, 0 while the run goes on
 */
record RunRecord(
        String key,
        String runId,
        String experiment,
        String name,
        String parent,
        String tracker,
        RunStatus status,
        long start,
        long end) {
    private static final String FILE = "run.json";

    static Optional<RunRecord> load(Path folder) {
        return Json.load(folder.resolve(FILE), RunRecord.class);
    }

    static Path file(Path folder) {
        return folder.resolve(FILE);
    }

    void save(Path folder) throws IOException {
        Json.save(file(folder), this);
    }

    RunRecord withRunId(String id) {
        return new RunRecord(key, id, experiment, name, parent, tracker, status, start, end);
    }

    RunRecord withStatus(RunStatus now, long time) {
        return new RunRecord(key, runId, experiment, name, parent, tracker, now, start, now.ended() ? time : 0);
    }
}
