package replklab.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import replklab.base.LabException;

/** Writes whole files or none: a reader, or a full disk, never leaves half a file under its final name. */
public final class ResultFolder {
    private final Path folder;

    /** A folder, which is made if it is not there. */
    public ResultFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LabException("cannot make the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Writes a text file in UTF-8 and returns its path. */
    public Path write(String name, String text) {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a file and returns its path. */
    public Path write(String name, byte[] bytes) {
        Path file = folder.resolve(name);
        Path part = folder.resolve("." + name + ".part");
        try {
            try {
                Files.write(part, bytes);
                move(part, file);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
        }
        return file;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
