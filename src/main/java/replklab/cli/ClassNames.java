package replklab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import replklab.base.LabException;

/** Names of a network's classes in a text file, one a line in the order of its outputs. */
final class ClassNames {
    private ClassNames() {}

    /**
     * Reads them.
     *
     * @param outputs how many the network has
     * @throws LabException naming the file if it cannot be read, or has another number of names or one twice
     */
    static List<String> read(Path file, int outputs) {
        List<String> names;
        try {
            names = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new LabException("class names cannot be read: " + e, e);
        }
        if (names.size() != outputs) {
            throw new LabException(file + " names " + names.size() + " classes; the network has " + outputs);
        }
        HashSet<String> seen = new HashSet<>();
        names.stream().filter(name -> !seen.add(name)).findFirst().ifPresent(name -> {
            throw new LabException(file + " names the class " + name + " twice");
        });
        return names;
    }
}
