package replklab.cli;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** What is known of the terminal. */
final class Terminal {
    private static final int USUAL = 100;
    private static final int NARROWEST = 60;

    private Terminal() {}

    /** Columns: what the shell says in COLUMNS, else a usual width. */
    static int width() {
        String columns = System.getenv("COLUMNS");
        try {
            return columns == null ? USUAL : Math.max(NARROWEST, Integer.parseInt(columns.strip()));
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }

    /** The encoding of standard output. */
    static Charset charset() {
        return Charset.forName(System.getProperty("stdout.encoding", StandardCharsets.UTF_8.name()));
    }
}
