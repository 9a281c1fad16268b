package replklab.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** Why a cell of the paper is not what we count, as data: {@code complexity-notes.csv} beside the tables. */
final class ComplexityNotes {
    private ComplexityNotes() {}

    /**
     * The note on a cell, empty if there is none. A note's keys, such as {@code backbone=Swin-B}, hold for every row that has
     * them; without a column it holds for all.
     */
    static String of(String table, Map<String, String> keys, String column) {
        for (Row note : read()) {
            if (note.getString("table").equals(table)
                    && List.of("", column).contains(note.getString("column"))
                    && matches(note.getString("keys"), keys)) {
                return note.getString("note");
            }
        }
        return "";
    }

    /** The notes, as they lie in the file. */
    static Table read() {
        return PaperNotes.read("complexity-notes");
    }

    private static boolean matches(String wanted, Map<String, String> keys) {
        return wanted.isEmpty()
                || Arrays.stream(wanted.split(";"))
                        .map(pair -> pair.split("=", 2))
                        .allMatch(pair -> pair[1].equals(keys.get(pair[0])));
    }
}
