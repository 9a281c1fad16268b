package replklab.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.Table;

/** Tables as Markdown whose columns also line up in the plain text. */
public final class Markdown {
    private Markdown() {}

    /** As {@link #of(Table, Map)}, with up to four digits behind the point. */
    public static String of(Table table) {
        return of(table, Map.of());
    }

    /**
     * A GitHub table.
     *
     * @param decimals digits behind the point by column name
     */
    public static String of(Table table, Map<String, Integer> decimals) {
        Cells cells = escaped(Cells.of(table, decimals));
        StringBuilder text = new StringBuilder();
        List<String> rules = new ArrayList<>();
        for (int c = 0; c < cells.header().size(); c++) {
            String dashes = "-".repeat(Math.max(3, cells.width(c)) - 1);
            rules.add(cells.rightAligned().get(c) ? dashes + ":" : dashes + "-");
        }
        line(text, cells, cells.header());
        line(text, cells, rules);
        cells.rows().forEach(row -> line(text, cells, row));
        return text.toString();
    }

    /** Text that Markdown shows as it stands, in a table as elsewhere. */
    public static String escape(String text) {
        return text.replaceAll("([\\\\`*_\\[\\]<>|#~])", "\\\\$1").replaceAll("\\R", " ");
    }

    private static Cells escaped(Cells cells) {
        return new Cells(
                cells.header().stream().map(Markdown::escape).toList(),
                cells.rightAligned(),
                cells.rows().stream()
                        .map(row -> row.stream().map(Markdown::escape).toList())
                        .toList());
    }

    private static void line(StringBuilder text, Cells cells, List<String> row) {
        for (int c = 0; c < row.size(); c++) {
            text.append("| ")
                    .append(Cells.pad(
                            row.get(c),
                            Math.max(3, cells.width(c)),
                            cells.rightAligned().get(c)))
                    .append(' ');
        }
        text.append("|\n");
    }
}
