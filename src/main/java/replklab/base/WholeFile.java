package replklab.base;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.SyncFailedException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes files wholly or not at all: whoever reads meanwhile sees the old one or the new one, never half of it, and so does
 * who reads after a kill or a power cut. An interrupt of the thread, which is how a notebook stops a cell, does not disturb it.
 */
public final class WholeFile {
    /** What is written has such a name until it is whole: of the file, the process and a number of its own. */
    private static final Pattern PARTIAL = Pattern.compile("\\..+\\.(?:(\\d{1,9})-)?[0-9a-f-]{8,36}\\.partial");

    /** A process elsewhere that shares the folder cannot be asked whether it lives; no file takes that long. */
    private static final Duration ABANDONED = Duration.ofHours(1);

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
        String number = UUID.randomUUID().toString().substring(0, 8);
        Path partial = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + "-" + number + ".partial");
        requireFolder(file);
        boolean done = false;
        try {
            // No channel: an interrupt would close it.
            try (FileOutputStream disk = new FileOutputStream(partial.toFile());
                    OutputStream out = new BufferedOutputStream(disk, 1 << 16)) {
                body.writeTo(out);
                out.flush();
                disk.getFD().sync(); // before it takes the old one's place
            }
            move(partial, file);
            done = true;
            syncFolder(file);
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

    /** A stream's own message would not tell a missing folder from one that may not be written to. */
    private static void requireFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && Files.notExists(folder)) {
            throw new NoSuchFileException(file.toString());
        }
    }

    /** Makes a move last; some file systems cannot, and then it is as safe as they are. */
    private static void syncFolder(Path file) {
        boolean interrupted = false;
        boolean again = true;
        while (again) {
            // A channel is the only way to a folder, and an interrupt closes it: it is remembered meanwhile.
            interrupted |= Thread.interrupted();
            try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                folder.force(true);
                again = false;
            } catch (ClosedByInterruptException e) {
                again = true;
            } catch (IOException e) {
                again = false;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Files below a folder that were being written when their process died: whoever cleans up may delete them.
     *
     * @return in order of their paths; empty if there is no such folder
     */
    public static List<Path> abandoned(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(WholeFile::isAbandoned).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            throw new LabException("cannot look through " + folder + ": " + e.getMessage(), e);
        }
    }

    private static boolean isAbandoned(Path file) {
        Matcher name = PARTIAL.matcher(file.getFileName().toString());
        if (!name.matches() || !Files.isRegularFile(file)) {
            return false;
        }
        boolean alive = name.group(1) != null
                && ProcessHandle.of(Long.parseLong(name.group(1)))
                        .filter(ProcessHandle::isAlive)
                        .isPresent();
        try {
            Instant touched = Files.getLastModifiedTime(file).toInstant();
            return !alive && touched.isBefore(Instant.now().minus(ABANDONED));
        } catch (IOException e) {
            return false; // it has just become whole
        }
    }

    /** Java's message for a missing folder is the path alone, and for a failed sync says nothing. */
    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing ->
                "there is no folder "
                        + Path.of(missing.getMessage()).toAbsolutePath().getParent();
            case SyncFailedException _ -> "the disk did not take it (sync failed); it may be full or damaged";
            default -> String.valueOf(e.getMessage());
        };
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
