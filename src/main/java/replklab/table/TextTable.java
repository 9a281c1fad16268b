package replklab.table;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.WordUtils;
import tech.tablesaw.api.Table;

/** Tables and sentences as plain monospaced text for a terminal. */
public final class TextTable {
    private static final int NARROWEST = 6;
    private static final String GAP = "  ";

    private TextTable() {}

    /** As {@link #of(Table, Map, int)}, with up to four digits behind the point. */
    public static String of(Table table, int width) {
        return of(table, Map.of(), width);
    }

    /**
     * A table no wider than {@code width} columns where that is possible: the widest text columns give way first, and
     * what is cut ends in an ellipsis. Numbers are never cut.
     *
     * @param decimals digits behind the point by column name
     */
    public static String of(Table table, Map<String, Integer> decimals, int width) {
        Cells cells = Cells.of(table, decimals);
        int[] widths = fit(cells, width);
        StringBuilder text = new StringBuilder();
        line(text, cells, widths, cells.header());
        List<String> rule = Arrays.stream(widths).mapToObj("─"::repeat).toList();
        line(text, cells, widths, rule);
        cells.rows().forEach(row -> line(text, cells, widths, row));
        return text.toString();
    }

    /** A paragraph broken between words at {@code width} columns. */
    public static String wrap(String sentence, int width) {
        return WordUtils.wrap(sentence, Math.max(NARROWEST, width), "\n", false) + "\n";
    }

    /** The text in characters that {@code charset} has, for terminals without UTF-8. */
    public static String in(Charset charset, String text) {
        if (charset.newEncoder().canEncode(text)) {
            return text;
        }
        return text.replace("±", "+/-")
                .replace("−", "-")
                .replace("–", "-")
                .replace("─", "-")
                .replace("…", "~")
                .replace("†", "(recollected)")
                .replace("‡", "(second-hand)");
    }

    private static int[] fit(Cells cells, int width) {
        int[] widths = new int[cells.header().size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = cells.width(c);
        }
        while (Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) > width) {
            int widest = -1;
            for (int c = 0; c < widths.length; c++) {
                boolean mayShrink = !cells.rightAligned().get(c) && widths[c] > NARROWEST;
                if (mayShrink && (widest < 0 || widths[c] > widths[widest])) {
                    widest = c;
                }
            }
            if (widest < 0) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private static void line(StringBuilder text, Cells cells, int[] widths, List<String> row) {
        List<String> parts = new ArrayList<>();
        for (int c = 0; c < widths.length; c++) {
            String cell = row.get(c);
            String cut = cell.length() > widths[c] ? cell.substring(0, widths[c] - 1) + "…" : cell;
            parts.add(Cells.pad(cut, widths[c], cells.rightAligned().get(c)));
        }
        text.append(String.join(GAP, parts).stripTrailing()).append('\n');
    }
}
