package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import replklab.base.FileTree;
import replklab.base.WholeFile;
import replklab.tracking.RunKeeping;

/**
 * Copies what an attempt left that is dead, or seems so and may still write: whole files, in an order in which each may be newer
 * than those before it. So the log knows at least what the checkpoints go on from, and no less than MLflow was told.
 */
final class AttemptCopy {
    private AttemptCopy() {}

    /** Makes the copy, which lies at its place wholly or not at all; nothing if the folder is gone meanwhile. */
    static void make(Path from, Path place) throws IOException {
        Path copy = from.resolveSibling(from.getFileName() + ".copy");
        FileTree.delete(copy); // somebody died over it
        Files.createDirectories(copy);
        try {
            for (Path file : files(from)) {
                Path to = copy.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                copyIfThere(file, to);
            }
            if (Files.exists(copy.resolve(RunKeeping.LOG))) {
                Files.move(copy, place, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            FileTree.delete(copy);
        }
    }

    /** Each is on the disk before the attempt that it came from is removed. */
    private static void copyIfThere(Path file, Path to) throws IOException {
        try {
            WholeFile.replace(to, out -> Files.copy(file, out));
        } catch (NoSuchFileException e) {
            return; // published, or replaced by a newer one
        }
    }

    /** What becomes whole by a rename is left out until it is; the log comes last, what was told of it before. */
    private static List<Path> files(Path from) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> !file.getFileName().toString().endsWith(".partial"))
                    .sorted(Comparator.comparingInt(AttemptCopy::turn).thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of(); // it was not dead, and has published
        }
    }

    private static int turn(Path file) {
        return switch (file.getFileName().toString()) {
            case RunKeeping.SENT -> 1;
            case RunKeeping.LOG -> 2;
            default -> 0;
        };
    }
}
