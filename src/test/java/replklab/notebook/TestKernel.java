package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The real kernel with this build's classes, registered in a folder of a test's own. Needs {@code .venv}. */
public record TestKernel(Path folder) {
    private static final Path PYTHON = Path.of(".venv/bin/python").toAbsolutePath();
    private static final Path SCRIPTS = Path.of("src/main/python").toAbsolutePath();

    /** Of this checkout. Skips the test where there is no Jupyter. */
    static TestKernel register(Path folder) throws IOException, InterruptedException {
        return register(folder, Path.of("").toAbsolutePath());
    }

    /** Of a checkout, where it reads and writes. */
    public static TestKernel register(Path folder, Path checkout) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PYTHON), "no .venv: ./lab setup makes it");
        TestKernel kernel = new TestKernel(folder);
        // As lab does; the kernel's own folder is not the checkout.
        List<String> arguments = Stream.concat(
                        Files.readAllLines(Path.of("src/main/jvm.options")).stream(),
                        Stream.of("\"-Dreplklab.home=" + checkout + "\"", "\"-Dreplklab.python=" + PYTHON + "\""))
                .toList();
        int registered = kernel.python(
                SCRIPTS.resolve("register_kernel.py"),
                "--prefix",
                folder.toString(),
                "--java",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--arguments",
                Files.write(folder.resolve("java.args"), arguments).toString(),
                "--classpath",
                classPath());
        assertThat(registered).as(kernel.err()).isZero();
        return kernel;
    }

    /** This JVM's class path without the compile-time part of the kernel, which brings a newer one. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.contains("jjava-jupyter"))
                        .toList());
    }

    static Path script(String name) {
        return SCRIPTS.resolve(name);
    }

    /** Runs a Python program that finds the kernel as {@code replk-lab}; gives its exit code. */
    int python(Path script, String... arguments) throws IOException, InterruptedException {
        return python(Path.of("/dev/null"), script, arguments);
    }

    int python(Path input, Path script, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(PYTHON.toString(), script.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment()
                .put("JUPYTER_PATH", folder.resolve("share/jupyter").toString());
        builder.environment().put("REPLKLAB_PROFILE", "smoke");
        return builder.redirectInput(input.toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile())
                .start()
                .waitFor();
    }

    /** What the last program printed. */
    String out() throws IOException {
        return Files.readString(folder.resolve("stdout"));
    }

    String err() throws IOException {
        return Files.readString(folder.resolve("stderr"));
    }
}
