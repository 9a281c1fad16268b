package replklab.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.report.Shortcuts;
import replklab.stats.Numbers;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** CSV, Markdown and terminal text. */
class FormatsTest {
    private static final List<String> NASTY =
            List.of("plain", "a,b", "say \"hi\"", "two\nlines", " blanks ", "a|b*c_d", "ünïcode ±", "");

    @Test
    void csvComesBackThroughTablesaw() {
        Table table = Table.create(
                StringColumn.create("text, quoted", NASTY),
                DoubleColumn.create("x", 0.1, -2.5, 1e-7, 123456789.25, Double.NaN, 0, 1, 2),
                IntColumn.create("n", 1, 2, 3, 4, 5, 6, 7, 8));
        String csv = Csv.of(table);
        Table back = Table.read()
                .usingOptions(CsvReadOptions.builder(new StringReader(csv)).missingValueIndicator(""));
        assertThat(back.columnNames()).isEqualTo(table.columnNames());
        assertThat(back.stringColumn(0).asList()).isEqualTo(NASTY);
        assertThat(back.doubleColumn(1).asDoubleArray())
                .isEqualTo(table.doubleColumn(1).asDoubleArray());
        assertThat(back.intColumn(2).asIntArray()).isEqualTo(table.intColumn(2).asIntArray());
    }

    @Test
    void csvQuotesAsRfc4180Says() {
        assertThat(Csv.of(
                        Table.create(StringColumn.create("t", NASTY.subList(0, 4)), IntColumn.create("n", 1, 2, 3, 4))))
                .isEqualTo("t,n\nplain,1\n\"a,b\",2\n\"say \"\"hi\"\"\",3\n\"two\nlines\",4\n");
    }

    @Test
    void csvHasPointsInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            Table table = Table.create(DoubleColumn.create("x", 1234.5));
            assertThat(Csv.of(table)).isEqualTo("x\n1234.5\n");
            assertThat(Markdown.of(table)).contains("| 1234.5 |");
            assertThat(Numbers.fixed(1234.5, 2)).isEqualTo("1234.50");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void theStampIsTwoColumnsAndLeavesTheTableAlone() {
        Table table = Table.create(IntColumn.create("n", 1, 2));
        String config = Shortcuts.provenance().shortConfig();
        assertThat(Csv.stamped(table, Shortcuts.provenance()))
                .isEqualTo("n,commit,config\n1,0123456789ab-dirty,%s\n2,0123456789ab-dirty,%s\n"
                        .formatted(config, config));
        assertThat(table.columnNames()).containsExactly("n");
    }

    @Test
    void markdownLinesUpAndEscapes() {
        Table table =
                Table.create(StringColumn.create("a|b", "x*y", ""), DoubleColumn.create("value", 1.23456, Double.NaN));
        assertThat(Markdown.of(table, Map.of("value", 2))).isEqualTo("""
                        | a\\|b | value |
                        | ---- | ----: |
                        | x\\*y |  1.23 |
                        | –    |     – |
                        """);
        assertThat(Markdown.escape("_a_ [b](c) <d> `e` #1\nnext"))
                .isEqualTo("\\_a\\_ \\[b\\](c) \\<d\\> \\`e\\` \\#1 next");
    }

    @Test
    void terminalTablesGiveWayToTheWidth() {
        Table table = Table.create(
                StringColumn.create("variant", "without shortcut, kernel 13", "short"),
                DoubleColumn.create("accuracy", 68.25, 7));
        assertThat(TextTable.of(table, Map.of("accuracy", 2), 80)).isEqualTo("""
                        variant                      accuracy
                        ───────────────────────────  ────────
                        without shortcut, kernel 13     68.25
                        short                            7.00
                        """);
        assertThat(TextTable.of(table, Map.of("accuracy", 2), 24)).isEqualTo("""
                        variant         accuracy
                        ──────────────  ────────
                        without short…     68.25
                        short               7.00
                        """);
        assertThat(TextTable.of(table, 5).lines().toList())
                .as("numbers are never cut")
                .contains("witho…     68.25");
    }

    @Test
    void terminalsWithoutUtf8GetWhatTheyCanShow() {
        String text = "68.9 ± 1.1†, −2 – 3 ─ a…";
        assertThat(TextTable.in(StandardCharsets.UTF_8, text)).isEqualTo(text);
        String ascii = TextTable.in(StandardCharsets.US_ASCII, text);
        assertThat(ascii).isEqualTo("68.9 +/- 1.1(recollected), -2 - 3 - a~");
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(ascii)).isTrue();
        assertThat(TextTable.wrap("one two three four", 9)).isEqualTo("one two\nthree\nfour\n");
    }
}
