package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import replklab.base.LabException;

class MyNotebooksTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private final ScratchCheckout home = new ScratchCheckout();

    private final List<String> notices = new ArrayList<>();
    private Path original;
    private Path copy;
    private MyNotebooks mine;

    @BeforeEach
    void begin() throws IOException {
        original = home.resolve("notebooks/02-shortcut.ipynb");
        copy = home.resolve("my-notebooks/02-shortcut.ipynb");
        mine = new MyNotebooks(notices::add);
        Files.createDirectories(original.getParent());
        write(original, "Lab.run()", "full");
    }

    @Test
    void aCopyHasEverythingAndTheOriginalStays() throws IOException {
        String before = Files.readString(original);
        assertThat(mine.of(original, false)).isEqualTo(copy);
        assertThat(source(copy)).isEqualTo("Lab.run()");
        assertThat(output(copy)).isEqualTo("full");
        assertThat(original).hasContent(before);
        assertThat(notices).isEmpty();
    }

    @Test
    void whatWasExecutedThereStaysThere() throws IOException {
        mine.of(original, false);
        change(copy, "Lab.run()", "quick");
        write(original, "Lab.run()", "full, of another day");
        mine.of(original, false);
        assertThat(output(copy)).isEqualTo("quick");
        assertThat(notices).isEmpty();
    }

    @Test
    void aCopyWhoseCellsNobodyChangedFollows() throws IOException {
        mine.of(original, false);
        change(copy, "Lab.run()", "quick");
        write(original, "Lab.run(2)", "better");
        mine.of(original, false);
        assertThat(source(copy)).isEqualTo("Lab.run(2)");
        assertThat(output(copy)).isEqualTo("better");
        write(original, "Lab.run(3)", "better still");
        mine.of(original, false);
        assertThat(source(copy)).as("it goes on following").isEqualTo("Lab.run(3)");
        assertThat(notices).isEmpty();
    }

    @Test
    void aChangedCopyIsNeverLost() throws IOException {
        mine.of(original, false);
        change(copy, "Lab.run(17)", "mine");
        mine.of(original, false);
        assertThat(notices).as("nothing is new").isEmpty();
        write(original, "Lab.run(2)", "new");
        mine.of(original, false);
        assertThat(source(copy)).isEqualTo("Lab.run(17)");
        assertThat(notices)
                .containsExactly(
                        "You have changed my-notebooks/02-shortcut.ipynb, and notebooks/02-shortcut.ipynb is another one now;"
                                + " ./lab notebook 02-shortcut --fresh begins anew and keeps yours as"
                                + " my-notebooks/02-shortcut-1.ipynb");
        mine.of(original, true);
        assertThat(source(copy)).isEqualTo("Lab.run(2)");
        assertThat(source(home.resolve("my-notebooks/02-shortcut-1.ipynb"))).isEqualTo("Lab.run(17)");
        mine.of(original, true);
        assertThat(home.resolve("my-notebooks/02-shortcut-2.ipynb"))
                .as("an unchanged one need not be kept")
                .doesNotExist();
    }

    @Test
    void aCopyThatIsBrokenIsLeftAlone() throws IOException {
        mine.of(original, false);
        Files.writeString(copy, "{\"cells\": [");
        mine.of(original, false);
        assertThat(copy).hasContent("{\"cells\": [");
        assertThat(notices).singleElement().asString().contains("is no notebook any more", "--fresh");
        mine.of(original, true);
        assertThat(source(copy)).isEqualTo("Lab.run()");
        assertThat(home.resolve("my-notebooks/02-shortcut-1.ipynb")).hasContent("{\"cells\": [");
    }

    @Test
    void onesOwnAreNotCopied() throws IOException {
        Path own = home.resolve("my-notebooks/leaves.ipynb");
        Path ofBefore = home.resolve("notebooks/leaves.ipynb");
        assertThat(mine.of(own, false)).isEqualTo(own);
        assertThat(mine.of(ofBefore, false)).isEqualTo(ofBefore);
        mine.of(original, false);
        assertThat(mine.of(copy, true)).isEqualTo(copy);
    }

    @Test
    void anOriginalThatIsNoneIsNamed() throws IOException {
        Files.writeString(original, "{}");
        assertThatThrownBy(() -> mine.of(original, false))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("notebooks/02-shortcut.ipynb is no Jupyter notebook");
    }

    private static void write(Path file, String source, String output) throws IOException {
        Files.writeString(file, """
                {"cells": [{"cell_type": "code", "id": "a", "execution_count": 1, "metadata": {}, "source": ["%s"],
                  "outputs": [{"output_type": "stream", "name": "stdout", "text": "%s"}]}],
                 "metadata": {"language_info": {"name": "java"}}, "nbformat": 4, "nbformat_minor": 5}
                """.formatted(source, output));
    }

    /** As JupyterLab does: the metadata stay, a cell's lines are one text. */
    private static void change(Path file, String source, String output) throws IOException {
        ObjectNode notebook = (ObjectNode) JSON.readTree(file.toFile());
        ((ObjectNode) notebook.at("/cells/0")).put("source", source);
        ((ObjectNode) notebook.at("/cells/0/outputs/0")).put("text", output);
        JSON.writeValue(file.toFile(), notebook);
    }

    private static String source(Path file) throws IOException {
        var source = JSON.readTree(file.toFile()).at("/cells/0/source");
        return source.isArray() ? source.get(0).asText() : source.asText();
    }

    private static String output(Path file) throws IOException {
        return JSON.readTree(file.toFile()).at("/cells/0/outputs/0/text").asText();
    }
}
