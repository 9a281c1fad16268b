package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executes one notebook through the real kernel, as {@code ./lab notebook --execute} does. Needs {@code .venv}. */
class KernelTest {
    @TempDir
    private static Path folder;

    private static int code;
    private static String out;
    private static String err;
    private static JsonNode notebook;

    @BeforeAll
    static void execute() throws Exception {
        TestKernel kernel = TestKernel.register(folder);
        Path source = Path.of(Objects.requireNonNull(KernelTest.class.getResource("00-hello.ipynb"))
                .toURI());
        code = kernel.python(
                TestKernel.script("execute_notebooks.py"),
                "--output-dir",
                folder.resolve("out").toString(),
                source.toString());
        out = kernel.out();
        err = kernel.err();
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
