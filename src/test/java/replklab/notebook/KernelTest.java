package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executes one notebook through the real kernel, as {@code ./lab notebook --execute} does. Needs {@code .venv}. */
class KernelTest {
    private static final Path PYTHON = Path.of(".venv/bin/python").toAbsolutePath();
    private static final Path SCRIPTS = Path.of("src/main/python").toAbsolutePath();

    @TempDir
    private static Path folder;

    private static int code;
    private static String out;
    private static String err;
    private static JsonNode notebook;

    @BeforeAll
    static void execute() throws Exception {
        assumeTrue(Files.isExecutable(PYTHON), "no .venv: ./lab setup makes it");
        Path source = Path.of(Objects.requireNonNull(KernelTest.class.getResource("00-hello.ipynb"))
                .toURI());
        int registered = python(
                "register_kernel.py",
                "--prefix",
                folder.toString(),
                "--java",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--arguments",
                Path.of("src/main/jvm.options").toAbsolutePath().toString(),
                "--classpath",
                classPath());
        assertThat(registered).isZero();
        code = python(
                "execute_notebooks.py", "--output-dir", folder.resolve("out").toString(), source.toString());
        out = Files.readString(folder.resolve("stdout"));
        err = Files.readString(folder.resolve("stderr"));
        notebook =
                new ObjectMapper().readTree(folder.resolve("out/00-hello.ipynb").toFile());
    }

    @Test
    void tableIsHtml() {
        assertThat(data("table").get("text/html").toString()).contains("&lt;shortcut&gt;");
    }

    @Test
    void chartIsAPicture() {
        assertThat(data("chart").get("image/png").asText()).startsWith("iVBOR");
        assertThat(data("chart").get("text/plain").toString()).contains("XYChart 'Squares', series: y");
        assertThat(outputs("chart").get(0).at("/metadata/image~1png/width").asInt())
                .isEqualTo(400);
    }

    @Test
    void liveChartLeavesOnePicture() {
        assertThat(outputs("live")).hasSize(1);
        assertThat(data("live").get("image/png").asText()).startsWith("iVBOR");
    }

    @Test
    void arraysAndTheProfileAreThere() {
        assertThat(data("array").get("text/plain").toString()).contains("2.0000,    4.0000,    6.0000");
        assertThat(outputs("profile").get(0).get("text").toString()).contains("profile smoke");
    }

    @Test
    void failedCellIsReadableAndEndsTheNotebook() {
        assertThat(code).isEqualTo(1);
        assertThat(out.strip()).isEqualTo("0 passed, 1 failed");
        assertThat(err)
                .contains("00-hello.ipynb: FAILED in cell 6 of 7")
                .contains("replklab.base.UsageException: unknown experiment 'shortct'; did you mean shortcut?");
        JsonNode traceback = outputs("error").get(0).get("traceback");
        assertThat(traceback.get(0).asText()).contains("UsageException: unknown experiment 'shortct'");
        assertThat(traceback.size()).isLessThan(6);
        assertThat(outputs("after")).isEmpty();
    }

    @Test
    void metadataSaysNothingOfTheMachine() {
        assertThat(notebook.get("metadata").toString())
                .isEqualTo("{\"kernelspec\":{\"display_name\":\"Java 25 (RepLK Lab)\",\"language\":\"java\","
                        + "\"name\":\"replk-lab\"},\"language_info\":{\"name\":\"java\"}}");
        for (JsonNode cell : notebook.get("cells")) {
            assertThat(cell.get("metadata")).isEmpty();
        }
    }

    /** This JVM's class path without the compile-time part of the kernel, which brings a newer one. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.contains("jjava-jupyter"))
                        .toList());
    }

    private static int python(String script, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(PYTHON.toString(), SCRIPTS.resolve(script).toString());
        builder.command().addAll(List.of(arguments));
        builder.environment()
                .put("JUPYTER_PATH", folder.resolve("share/jupyter").toString());
        builder.environment().put("REPLKLAB_PROFILE", "smoke");
        return builder.redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile())
                .start()
                .waitFor();
    }

    private static JsonNode data(String cell) {
        return outputs(cell).get(0).get("data");
    }

    private static JsonNode outputs(String cell) {
        for (JsonNode candidate : notebook.get("cells")) {
            if (candidate.get("id").asText().equals(cell)) {
                return candidate.get("outputs");
            }
        }
        throw new AssertionError("no cell " + cell);
    }
}
