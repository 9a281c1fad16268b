package replklab.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import replklab.base.UsageException;
import replklab.stats.Standing;
import replklab.table.PaperTable;

/**
 * Where the paper says what an experiment looks for: a column of one of its tables, or a place where it states a direction
 * without numbers that we could set beside ours.
 *
 * @param table name of the table, such as {@code table02-shortcut}; null for a place without numbers
 * @param column its column that the metric which decides is compared with; may be left out beside {@code columns}
 * @param columns for each of our metrics its column, such as {@code {accuracy: imagenet_top1, miou: ade20k_miou}}, the metric that
 *     decides first; may be left out
 * @param factors for a factor of ours the table's name, where it has another one; may be left out
 * @param levels for a factor the table's names of levels that we name otherwise; may be left out
 * @param where the table's keys that we do not vary, each with the level that all of ours have, such as {@code {pretraining: 1K}}; may be left
 *     out
 * @param without factors of ours that the table does not have, and whose levels all stand beside the same rows; may be left out
 * @param place where a direction is stated, such as {@code section 5}; null with a table
 * @param standing how well what stands there is attested; may be left out where it was read there; null with a table
 */
public record PaperSource(
        String table,
        String column,
        Map<String, String> columns,
        Map<String, String> factors,
        Map<String, Map<String, String>> levels,
        Map<String, String> where,
        List<String> without,
        String place,
        Standing standing) {
    public PaperSource {
        columns = columns == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        if (column != null && !columns.isEmpty()) {
            throw new UsageException("paper has column and columns; it must have one of them");
        }
        boolean named = present(column) || !columns.isEmpty();
        boolean numbers = present(table) || named;
        if (numbers == present(place)) {
            throw new UsageException(
                    "paper needs table and column, or place, where the paper states a direction without a table");
        }
        if (numbers && !(present(table) && named)) {
            throw new UsageException("paper." + (present(table) ? "column" : "table") + " is missing");
        }
        if (numbers && standing != null) {
            throw new UsageException("paper.standing is " + standing + ", but a table's rows have their own");
        }
        factors = factors == null ? Map.of() : factors;
        levels = levels == null ? Map.of() : levels;
        where = where == null ? Map.of() : where;
        without = without == null ? List.of() : List.copyOf(without);
        standing = numbers || standing != null ? standing : Standing.STATED;
    }

    private static boolean present(String text) {
        return text != null && !text.isBlank();
    }

    /** The table, if there is one. */
    Optional<PaperTable> numbers() {
        return Optional.ofNullable(table).map(PaperTable::load);
    }

    /** What the tracker calls it: the table's name, or the place. */
    String label() {
        return table == null ? place : table;
    }

    /** The table's column by our metric, that of the metric which decides first. */
    Map<String, String> columnsBeside(String deciding) {
        return columns.isEmpty() ? Map.of(deciding, column) : columns;
    }

    /** Our name of a factor of the table. */
    String factor(String key) {
        return factors.entrySet().stream()
                .filter(named -> named.getValue().equals(key))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(key);
    }

    /** A variant by the table's names. */
    public Map<String, String> row(Map<String, String> variant) {
        Map<String, String> row = new LinkedHashMap<>(where);
        variant.forEach((factor, level) -> {
            if (!without.contains(factor)) {
                row.put(
                        factors.getOrDefault(factor, factor),
                        levels.getOrDefault(factor, Map.of()).getOrDefault(level, level));
            }
        });
        return row;
    }
}
