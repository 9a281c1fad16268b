package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

    @TempDir
    Path folder;

    @Test
    void anInterruptedThreadWritesWholeFilesAndStaysInterrupted() {
        Path file = folder.resolve("result.json");
        Thread.currentThread().interrupt();
        try {
            WholeFile.write(file, "a result", out -> out.write(new byte[200_000]));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(file).hasSize(200_000);
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void aBodyThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("result.json"), "old");
        assertThatThrownBy(() -> WholeFile.write(file, "a result", out -> {
                    out.write(new byte[200_000]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(LabException.class)
                .hasMessage("cannot write a result to " + file + ": No space left on device");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void aMissingFolderIsNamed() {
        assertThatThrownBy(() -> WholeFile.write(folder.resolve("no/where"), "a result", out -> {}))
                .isInstanceOf(LabException.class)
                .hasMessageEndingWith("there is no folder " + folder.resolve("no"));
    }

    @Test
    void whatDeadProcessesLeftIsFound() throws IOException {
        Path below = Files.createDirectories(folder.resolve("runs/a"));
        Path dead = partial(below, ".run.json.999999999-0123abcd.partial", LONG_AGO);
        Path unnamed = partial(below, ".run.json.01234567-89ab-cdef-0123-456789abcdef.partial", LONG_AGO);
        long own = ProcessHandle.current().pid();
        partial(below, ".run.json." + own + "-0123abcd.partial", LONG_AGO);
        partial(below, ".run.json.999999999-0123abce.partial", FileTime.from(Instant.now()));
        partial(below, "run.json", LONG_AGO);
        partial(below, "mine.partial", LONG_AGO);
        assertThat(WholeFile.abandoned(folder)).containsExactlyInAnyOrder(dead, unnamed);
        assertThat(WholeFile.abandoned(folder.resolve("none"))).isEmpty();
    }

    private static Path partial(Path folder, String name, FileTime touched) throws IOException {
        return Files.setLastModifiedTime(Files.createFile(folder.resolve(name)), touched);
    }
}
