package replklab.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import replklab.base.LabException;
import replklab.base.WholeFile;
import replklab.tracking.RunRecord;

/**
 * Since when runs count: {@code --fresh} writes the time into a file, and what began before it is not reused. So nothing is
 * removed before its successor runs, and a fresh sweep that is stopped goes on as one.
 */
final class RunFreshness {
    private static final String FILE = "fresh-since";

    private final Path file;
    private final long since;

    private RunFreshness(Path file, long since) {
        this.file = file;
        this.since = since;
    }

    /** What the folder of an experiment's runs says. */
    static RunFreshness of(Path runs) {
        Path file = runs.resolve(FILE);
        try {
            return new RunFreshness(
                    file,
                    Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0);
        } catch (NumberFormatException e) {
            return new RunFreshness(file, 0);
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** From now on. */
    static RunFreshness now(Path runs) {
        RunFreshness fresh = new RunFreshness(runs.resolve(FILE), System.currentTimeMillis());
        WholeFile.write(
                fresh.file, "a time", out -> out.write((fresh.since + "\n").getBytes(StandardCharsets.US_ASCII)));
        return fresh;
    }

    /** Milliseconds since 1970; 0 where all runs count. */
    long since() {
        return since;
    }

    boolean counts(RunRecord run) {
        return run.start() >= since;
    }

    /** The sweep is complete: everything counts. */
    void complete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LabException("cannot delete " + file + ": " + e.getMessage(), e);
        }
    }
}
