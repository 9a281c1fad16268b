package replklab.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.WholeFile;

/** A folder of results, whose files are written wholly or not at all. */
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

    /** The names of all experiments below a profile's folder that a file of this name lies with, in alphabetical order. */
    public static List<String> names(Path profile, String file) {
        if (!Files.isDirectory(profile)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(profile)) {
            return folders.filter(folder -> Files.exists(folder.resolve(file)))
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LabException("cannot list " + profile + ": " + e.getMessage(), e);
        }
    }

    /** Writes a text file in UTF-8 and returns its path. */
    public Path write(String name, String text) {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a file and returns its path. */
    public Path write(String name, byte[] bytes) {
        Path file = folder.resolve(name);
        try {
            WholeFile.replace(file, bytes);
            return file;
        } catch (IOException e) {
            throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
