package replklab.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jshell.tool.JavaShellToolBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import replklab.notebook.LibrarySources;
import replklab.notebook.StartupScript;

/**
 * JShell with the library and the notebook's imports. Snippets run in this JVM, which has the class path and the flags
 * already.
 */
@Command(
        name = "jshell",
        description = "JShell with the library loaded; with files, runs them and ends.",
        mixinStandardHelpOptions = true)
final class JShellCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            description = "Java snippets to run. The exit code is 1 when one does not compile or throws.")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws Exception {
        return files.isEmpty() ? prompt() : JShellScript.run(files, System.out, System.err);
    }

    private static int prompt() throws Exception {
        Path startup = Files.createTempFile("replklab-", ".jsh");
        try {
            Files.writeString(startup, StartupScript.text());
            List<String> arguments = new ArrayList<>(List.of("--execution", "local", "--feedback", "concise"));
            arguments.addAll(List.of("--startup", "DEFAULT", "--startup", startup.toString()));
            arguments.addAll(List.of("--class-path", System.getProperty("java.class.path")));
            StartupScript.compilerOptions().forEach(option -> arguments.add("-C" + option));
            LibrarySources.show();
            return JavaShellToolBuilder.builder().start(arguments.toArray(String[]::new));
        } finally {
            deleteQuietly(startup);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
