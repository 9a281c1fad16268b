package replklab.table;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import replklab.base.LabException;
import replklab.base.Provenance;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * Tables as CSV: RFC 4180's quoting (which Tablesaw's own writer leaves out for a quote within a field), UTF-8, {@code .}
 * decimals, an empty field for a missing value. Lines end with a plain line feed, which every reader takes and which git
 * shows without noise.
 *
 * <p>A stamped table carries its provenance as two last columns, {@code commit} and {@code config}: a comment block at the
 * top would be clean to look at, but spreadsheets, pandas and Tablesaw all stumble over it. The full provenance lies
 * in {@code provenance.json} beside the file.
 */
public final class Csv {
    private static final Pattern NEEDS_QUOTES = Pattern.compile("[\",\\r\\n]|^\\s|\\s$");

    private Csv() {}

    /** The table as CSV text. */
    public static String of(Table table) {
        StringBuilder text = new StringBuilder();
        line(text, table.columnNames());
        for (int i = 0; i < table.rowCount(); i++) {
            int row = i;
            line(text, table.columns().stream().map(column -> cell(column, row)).toList());
        }
        return text.toString();
    }

    /** The table as CSV text with the columns {@code commit} and {@code config} at its end. */
    public static String stamped(Table table, Provenance provenance) {
        return stamped(table, Collections.nCopies(table.rowCount(), provenance.shortCommit()), provenance);
    }

    /** The same, with a commit for each row: that of the run it tells of. */
    public static String stamped(Table table, List<String> commits, Provenance provenance) {
        Column<?>[] stamp = {
            StringColumn.create("commit", commits),
            StringColumn.create("config", Collections.nCopies(table.rowCount(), provenance.shortConfig())),
        };
        return of(Table.create(table.name(), table.columns()).addColumns(stamp));
    }

    /**
     * Reads a CSV file back, every column as text.
     *
     * @throws LabException if it cannot be read
     */
    public static Table read(Path file) {
        try (Reader text = Files.newBufferedReader(file)) {
            return read(String.valueOf(file.getFileName()), text);
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Reads CSV text, every column as text. */
    public static Table read(String name, Reader text) {
        return Table.read()
                .usingOptions(CsvReadOptions.builder(text)
                        .columnTypes(column -> ColumnType.STRING)
                        .missingValueIndicator("")
                        .tableName(name));
    }

    private static String cell(Column<?> column, int row) {
        return column.isMissing(row) ? "" : column.getUnformattedString(row);
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append(cells.stream().map(Csv::quoted).collect(Collectors.joining(",")))
                .append('\n');
    }

    private static String quoted(String cell) {
        return NEEDS_QUOTES.matcher(cell).find() ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }
}
