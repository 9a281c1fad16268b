package replklab.experiment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import replklab.report.RunRow;

/**
 * The result of a finished run in its folder, {@code result.json}, so that a sweep that goes on does not run it again.
 *
 * @param config hash of the run's configuration: with another one it does not count
 * @param row the result
 */
@JsonIgnoreProperties(ignoreUnknown = true) // older versions wrote more
record StoredRun(String config, RunRow row) {
    static final String FILE = "result.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    static Optional<StoredRun> read(Path folder, String config) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            StoredRun stored = JSON.readValue(file.toFile(), StoredRun.class);
            return Optional.ofNullable(stored).filter(run -> config.equals(run.config) && run.row != null);
        } catch (IOException e) {
            // Written half, by a version of long ago, or by hand: then the run is simply done again.
            return Optional.empty();
        }
    }

    void write(Path folder) {
        RunArtifacts.replace(folder.resolve(FILE), JSON, this);
    }
}
