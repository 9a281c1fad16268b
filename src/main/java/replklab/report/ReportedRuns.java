package replklab.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import replklab.base.LabException;
import replklab.stats.RunEnd;
import replklab.table.Csv;
import tech.tablesaw.api.Row;

/**
 * How many runs a folder of results tells of.
 *
 * @param runs all of them
 * @param results those that came to their end, which a divergence is, too
 * @param seconds what these took together
 */
public record ReportedRuns(int runs, int results, double seconds) {
    private static final Set<String> RESULTS = Arrays.stream(RunEnd.values())
            .filter(RunEnd::isResult)
            .map(RunEnd::toString)
            .collect(Collectors.toUnmodifiableSet());

    /**
     * Those of an experiment's folder; empty where no report lies.
     *
     * @throws LabException if its table of runs cannot be read
     */
    public static Optional<ReportedRuns> in(Path folder) {
        Path table = folder.resolve("runs.csv");
        if (!Files.exists(table)) {
            return Optional.empty();
        }
        int runs = 0;
        int results = 0;
        double seconds = 0;
        try {
            for (Row row : Csv.read(table)) {
                runs++;
                if (RESULTS.contains(row.getString("status"))) {
                    results++;
                    seconds += Double.parseDouble(row.getString("seconds"));
                }
            }
        } catch (IllegalArgumentException | IllegalStateException e) { // a number or a column that is none
            throw new LabException(table + " is no table of runs: " + e.getMessage(), e);
        }
        return Optional.of(new ReportedRuns(runs, results, seconds));
    }
}
