package replklab.tracking;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import replklab.base.FileTree;
import replklab.base.LabException;
import replklab.base.WholeFile;

/** A run's own folder, as far as its log does not fill it: the copies of its artifacts, in {@code artifacts/}. */
record RunFolder(Path path) {
    static final String ARTIFACTS = "artifacts";

    /** Copies a file to the run's artifacts and gives the copy; a reader of an earlier copy keeps what it reads. */
    Path keep(Path file, String to) {
        if (!Files.isRegularFile(file)) {
            throw new LabException("artifact " + file + " is not a file");
        }
        return replace(
                target(Names.artifactPath(to, String.valueOf(file.getFileName()))), out -> Files.copy(file, out));
    }

    Path keepText(String to, String text) {
        return replace(target(Names.artifactPath("", to)), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Where a file lies, relative to the run's folder. */
    String relative(Path file) {
        return path.relativize(file).toString();
    }

    private static Path replace(Path target, WholeFile.Body body) {
        try {
            Files.createDirectories(target.getParent());
            WholeFile.replace(target, body);
            return target;
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** A folder among the run's artifacts, made anew. */
    Path emptied(String name) {
        Path target = target(Names.artifactPath("", name));
        try {
            FileTree.delete(target);
            return Files.createDirectories(target);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** The files of a folder among the run's artifacts, in alphabetical order. */
    List<Path> kept(String name) {
        Path target = target(Names.artifactPath("", name));
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new LabException("cannot list " + target + ": " + e.getMessage(), e);
        }
    }

    private Path target(String to) {
        return path.resolve(ARTIFACTS).resolve(to);
    }

    static LabException unwritable(Path file, IOException cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new LabException("cannot write " + file + ": " + reason.replace(file + ": ", ""), cause);
    }
}
