package replklab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import replklab.base.Digests;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.WholeFile;

/**
 * The notebooks that somebody works in: copies of those that come with the checkout, which so keep the outputs that were reviewed,
 * and one's own beside them. A copy follows its original as long as nobody has changed its cells.
 */
final class MyNotebooks {
    /** As deep in the checkout as {@code notebooks/}, so that links lead to the same places. */
    static final String FOLDER = "my-notebooks";

    /** The checkout's own have a number; {@code src/main/python/lab_contents.py} knows that too. */
    private static final Pattern NUMBERED = Pattern.compile("\\d+-.*\\.ipynb");

    /** Where a copy tells in its metadata what its original's cells were. */
    private static final String MARK = "replk-lab";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Consumer<String> notices;

    /** @param notices hears of what was found and left alone */
    MyNotebooks(Consumer<String> notices) {
        this.folder = LabHome.resolve(FOLDER);
        this.notices = notices;
    }

    Path folder() {
        return folder;
    }

    /** Every notebook that can be named: the checkout's and one's own. */
    static NotebookFiles all() {
        return new NotebookFiles(LabHome.resolve("notebooks"), LabHome.resolve(FOLDER));
    }

    /**
     * The notebook to work in: a copy of one that comes with the checkout, made if there is none, and what is one's own itself.
     *
     * @param fresh whether to begin anew from the original; a changed copy is kept under another name
     * @throws LabException if a file cannot be read or written
     */
    Path of(Path notebook, boolean fresh) {
        if (notebook.startsWith(folder) || !isOriginal(notebook)) {
            return notebook;
        }
        Path copy = folder.resolve(notebook.getFileName());
        try {
            JsonNode original = read(notebook);
            if (!Files.exists(copy)) {
                write(copy, original);
            } else if (fresh) {
                setAside(copy);
                write(copy, original);
            } else {
                follow(notebook, original, copy);
            }
        } catch (IOException e) {
            throw new LabException("cannot copy " + shown(notebook) + " to " + shown(copy) + ": " + e.getMessage(), e);
        }
        return copy;
    }

    static boolean isOriginal(Path notebook) {
        return NUMBERED.matcher(notebook.getFileName().toString()).matches();
    }

    private void follow(Path notebook, JsonNode original, Path copy) throws IOException {
        Optional<JsonNode> mine = readable(copy);
        if (mine.isEmpty()) {
            notices.accept(shown(copy) + " is no notebook any more; " + anew(notebook, copy));
            return;
        }
        String now = cells(original);
        if (now.equals(begunFrom(mine.get()))) {
            return;
        }
        if (isUntouched(mine.get())) {
            write(copy, original);
        } else if (!cells(mine.get()).equals(now)) {
            notices.accept("You have changed " + shown(copy) + ", and " + shown(notebook) + " is another one now; "
                    + anew(notebook, copy));
        }
    }

    private String anew(Path notebook, Path copy) {
        return "./lab notebook " + notebook.getFileName().toString().replace(".ipynb", "")
                + " --fresh begins anew and keeps yours as " + shown(free(copy));
    }

    /** Gives way to a fresh copy, unless nobody has touched it. */
    private void setAside(Path copy) throws IOException {
        Optional<JsonNode> mine = readable(copy);
        if (mine.isPresent() && isUntouched(mine.get())) {
            return;
        }
        Path kept = free(copy);
        Files.move(copy, kept);
        notices.accept("Yours is " + shown(kept) + " now.");
    }

    /** The digest of the original's cells when the copy was made. */
    private static String begunFrom(JsonNode copy) {
        return copy.at("/metadata/" + MARK + "/original").asText();
    }

    private static boolean isUntouched(JsonNode copy) {
        return cells(copy).equals(begunFrom(copy));
    }

    private Path free(Path copy) {
        String name = copy.getFileName().toString().replace(".ipynb", "");
        for (int number = 1; ; number++) {
            Path free = folder.resolve(name + "-" + number + ".ipynb");
            if (!Files.exists(free)) {
                return free;
            }
        }
    }

    private void write(Path copy, JsonNode original) throws IOException {
        ObjectNode marked = original.deepCopy();
        marked.withObject("/metadata/" + MARK).put("original", cells(original));
        Files.createDirectories(folder);
        WholeFile.replace(copy, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(marked));
    }

    private static Optional<JsonNode> readable(Path file) {
        try {
            return Optional.of(read(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static JsonNode read(Path file) throws IOException {
        JsonNode notebook = JSON.readTree(file.toFile());
        if (!notebook.path("cells").isArray()) {
            throw new IOException(shown(file) + " is no Jupyter notebook: it has no cells");
        }
        return notebook;
    }

    /** A digest of what the cells say, without their outputs. */
    private static String cells(JsonNode notebook) {
        MessageDigest sha256 = Digests.sha256();
        for (JsonNode cell : notebook.get("cells")) {
            StringBuilder text = new StringBuilder(cell.path("cell_type").asText()).append('\n');
            JsonNode source = cell.path("source");
            if (source.isArray()) {
                source.forEach(line -> text.append(line.asText()));
            } else {
                text.append(source.asText());
            }
            sha256.update(text.append('\0').toString().getBytes(StandardCharsets.UTF_8));
        }
        return Digests.hex(sha256);
    }

    private static Path shown(Path file) {
        return LabHome.root().relativize(file.toAbsolutePath());
    }
}
