package replklab.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import replklab.base.LabException;
import replklab.base.WholeFile;
import replklab.experiment.Experiment;

/**
 * What was started last for an experiment's runs, beside them in the shared folder, so that every machine can ask and stop it.
 *
 * @param engine {@code slurm} or {@code local}
 * @param array id of the array, empty where everything was done
 * @param collector id of the job that reports
 * @param host where it was started
 * @param pid of the process that drives it there; 0 where nobody needs to
 * @param started in milliseconds since 1970
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SweepRecord(String engine, String array, String collector, String host, long pid, long started) {
    /** Value of {@link #engine}. */
    public static final String SLURM = "slurm";

    /** Value of {@link #engine}. */
    public static final String LOCAL = "local";

    private static final String FILE = "sweep.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where a sweep's scripts and what its processes say lie. */
    public static Path folder(Path results, Experiment experiment) {
        return experiment.folder(results).resolve("runs").resolve("sweep");
    }

    /** The file that the collector leaves its exit code in. */
    Path ended(Path folder) {
        return folder.resolve("collected-" + collector);
    }

    /** The last one; empty if there was none. */
    public static Optional<SweepRecord> read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(Files.readAllBytes(file), SweepRecord.class))
                    : Optional.empty();
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Writes it down. */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            WholeFile.replace(folder.resolve(FILE), JSON.writeValueAsBytes(this));
        } catch (IOException e) {
            throw new LabException("cannot write " + folder.resolve(FILE) + ": " + e.getMessage(), e);
        }
    }
}
