package replklab.experiment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Optional;
import replklab.stats.RunRow;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunRecord;

/**
 * A finished run as its log tells of it, so that a sweep that goes on does not run it again.
 *
 * @param record what the log says
 * @param identity what the run was made with
 * @param row the result, with the id that MLflow has given the run by now
 */
record StoredRun(RunRecord record, RunIdentity identity, RunRow row) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the log holds; older versions may have written more. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Written(RunRow row) {}

    /** The finished run in a folder; empty if there is none. */
    static Optional<StoredRun> read(Path folder) {
        return RunRecord.read(folder).flatMap(StoredRun::of);
    }

    /** The finished run that a log tells of; empty if it is not finished. */
    static Optional<StoredRun> of(RunRecord record) {
        if (record.result().isEmpty()) {
            return Optional.empty();
        }
        Optional<RunIdentity> identity = RunIdentity.of(record);
        try {
            return Optional.ofNullable(JSON.readValue(record.result().get(), Written.class))
                    .map(Written::row)
                    .flatMap(row -> identity.map(made -> new StoredRun(record, made, withId(row, record))));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // by another version: then the run is simply done again
        }
    }

    /** Writes down a run's result: from here on it is finished. */
    static void write(ActiveRun run, RunRow row) {
        try {
            run.result(JSON.writeValueAsString(new Written(row)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result is always JSON", e);
        }
    }

    /** The row with the id that MLflow has given by now. */
    static RunRow withId(RunRow row, RunRecord record) {
        return row.withRunId(record.runId().orElse(""));
    }
}
