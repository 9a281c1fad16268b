package replklab.base;

import java.io.Closeable;
import java.io.IOException;

/** Closes what was only read. */
public final class Quietly {
    private Quietly() {}

    /** Closes it; a failure loses nothing and is not worth a word. */
    public static void close(Closeable read) {
        try {
            read.close();
        } catch (IOException e) {
            return;
        }
    }
}
