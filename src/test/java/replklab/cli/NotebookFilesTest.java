package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.UsageException;

class NotebookFilesTest {
    @TempDir
    private Path folder;

    private NotebookFiles files;

    @BeforeEach
    void fill() throws IOException {
        for (String name : List.of("02-shortcut.ipynb", "01-efficiency.ipynb", "notes.txt")) {
            Files.createFile(folder.resolve(name));
        }
        files = new NotebookFiles(folder);
    }

    @Test
    void withoutNamesAllInOrder() {
        assertThat(files.named(List.of()))
                .containsExactly(folder.resolve("01-efficiency.ipynb"), folder.resolve("02-shortcut.ipynb"));
        assertThat(new NotebookFiles(folder.resolve("missing")).all()).isEmpty();
    }

    @Test
    void findsWithAndWithoutNumberFolderAndEnding() {
        for (String name : List.of(
                "shortcut",
                "02-shortcut",
                "02-shortcut.ipynb",
                "2",
                "02",
                "shortcut.ipynb",
                "notebooks/02-shortcut.ipynb")) {
            assertThat(files.named(List.of(name))).as(name).containsExactly(folder.resolve("02-shortcut.ipynb"));
        }
    }

    @Test
    void aNumberIsNoPartOfAnother() {
        assertThatThrownBy(() -> files.named(List.of("20"))).hasMessageContaining("unknown notebook '20'");
        assertThatThrownBy(() -> files.named(List.of("0"))).hasMessageContaining("unknown notebook '0'");
    }

    @Test
    void ofTwoFoldersTheFirstOneCounts(@TempDir Path mine) throws IOException {
        for (String name : List.of("02-shortcut.ipynb", "leaves.ipynb")) {
            Files.createFile(mine.resolve(name));
        }
        NotebookFiles both = new NotebookFiles(folder, mine);
        assertThat(both.named(List.of("shortcut", "leaves")))
                .containsExactly(folder.resolve("02-shortcut.ipynb"), mine.resolve("leaves.ipynb"));
        assertThatThrownBy(() -> both.named(List.of("leafs")))
                .hasMessageContaining("did you mean leaves? (known: efficiency, leaves, shortcut)");
    }

    @Test
    void unknownNameIsWrongUse() {
        assertThatThrownBy(() -> files.named(List.of("shortct")))
                .isInstanceOf(UsageException.class)
                .hasMessage("unknown notebook 'shortct'; did you mean shortcut? (known: efficiency, shortcut)");
    }
}
