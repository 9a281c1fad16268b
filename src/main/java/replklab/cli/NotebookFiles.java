package replklab.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import replklab.base.UsageException;

/**
 * The notebooks of folders, found by name: {@code 02-shortcut.ipynb}, {@code 02-shortcut}, {@code shortcut} and {@code 2} all
 * name the same one. Of two with one name, the one in the first folder counts.
 */
record NotebookFiles(List<Path> folders) {
    private static final String EXTENSION = ".ipynb";

    NotebookFiles(Path... folders) {
        this(List.of(folders));
    }

    /** Every notebook, folder by folder, in the order of their names. */
    List<Path> all() {
        return folders.stream().flatMap(folder -> all(folder).stream()).toList();
    }

    private static List<Path> all(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(EXTENSION))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The notebooks with these names, or all when there are no names.
     *
     * @throws UsageException if a name is unknown, with the near ones
     */
    List<Path> named(List<String> names) {
        return names.isEmpty() ? all() : names.stream().map(this::named).toList();
    }

    private Path named(String name) {
        String wanted = withoutExtension(Path.of(name).getFileName().toString());
        return all().stream()
                .filter(file -> full(file).equals(wanted)
                        || withoutNumber(full(file)).equals(wanted)
                        || isNumber(wanted, full(file)))
                .findFirst()
                .orElseThrow(() -> UsageException.unknown(
                        "notebook",
                        name,
                        all().stream()
                                .map(file -> withoutNumber(full(file)))
                                .distinct()
                                .toList()));
    }

    private static String full(Path file) {
        return withoutExtension(file.getFileName().toString());
    }

    private static String withoutExtension(String name) {
        return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
    }

    /** Whether a name begins with this number, however many digits it is written with. */
    private static boolean isNumber(String wanted, String name) {
        return wanted.matches("\\d{1,9}") && name.matches("0*" + Integer.parseInt(wanted) + "-.*");
    }

    private static String withoutNumber(String name) {
        return name.replaceFirst("^\\d+-", "");
    }
}
