package replklab.notebook;

import org.apache.commons.text.StringEscapeUtils;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A Tablesaw table as an HTML table: numbers to the right and rounded to {@link SignificantDigits}, missing values blank, long tables
 * cut.
 */
public final class TableHtml {
    /** Rows shown before the rest is only counted. */
    public static final int MAX_ROWS = 20;

    private TableHtml() {}

    /** The HTML of a table's first {@link #MAX_ROWS} rows. */
    public static String of(Table table) {
        return of(table, MAX_ROWS);
    }

    /**
     * The HTML of a table.
     *
     * @param maxRows rows shown; a line below the table counts those that are not
     */
    public static String of(Table table, int maxRows) {
        StringBuilder html = new StringBuilder("<table>\n<thead><tr>");
        Table shown = SignificantDigits.in(table);
        for (Column<?> column : shown.columns()) {
            cell(html, "th", column, column.name());
        }
        html.append("</tr></thead>\n<tbody>\n");
        int rows = Math.min(table.rowCount(), maxRows);
        for (int row = 0; row < rows; row++) {
            html.append("<tr>");
            for (Column<?> column : shown.columns()) {
                cell(html, "td", column, column.isMissing(row) ? "" : column.getString(row));
            }
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table>");
        if (rows < table.rowCount()) {
            int more = table.rowCount() - rows;
            html.append("\n<p>... ").append(more).append(more == 1 ? " more row</p>" : " more rows</p>");
        }
        return html.toString();
    }

    private static void cell(StringBuilder html, String tag, Column<?> column, String text) {
        boolean right = column instanceof NumericColumn;
        html.append('<').append(tag).append(" style=\"text-align: ").append(right ? "right" : "left");
        html.append("\">").append(StringEscapeUtils.escapeHtml4(text));
        html.append("</").append(tag).append('>');
    }
}
