package replklab.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import replklab.stats.Numbers;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A table as formatted text cells, shared by the Markdown and the terminal form. */
record Cells(List<String> header, List<Boolean> rightAligned, List<List<String>> rows) {
    /** What stands where there is no value. */
    static final String NOTHING = "–";

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(E-?\\d+)?");

    /**
     * Formats a table.
     *
     * @param decimals digits behind the point by column; other floating-point columns keep up to four
     */
    static Cells of(Table table, Map<String, Integer> decimals) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < table.rowCount(); i++) {
            List<String> row = new ArrayList<>();
            for (Column<?> column : table.columns()) {
                row.add(cell(column, i, decimals.get(column.name())));
            }
            rows.add(row);
        }
        return new Cells(
                table.columnNames(),
                table.columns().stream().map(Cells::rightAligned).toList(),
                rows);
    }

    private static String cell(Column<?> column, int row, Integer decimals) {
        if (column.isMissing(row)) {
            return NOTHING;
        }
        if (column instanceof NumericColumn<?> numbers
                && (decimals != null || !column.type().name().matches("INTEGER|LONG|SHORT"))) {
            double value = numbers.getDouble(row);
            if (Double.isInfinite(value)) {
                return Double.toString(value);
            }
            return decimals == null ? Numbers.upTo(value, 4) : Numbers.fixed(value, decimals);
        }
        String text = column.getUnformattedString(row);
        // Numbers of which some are not finite come as text.
        return decimals != null && NUMBER.matcher(text).matches()
                ? Numbers.fixed(Double.parseDouble(text), decimals)
                : text;
    }

    /** Numbers stand right; so does text that begins like one, such as {@code 92.31 ± 0.42}. */
    private static boolean rightAligned(Column<?> column) {
        if (column instanceof NumericColumn) {
            return true;
        }
        boolean any = false;
        for (int i = 0; i < column.size(); i++) {
            String text = column.getString(i);
            if (!text.isEmpty() && !text.equals(NOTHING)) {
                if (!text.matches("[-+−]?(\\d+(\\.\\d+)?([eE]-?\\d+)?[†‡]?|NaN|Infinity)( ± .*| \\(.*)?|\\(\\d.*")) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    int width(int column) {
        int width = header.get(column).length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }

    static String pad(String text, int width, boolean right) {
        String blanks = " ".repeat(Math.max(0, width - text.length()));
        return right ? blanks + text : text + blanks;
    }
}
