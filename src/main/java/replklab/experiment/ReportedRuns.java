package replklab.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import replklab.base.LabException;
import replklab.report.ResultFolder;
import replklab.stats.ComparedRun;
import replklab.table.Csv;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** The runs that a report's table tells of; those of {@code results/full/} came with the checkout. */
public final class ReportedRuns {
    /** Key of the time that a run took, among its metrics. */
    public static final String SECONDS = "seconds";

    private static final String TABLE = "runs.csv";
    private static final String SEED = "seed";

    /** Columns of the table that are neither factors nor metrics. */
    private static final Set<String> OTHERS = Set.of(SEED, "status", "diverged", "run_id", "commit", "config");

    private static final int SETTINGS_DIGITS = 6;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportedRuns() {}

    /** The experiments that there are such runs of below a profile's folder, in alphabetical order. */
    static List<String> experiments(Path profile) {
        return ResultFolder.names(profile, TABLE);
    }

    /**
     * Those of an experiment; none where no report lies.
     *
     * @param folder of the experiment's results
     * @throws LabException if its table cannot be read
     */
    public static List<ComparedRun> in(Path folder, String experiment, Profile profile) {
        Path file = folder.resolve(TABLE);
        if (!Files.exists(file)) {
            return List.of();
        }
        Table table = Csv.read(file);
        List<String> columns = table.columnNames();
        List<String> factors = columns.subList(0, Math.max(0, columns.indexOf(SEED)));
        Instant started = started(folder);
        List<ComparedRun> runs = new ArrayList<>();
        try {
            for (Row row : table) {
                Map<String, String> variant = new LinkedHashMap<>();
                factors.forEach(factor -> variant.put(factor, row.getString(factor)));
                Map<String, Double> metrics = new LinkedHashMap<>();
                for (String column : columns) {
                    if (!factors.contains(column)
                            && !OTHERS.contains(column)
                            && !row.getString(column).isEmpty()) {
                        metrics.put(column, Double.valueOf(row.getString(column)));
                    }
                }
                String config = row.getString("config");
                runs.add(new ComparedRun(
                        experiment,
                        profile.toString(),
                        row.getString("commit"),
                        config.substring(0, Math.min(SETTINGS_DIGITS, config.length())),
                        variant,
                        Long.parseLong(row.getString(SEED)),
                        row.getString("status").toUpperCase(Locale.ROOT),
                        metrics,
                        started,
                        row.getString("run_id")));
            }
        } catch (IllegalArgumentException | IllegalStateException e) { // a number or a column that is none
            throw new LabException(file + " is no table of runs: " + e.getMessage(), e);
        }
        return runs;
    }

    private static Instant started(Path folder) {
        try {
            return Instant.parse(JSON.readTree(folder.resolve("provenance.json").toFile())
                    .path("started")
                    .asText());
        } catch (IOException | DateTimeException e) {
            return Instant.EPOCH; // older than all others
        }
    }
}
