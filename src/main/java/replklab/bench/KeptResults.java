package replklab.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import replklab.base.LabException;

/**
 * The finished cases of a benchmark that is not finished: one line a case, written when it is measured. The next call with
 * the same configuration goes on after them; a finished benchmark leaves none.
 */
final class KeptResults {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<String, CaseResult> results = new LinkedHashMap<>();

    private KeptResults(Path file) {
        this.file = file;
    }

    /**
     * Opens the file, or begins it anew.
     *
     * @param key what must be the same for the results to be of use
     * @param fresh whether to forget what is there
     */
    static KeptResults open(Path file, String key, boolean fresh) {
        KeptResults kept = new KeptResults(file);
        try {
            if (!fresh && Files.exists(file)) {
                List<String> lines = Files.readAllLines(file);
                if (!lines.isEmpty() && lines.getFirst().equals(key)) {
                    kept.read(lines.subList(1, lines.size()));
                }
            }
            if (kept.results.isEmpty()) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, key + "\n");
            }
        } catch (IOException e) {
            throw new LabException("cannot use " + file + ": " + e.getMessage(), e);
        }
        return kept;
    }

    /** A line that was cut off when the program ended is measured again, and so is all behind it. */
    private void read(List<String> lines) {
        for (String line : lines) {
            try {
                CaseResult result = JSON.readValue(line, CaseResult.class);
                results.put(result.label(), result);
            } catch (JsonProcessingException cutOff) {
                return;
            }
        }
    }

    /** How many cases there are. */
    int count() {
        return results.size();
    }

    Optional<CaseResult> find(BenchCase what) {
        return Optional.ofNullable(results.get(what.label()));
    }

    void add(CaseResult result) {
        results.put(result.label(), result);
        try {
            Files.writeString(file, JSON.writeValueAsString(result) + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** The benchmark is finished. */
    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LabException("cannot remove " + file + ": " + e.getMessage(), e);
        }
    }
}
