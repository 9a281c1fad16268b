package replklab.analysis;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** Words on the paper's tables that lie beside them as data. */
final class PaperNotes {
    private PaperNotes() {}

    /** A file's rows, all cells text. */
    static Table read(String name) {
        String file = "/replklab/paper/" + name + ".csv";
        try (InputStream in = PaperNotes.class.getResourceAsStream(file)) {
            return Table.read()
                    .usingOptions(CsvReadOptions.builder(
                                    new InputStreamReader(Objects.requireNonNull(in, file), StandardCharsets.UTF_8))
                            .columnTypes(_ -> ColumnType.STRING));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
