package replklab.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code results/PROFILE/EXPERIMENT/} tells.
 *
 * @param runs rows of {@code runs.csv} by plan (variant and seed)
 * @param curves lines of {@code curves.csv} without what the clock decides
 */
record Page(Map<String, Map<String, String>> runs, List<String> curves) {
    /** Columns and metrics that the clock, the place or the moment decide. */
    private static final List<String> VARYING =
            List.of("seconds", "images_per_second", "inference_ms", "run_id", "commit", "config");

    static Page of(Path results) throws IOException {
        Map<String, Map<String, String>> runs = new TreeMap<>();
        for (Map<String, String> row : rows(results.resolve("runs.csv"))) {
            String plan = row.keySet().stream()
                            .takeWhile(column -> !column.equals("seed"))
                            .map(column -> column + "=" + row.get(column))
                            .collect(Collectors.joining(" "))
                    + " seed=" + row.get("seed");
            if (runs.put(plan, row) != null) {
                throw new AssertionError("runs.csv has " + plan + " twice");
            }
        }
        List<String> curves = rows(results.resolve("curves.csv")).stream()
                .map(row -> steady(row).toString())
                .toList();
        return new Page(runs, curves);
    }

    /** Whether a metric or column is the same whenever the same is computed. */
    static boolean isSteady(String name) {
        return !VARYING.contains(name) && !name.startsWith("system/");
    }

    /** The values that are the same whenever the same is computed. */
    static Map<String, String> steady(Map<String, String> row) {
        Map<String, String> steady = new TreeMap<>(row);
        steady.keySet().removeIf(name -> !isSteady(name));
        return steady;
    }

    /** No cell of the experiments that are run here needs quotes. */
    private static List<Map<String, String>> rows(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            List<String[]> cells = lines.map(line -> line.split(",", -1)).toList();
            return cells.stream().skip(1).map(row -> row(cells.getFirst(), row)).toList();
        }
    }

    private static Map<String, String> row(String[] columns, String[] cells) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i++) {
            row.put(columns[i], cells[i]);
        }
        return row;
    }
}
