package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.UsageException;

class JShellScriptTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    /** Two files share one JShell; the imports of a notebook are there, the library's and ND4J's. */
    @Test
    void runsFilesInOrder() throws IOException {
        Path result = folder.resolve("result.txt");
        Path first = script("first.jsh", "int twice(int x) {\n    return 2 * x;\n}\n// the end\n");
        Path second = script(
                "second.jsh",
                "Files.writeString(Path.of(\"%s\"), twice(21) + \" \" + DataType.FLOAT);".formatted(result));
        assertThat(run(first, second)).isZero();
        assertThat(result).hasContent("42 FLOAT");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void stopsAtTheFirstFailureAndNamesItsLine() throws IOException {
        Path marker = folder.resolve("marker");
        Path thrown = script(
                "thrown.jsh",
                "int x = 1;\n\nthrow new LabException(\"boom \" + x);\nFiles.createFile(Path.of(\"%s\"));"
                        .formatted(marker));
        assertThat(run(thrown)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("thrown.jsh, in the snippet that begins at line 3:")
                .contains("replklab.base.LabException: boom 1");
        assertThat(marker).doesNotExist();
    }

    @Test
    void namesWhatDoesNotCompile() throws IOException {
        assertThat(run(script("wrong.jsh", "int y = nowhere + 1;"))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("wrong.jsh, in the snippet that begins at line 1:")
                .contains("cannot find symbol")
                .contains("nowhere");
    }

    @Test
    void missingFileIsWrongUse() {
        assertThatThrownBy(() -> run(folder.resolve("missing.jsh")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("missing.jsh");
    }

    private Path script(String name, String source) throws IOException {
        return Files.writeString(folder.resolve(name), source);
    }

    private int run(Path... files) throws IOException {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return JShellScript.run(List.of(files), System.out, stream);
    }
}
