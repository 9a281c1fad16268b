package replklab.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that works on a checkout, as a process that can be killed. */
final class LabProcess {
    /** Beyond any run's end on a busy machine: who needs longer hangs. */
    private static final long PATIENCE_SECONDS = Long.getLong("crash.patience", 420);

    private static final Path PROJECT = Path.of("").toAbsolutePath();
    private static final int TAIL = 4000;

    private final Process process;
    private final Path out;
    private final Path err;
    private final long begin = System.nanoTime();
    private long end;

    private LabProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** The Python with MLflow and Jupyter. */
    static Path python() {
        return PROJECT.resolve(".venv/bin/python");
    }

    /** A path in this project, such as {@code src/main/python}. */
    static Path project(String path) {
        return PROJECT.resolve(path);
    }

    /** The beginning of a Java command line that has the library, its flags and a checkout. */
    static List<String> java(Path root) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + PROJECT.resolve("src/main/jvm.options"),
                "-Dreplklab.home=" + root,
                "-Dreplklab.python=" + python(),
                "-cp",
                System.getProperty("java.class.path"));
    }

    static LabProcess start(List<String> command, Path root, Map<String, String> environment, int number)
            throws IOException {
        // A program started from a shell's background ignores SIGINT; ours must not inherit that.
        List<String> whole = new ArrayList<>(List.of("env", "--default-signal=INT,TERM,HUP"));
        whole.addAll(command);
        Path out = root.resolve("program-" + (number + 1) + ".out");
        Path err = root.resolve("program-" + (number + 1) + ".err");
        ProcessBuilder builder = new ProcessBuilder(whole)
                .directory(root.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MLFLOW_"));
        builder.environment().putAll(environment);
        return new LabProcess(builder.start(), out, err);
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Milliseconds since its start, or that it lived. */
    long millis() {
        return TimeUnit.NANOSECONDS.toMillis((end == 0 ? System.nanoTime() : end) - begin);
    }

    /** Waits for its end and tells its exit code. */
    int await(Story story) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                Processes.signal(pid(), "QUIT"); // the JVM tells where its threads are
                Processes.pause(1000);
                kill();
                throw story.failure("the program hangs: " + said());
            }
            end = System.nanoTime();
            story.tell("exit code " + process.exitValue());
            return process.exitValue();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What it wrote on standard error. */
    String errors() throws IOException {
        return Files.readString(err, StandardCharsets.UTF_8);
    }

    /** What it wrote on standard output. */
    String output() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    /** The end of all it said. */
    String said() throws IOException {
        return "standard output\n" + tail(output()) + "\nstandard error\n" + tail(errors());
    }

    private static String tail(String text) {
        return text.length() <= TAIL ? text : "..." + text.substring(text.length() - TAIL);
    }
}
