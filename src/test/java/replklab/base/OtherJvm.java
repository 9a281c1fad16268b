package replklab.base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program of the tests, run to its end in a JVM of its own.
 *
 * @param exit its exit code
 * @param out what it printed
 * @param err what it and Java complained of
 */
public record OtherJvm(int exit, String out, String err) {
    /** As {@code lab} starts Java. */
    public static final String USUAL = "@src/main/jvm.options";

    /** What the library cannot do without, without what makes it quick. */
    public static final List<String> PLAIN = List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** Runs a class with a {@code main} of its own. */
    public static OtherJvm run(Class<?> program, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        return run(program, Map.of(), options, arguments);
    }

    /** The same, with variables beside those of this process's environment. */
    public static OtherJvm run(
            Class<?> program, Map<String, String> environment, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile("other-jvm", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new OtherJvm(process.waitFor(), out, Files.readString(err));
        } finally {
            Files.delete(err);
        }
    }

    /** What a program printed that came to a good end. */
    public String succeeded() {
        if (exit != 0) {
            throw new AssertionError("exit code " + exit + "\n" + out + err);
        }
        return out.strip();
    }
}
