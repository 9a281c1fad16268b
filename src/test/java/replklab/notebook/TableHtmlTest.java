package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TableHtmlTest {
    @Test
    void numbersRightTextLeftMissingBlank() {
        Table table = Table.create(
                "t", StringColumn.create("vari<ant>", "a & b", ""), DoubleColumn.create("accuracy", 0.5, Double.NaN));
        assertThat(TableHtml.of(table))
                .contains("<th style=\"text-align: left\">vari&lt;ant&gt;</th>")
                .contains("<th style=\"text-align: right\">accuracy</th>")
                .contains(
                        "<tr><td style=\"text-align: left\">a &amp; b</td><td style=\"text-align: right\">0.5</td></tr>")
                .contains("<tr><td style=\"text-align: left\"></td><td style=\"text-align: right\"></td></tr>")
                .doesNotContain("more row");
    }

    @Test
    void longTablesAreCut() {
        Table table = Table.create("t", IntColumn.create("n", 1, 2, 3, 4, 5));
        assertThat(TableHtml.of(table, 3)).contains(">3<").doesNotContain(">4<").endsWith("<p>... 2 more rows</p>");
        assertThat(TableHtml.of(table, 4)).endsWith("<p>... 1 more row</p>");
        assertThat(TableHtml.of(table, 5)).contains(">5<").doesNotContain("more row");
    }

    @Test
    void numbersHaveFiveDigits() {
        Table table = Table.create(
                "t",
                DoubleColumn.create("x", 0.41627438163757324, 123456.789, 1.5e-7, 84.525, -0.0, 1e12, 0.0001),
                IntColumn.create("n", 1, 2, 3, 4, 5, 6, 1234567));
        assertThat(TableHtml.of(table))
                .contains(">0.41627<", ">123460<", ">1.5E-7<", ">84.525<", ">0<", ">1.0E12<", ">0.0001<", ">1234567<");
        assertThat(table.doubleColumn("x").getString(0)).as("the table itself").isEqualTo("0.41627438163757324");
    }

    @Test
    void emptyTableHasItsHeader() {
        assertThat(TableHtml.of(Table.create("t", IntColumn.create("n"))))
                .contains(">n</th>")
                .doesNotContain("<td");
    }
}
