package replklab.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine's Chromium, and a Python with Playwright, which drives it. Tests are skipped where there is none. */
public final class TestBrowser {
    /** What browser tests leave, pictures among it. */
    public static final Path PLACE = Path.of("target/browser").toAbsolutePath();

    static final Path PYTHON = Path.of(".venv/bin/python").toAbsolutePath();
    private static final String PLAYWRIGHT = "playwright==1.65.2";

    private TestBrowser() {}

    /** Chromium. */
    public static Path chromium() {
        Optional<Path> chromium = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(place -> Stream.of(Path.of(place, "chromium"), Path.of(place, "google-chrome")))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(chromium.isPresent(), "no Chromium on the PATH");
        return chromium.get();
    }

    /** A Python with Playwright; it stays for the next time. */
    public static Path playwright() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PYTHON), "no .venv: ./lab setup makes it");
        Path python = PLACE.resolve("venv/bin/python");
        if (!Files.exists(PLACE.resolve("venv/whole"))) {
            List<List<String>> steps = List.of(
                    List.of(
                            PYTHON.toString(),
                            "-m",
                            "venv",
                            PLACE.resolve("venv").toString()),
                    List.of(python.toString(), "-m", "pip", "install", "-q", PLAYWRIGHT));
            for (List<String> step : steps) {
                int code = new ProcessBuilder(step)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
                assumeTrue(code == 0, "Playwright cannot be installed");
            }
            Files.createFile(PLACE.resolve("venv/whole"));
        }
        return python;
    }
}
