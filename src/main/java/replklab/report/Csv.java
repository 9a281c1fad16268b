package replklab.report;

import java.io.StringWriter;
import java.util.Collections;
import replklab.base.Provenance;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.csv.CsvWriteOptions;

/**
 * Tables as CSV: RFC 4180's quoting, UTF-8, {@code .} decimals, an empty field for a missing value. Lines end with a
 * plain line feed, which every reader takes and which git shows without noise.
 *
 * <p>A stamped table carries its provenance as two last columns, {@code commit} and {@code config}: a comment block at the
 * top would be clean to look at, but spreadsheets, pandas and Tablesaw all stumble over it. The full provenance lies
 * in {@code provenance.json} beside the file.
 */
public final class Csv {
    private Csv() {}

    /** The table as CSV text. */
    public static String of(Table table) {
        StringWriter text = new StringWriter();
        table.write()
                .usingOptions(CsvWriteOptions.builder(text)
                        .lineEnd("\n")
                        .quoteChar('"')
                        .escapeChar('"')
                        .ignoreLeadingWhitespaces(false)
                        .ignoreTrailingWhitespaces(false)
                        .usePrintFormatters(false)
                        .build());
        return text.toString();
    }

    /** The table as CSV text with the columns {@code commit} and {@code config} at its end. */
    public static String stamped(Table table, Provenance provenance) {
        int rows = table.rowCount();
        Column<?>[] stamp = {
            StringColumn.create("commit", Collections.nCopies(rows, provenance.shortCommit())),
            StringColumn.create("config", Collections.nCopies(rows, provenance.shortConfig())),
        };
        return of(Table.create(table.name(), table.columns()).addColumns(stamp));
    }
}
