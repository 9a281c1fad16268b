package replklab.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder with all that lies in it. */
public final class FileTree {
    private FileTree() {}

    /** Bytes of a file, or of all files in a folder at every level; links are not followed, and what is gone has none. */
    public static long bytes(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            long sum = 0;
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    sum += Files.size(file);
                }
            }
            return sum;
        } catch (NoSuchFileException e) {
            return 0; // gone meanwhile
        }
    }

    /** Deletes a file, or a folder with all that lies in it; what is gone already is no error, and links are not followed. */
    public static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return; // gone already
        }
    }
}
