package replklab.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

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
        try {
            replace(file, body);
        } catch (IOException e) {
            throw new LabException("cannot write " + what + " to " + file + ": " + reason(e), e);
        }
    }

    /** As {@link #write}, for callers that have words of their own for what goes wrong. */
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, out -> out.write(content));
    }

    /** As {@link #write}, for callers that have words of their own for what goes wrong. */
    public static void replace(Path file, Body body) throws IOException {
        // A name of its own: another program may be writing the same file.
        Path partial = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".partial");
        boolean done = false;
        try {
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 1 << 16)) {
                body.writeTo(out);
            }
            move(partial, file);
            done = true;
        } finally {
            if (!done) {
                discard(partial); // a full disk needs the room
            }
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING); // some network file systems
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
