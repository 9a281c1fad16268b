package replklab.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files wholly or not at all: whoever reads meanwhile sees the old one or the new one, never half of it. */
public final class WholeFile {
    private WholeFile() {}

    /** What goes into a file. */
    @FunctionalInterface
    public interface Body {
        /** Writes everything; the caller closes the stream. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file beside its place and then moves it there. If {@code body} throws, what lay there stays.
     *
     * @param what names the contents in messages, such as {@code "weights"}
     * @throws LabException naming the file if it cannot be written
     */
    public static void write(Path file, String what, Body body) {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        boolean done = false;
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial), 1 << 16)) {
                body.writeTo(out);
            }
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            done = true;
        } catch (IOException e) {
            throw new LabException("cannot write " + what + " to " + file + ": " + reason(e), e);
        } finally {
            if (!done) {
                discard(partial); // a full disk needs the room
            }
        }
    }

    /** Java's message for a missing folder is the path alone. */
    private static String reason(IOException e) {
        return e instanceof NoSuchFileException
                ? "there is no folder "
                        + Path.of(e.getMessage()).toAbsolutePath().getParent()
                : String.valueOf(e.getMessage());
    }

    private static void discard(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            // What made the writing fail is what the user must know.
            return;
        }
    }
}
