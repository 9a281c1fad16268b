package replklab.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import replklab.base.UsageException;
import replklab.stats.Contrast;
import replklab.stats.PaperValue;
import replklab.stats.Standing;
import replklab.stats.Variants;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * A table of the paper as data.
 *
 * @param name the file's name, such as {@code "table02-shortcut"}
 * @param title what it shows, beginning with the paper's number for it
 * @param section where it stands
 * @param setting what was trained and measured
 * @param keys the columns that name a row, in order
 * @param table the numbers; a column {@code standing} where not all of them are {@link Standing#STATED}
 */
public record PaperTable(String name, String title, String section, String setting, List<String> keys, Table table) {
    private static final String FOLDER = "/replklab/paper/";
    private static final String STANDING = "standing";

    public PaperTable {
        keys = List.copyOf(keys);
    }

    /** The names that {@link #load} knows. */
    public static List<String> names() {
        return read("index").stringColumn("table").asList();
    }

    /**
     * Loads a table.
     *
     * @param name such as {@code "table02-shortcut"}
     * @throws UsageException for a name that does not exist, with the near ones
     */
    public static PaperTable load(String name) {
        Table index = read("index");
        for (Row row : index) {
            if (row.getString("table").equals(name)) {
                return new PaperTable(
                        name,
                        row.getString("title"),
                        row.getString("section"),
                        row.getString("setting"),
                        List.of(row.getString("keys").split(";")),
                        read(name).setName(row.getString("title")));
            }
        }
        throw UsageException.unknown("table of the paper", name, names());
    }

    /** The short name used in sentences and in {@code effects.csv}: {@code "table 2"}. */
    public String source() {
        return name.startsWith("table") ? "table " + Integer.parseInt(name.substring(5, 7)) : name;
    }

    /**
     * One number.
     *
     * @param row level by key column; factors that the table does not have are refused, since it says nothing on them
     * @param column a numeric column that is no key
     * @throws UsageException when there is no such key, row or column, or the paper leaves the cell empty
     */
    public PaperValue value(Map<String, String> row, String column) {
        return find(row, column)
                .orElseThrow(() -> new UsageException(
                        "%s of the paper has no %s for %s".formatted(source(), column, Variants.label(row))));
    }

    /**
     * As {@link #value}, but empty for a row that the paper does not have or a cell that it leaves empty.
     *
     * @throws UsageException for an unknown key or column
     */
    public Optional<PaperValue> find(Map<String, String> row, String column) {
        row.keySet().forEach(key -> known("key of " + name, key, keys));
        known("column of " + name, column, values());
        int[] rows = IntStream.range(0, table.rowCount())
                .filter(i -> Variants.matches(keysOf(i), row))
                .toArray();
        if (rows.length > 1) {
            throw new UsageException(source() + " of the paper has " + rows.length + " rows for " + Variants.label(row)
                    + ": name every one of its keys " + keys);
        }
        if (rows.length == 0 || table.column(column).isMissing(rows[0])) {
            return Optional.empty();
        }
        double value = ((NumericColumn<?>) table.column(column)).getDouble(rows[0]);
        return Optional.of(new PaperValue(value, standing(rows[0], value)));
    }

    /**
     * A contrast of ours in the paper's own numbers; of a ratio its natural logarithm.
     *
     * @param columns this table's column by our metric, such as {@code {accuracy=imagenet_top1}}
     * @throws UsageException for a metric without a column, or a variant that the table does not have
     */
    public PaperValue contrast(Contrast contrast, Map<String, String> columns) {
        double sum = 0;
        Standing standing = Standing.STATED;
        for (Contrast.Term term : contrast.terms()) {
            if (!columns.containsKey(term.metric())) {
                throw UsageException.unknown("metric", term.metric(), columns.keySet());
            }
            PaperValue value = value(term.variant(), columns.get(term.metric()));
            sum += term.weight() * contrast.scale().place(value.value());
            standing = standing.worse(value.standing());
        }
        // The paper prints two decimals at most; the sum must not bring the floating point's tail.
        return new PaperValue(Math.rint(sum * 1e6) / 1e6, standing);
    }

    /** Whether {@code keys} name the given row; refuses a key that the table does not have. */
    boolean selects(Map<String, String> keys, Map<String, String> row) {
        keys.keySet().forEach(key -> known("key of " + name, key, this.keys));
        return Variants.matches(row, keys);
    }

    /** The key columns of a row as a variant. */
    public Map<String, String> keysOf(int row) {
        Map<String, String> variant = new LinkedHashMap<>();
        keys.forEach(key -> variant.put(key, table.column(key).getString(row)));
        return variant;
    }

    /** The numeric columns that are no keys. */
    public List<String> values() {
        return table.columns().stream()
                .filter(column -> column instanceof NumericColumn && !keys.contains(column.name()))
                .map(Column::name)
                .toList();
    }

    /** A column in words with its unit: {@code "ImageNet top-1 (%)"} for {@code imagenet_top1}. */
    public static String title(String column) {
        Table titles = read("columns");
        int row = titles.stringColumn("column").asList().indexOf(column);
        return row < 0 ? Variants.words(column) : titles.stringColumn("title").get(row);
    }

    /**
     * The table as it is to be printed: numbers as the paper writes them, each with the mark of its standing, and no
     * column of standings. {@link #notes} explains the marks.
     */
    public Table marked() {
        List<Column<?>> columns = new ArrayList<>();
        for (Column<?> column : table.columns()) {
            if (column.name().equals(STANDING)) {
                continue;
            }
            StringColumn text = StringColumn.create(column.name());
            boolean number = values().contains(column.name());
            for (int i = 0; i < table.rowCount(); i++) {
                String mark = number && !column.isMissing(i)
                        ? standing(i, ((NumericColumn<?>) column).getDouble(i)).mark()
                        : "";
                text.append(column.getUnformattedString(i) + mark);
            }
            columns.add(text);
        }
        return Table.create(table.name(), columns);
    }

    /** One line for each mark that the table uses, such as {@code "† recollected: ..."}; empty where all is stated. */
    public List<String> notes() {
        Set<Standing> used = new LinkedHashSet<>();
        for (int i = 0; i < table.rowCount(); i++) {
            used.add(standing(i, Double.NaN));
        }
        return notes(used);
    }

    /** One line for each of these standings that has a mark. */
    public static List<String> notes(Set<Standing> used) {
        return used.stream()
                .filter(standing -> standing != Standing.STATED)
                .sorted()
                .map(standing -> standing.mark() + " " + standing.note())
                .toList();
    }

    /** A row's standing; {@code "recollected; only the 98.6 is confirmed"} makes an exception for one number. */
    private Standing standing(int row, double value) {
        if (!table.containsColumn(STANDING)) {
            return Standing.STATED;
        }
        String[] parts = table.stringColumn(STANDING).get(row).split("; only the | is confirmed");
        if (parts.length > 1 && Double.parseDouble(parts[1]) == value) {
            return Standing.STATED;
        }
        return Standing.valueOf(parts[0].toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static void known(String kind, String name, List<String> known) {
        if (!known.contains(name)) {
            throw UsageException.unknown(kind, name, known);
        }
    }

    private static Table read(String name) {
        try (InputStream in = PaperTable.class.getResourceAsStream(FOLDER + name + ".csv")) {
            if (in == null) {
                throw new IllegalStateException("the class path lacks " + FOLDER + name + ".csv");
            }
            return Table.read()
                    .usingOptions(CsvReadOptions.builder(new InputStreamReader(in, StandardCharsets.UTF_8))
                            .columnTypesToDetect(List.of(ColumnType.INTEGER, ColumnType.DOUBLE, ColumnType.STRING))
                            .sample(false)
                            .missingValueIndicator("")
                            .tableName(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
