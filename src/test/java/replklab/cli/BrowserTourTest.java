package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.notebook.TestKernel;

/**
 * The tour in a real browser, with JupyterLab and MLflow behind it, in a clone of its own. Skipped where there is no Chromium, no
 * {@code .venv}, no git, or where Playwright cannot be had. Pictures of each station lie in {@code target/browser}.
 */
class BrowserTourTest {
    private static final long MINUTES = 8;

    @TempDir
    private Path folder;

    private Path home;
    private Path checkout;

    @Test
    void fromTheFirstCellToComparedRuns() throws Exception {
        Path chromium = TestBrowser.chromium();
        assumeTrue(Files.exists(Path.of(".git")), "no git checkout");
        Path playwright = TestBrowser.playwright();
        home = Files.createDirectories(folder.resolve("home"));
        checkout = folder.resolve("checkout");
        run(List.of("git", "clone", "-q", Path.of("").toAbsolutePath().toString(), checkout.toString()));
        TestKernel.register(home, checkout);
        Path said = folder.resolve("said");
        Process lab = builder(Stream.concat(java(), Stream.of("notebook", "0", "--no-browser", "--profile", "smoke"))
                        .toList())
                .redirectOutput(said.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        try {
            String jupyter = address(lab, said, "JupyterLab");
            Path script = Path.of(Objects.requireNonNull(BrowserTourTest.class.getResource("browser_tour.py"))
                    .toURI());
            JsonNode seen = new ObjectMapper()
                    .readTree(run(List.of(
                            playwright.toString(),
                            script.toString(),
                            chromium.toString(),
                            jupyter,
                            address(lab, said, "MLflow"),
                            TestBrowser.PLACE.toString())));
            assertThat(seen.path("news").asInt())
                    .as("JupyterLab asks about news")
                    .isZero();
            assertThat(seen.path("errors").asInt())
                    .as("cells of the tour that failed")
                    .isZero();
            assertThat(seen.path("completed").asText()).contains("Tensor.zeros(");
            assertThat(seen.path("documentation").asText()).contains("Tensor Tensor.relu()");
            assertThat(seen.path("address").asText()).contains("/runs?workflowType=machine_learning");
            assertThat(seen.path("runs").asInt()).isEqualTo(4);
            assertThat(seen.path("compared").asText()).startsWith("Comparing 4 Runs");
            assertThat(run(List.of("git", "-C", checkout.toString(), "status", "--porcelain")))
                    .as("what git sees of it")
                    .isEmpty();
            assertThat(checkout.resolve("my-notebooks/00-tour.ipynb")).content().contains("while (true) { n++; }");
        } finally {
            lab.destroy();
            assertThat(lab.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private Stream<String> java() {
        return Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("src/main/jvm.options").toAbsolutePath(),
                "-Dreplklab.home=" + checkout,
                "-Dreplklab.python=" + TestBrowser.PYTHON,
                "-cp",
                System.getProperty("java.class.path"),
                "replklab.cli.Main");
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment()
                .putAll(Map.of(
                        "HOME", home.toString(),
                        "JUPYTER_PATH", home.resolve("share/jupyter").toString(),
                        "OMP_WAIT_POLICY", "passive"));
        builder.environment().keySet().removeIf(name -> name.startsWith("MLFLOW_"));
        return builder;
    }

    /** Standard output of a command that has to go well. */
    private String run(List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = builder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                .as(command.toString())
                .isTrue();
        assertThat(process.exitValue())
                .as(command + "\n" + Files.readString(err))
                .isZero();
        return Files.readString(out);
    }

    private String address(Process lab, Path said, String name) throws IOException, InterruptedException {
        for (int i = 0; i < 10 * 60 * MINUTES && lab.isAlive(); i++) {
            for (String line : Files.readAllLines(said)) {
                if (line.startsWith(name + " ")) {
                    return line.substring(name.length()).strip();
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no address of " + name + ":\n" + Files.readString(folder.resolve("errors")));
    }
}
