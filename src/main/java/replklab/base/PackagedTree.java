package replklab.base;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An unpacked archive of {@code ./lab package}, which git knows nothing of: {@code package.properties} says which commit it was made
 * of, {@code SHA256SUMS} what of it decides about results.
 */
final class PackagedTree {
    private static final String NOTE = "package.properties";

    private PackagedTree() {}

    /** Whether a folder is one. */
    static boolean is(Path folder) {
        return Files.exists(folder.resolve(NOTE));
    }

    /** The commit it was made of; dirty if it was made of another state, or has been changed since. */
    static GitState state(Path folder) {
        Properties note = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve(NOTE))) {
            note.load(reader);
            return new GitState(
                    note.getProperty("commit", Provenance.UNKNOWN),
                    !"false".equals(note.getProperty("dirty")) || isChanged(folder));
        } catch (IOException e) {
            throw new LabException("cannot read what the archive in " + folder + " was made of: " + e.getMessage(), e);
        }
    }

    private static boolean isChanged(Path folder) throws IOException {
        Set<Path> packed = new HashSet<>();
        for (String line : Files.readAllLines(folder.resolve("SHA256SUMS"))) {
            Path file = folder.resolve(line.substring(line.indexOf("  ") + 2));
            packed.add(file);
            if (!Files.exists(file) || !line.startsWith(Digests.of(Files.readAllBytes(file)))) {
                return true;
            }
        }
        for (String name : new String[] {"data", "experiments"}) { // links, where one works elsewhere
            try (Stream<Path> files = Files.walk(folder.resolve(name), FileVisitOption.FOLLOW_LINKS)) {
                if (files.filter(Files::isRegularFile)
                        .anyMatch(file ->
                                !packed.contains(file) && !file.toString().contains(".ipynb_checkpoints"))) {
                    return true;
                }
            }
        }
        return false;
    }
}
