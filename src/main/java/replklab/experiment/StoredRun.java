package replklab.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import replklab.base.LabException;
import replklab.report.RunRow;

/**
 * The result of a finished run in its folder, {@code result.json}, so that a sweep that goes on does not run it again.
 *
 * @param config hash of the run's configuration: with another one it does not count
 * @param commit of the code that ran, with {@code -dirty} for changed sources
 * @param row the result
 */
record StoredRun(String config, String commit, RunRow row) {
    private static final String FILE = "result.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    static Optional<StoredRun> read(Path folder, String config) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            StoredRun stored = JSON.readValue(file.toFile(), StoredRun.class);
            return Optional.of(stored).filter(run -> run.config.equals(config));
        } catch (IOException e) {
            // Written half, by a version of long ago, or by hand: then the run is simply done again.
            return Optional.empty();
        }
    }

    void write(Path folder) {
        Path file = folder.resolve(FILE);
        Path partial = folder.resolve(FILE + ".partial");
        try {
            Files.writeString(partial, JSON.writeValueAsString(this));
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result is always JSON", e);
        } catch (IOException e) {
            throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
