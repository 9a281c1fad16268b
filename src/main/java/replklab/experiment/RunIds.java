package replklab.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.ProcessLock;
import replklab.base.WholeFile;
import replklab.stats.RunRow;
import replklab.table.Csv;
import replklab.tracking.Tracker;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The ids of runs that began while MLflow was away: their reports were written without, and get them as soon as MLflow has given
 * them.
 */
public final class RunIds {
    private static final String FILE = "runs.csv";
    private static final String COLUMN = "run_id";
    private static final String SEED = "seed";
    /** {@code rerun/RUN_ID/EXPERIMENT/runs.csv} lies deepest. */
    private static final int DEPTH = 4;

    private RunIds() {}

    /**
     * Completes every {@code runs.csv} below a folder whose runs' logs know more than it does.
     *
     * @return how many ids were missing and are there now
     */
    public static int complete(Path results) {
        int completed = 0;
        for (Path file : files(results)) {
            completed += completeFile(file);
        }
        return completed;
    }

    private static List<Path> files(Path results) {
        if (!Files.isDirectory(results)) {
            return List.of();
        }
        try (Stream<Path> files =
                Files.find(results, DEPTH, (file, attributes) -> attributes.isRegularFile() && file.endsWith(FILE))) {
            return files.filter(file -> Files.isDirectory(runs(file))).sorted().toList();
        } catch (IOException e) {
            throw new LabException("cannot look through " + results + ": " + e.getMessage(), e);
        }
    }

    private static Path runs(Path file) {
        return file.resolveSibling("runs");
    }

    private static int completeFile(Path file) {
        try (ProcessLock lock = ProcessLock.tryLock(runs(file).resolve("lock")).orElse(null)) {
            if (lock == null) {
                return 0; // somebody is at work there, and will write the file anew
            }
            String before = Files.readString(file, StandardCharsets.UTF_8);
            Table table = Csv.read(file);
            if (!table.columnNames().containsAll(List.of(COLUMN, SEED))
                    || !Csv.of(table).equals(before)) {
                return 0; // not as we write it: somebody has edited it
            }
            int completed = complete(table, file);
            if (completed > 0) {
                WholeFile.replace(file, Csv.of(table).getBytes(StandardCharsets.UTF_8));
            }
            return completed;
        } catch (IOException e) {
            throw new LabException("cannot complete " + file + ": " + e.getMessage(), e);
        }
    }

    private static int complete(Table table, Path file) throws IOException {
        StringColumn ids = table.stringColumn(COLUMN);
        if (ids.countMissing() == 0) {
            return 0;
        }
        int completed = 0;
        List<RunRow> rows = rows(runs(file));
        for (int i = 0; i < table.rowCount(); i++) {
            if (ids.isMissing(i)) {
                Map<String, String> cells = new HashMap<>();
                for (String name : table.columnNames()) {
                    cells.put(name, table.stringColumn(name).get(i));
                }
                Optional<RunRow> row =
                        rows.stream().filter(run -> isOf(run, cells)).findFirst();
                if (row.isPresent() && !row.get().runId().isEmpty()) {
                    ids.set(i, row.get().runId());
                    completed++;
                }
            }
        }
        return completed;
    }

    private static boolean isOf(RunRow run, Map<String, String> cells) {
        return String.valueOf(run.seed()).equals(cells.get(SEED))
                && run.variant().entrySet().stream()
                        .allMatch(level -> level.getValue().equals(cells.get(level.getKey())));
    }

    private static List<RunRow> rows(Path runs) throws IOException {
        List<RunRow> rows = new ArrayList<>();
        try (Stream<Path> folders = Files.list(runs)) {
            for (Path folder : folders.filter(folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
                    .filter(folder -> !folder.getFileName().toString().contains(Tracker.REPLACED))
                    .toList()) {
                StoredRun.read(folder).map(StoredRun::row).ifPresent(rows::add);
            }
        }
        return rows;
    }
}
