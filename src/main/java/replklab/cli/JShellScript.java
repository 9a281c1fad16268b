package replklab.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import replklab.base.UsageException;
import replklab.notebook.StartupScript;

/** Runs files of JShell snippets and stops at the first that fails, which the {@code jshell} tool would not do. */
final class JShellScript {
    private final JShell shell;
    private final PrintStream err;

    private JShellScript(JShell shell, PrintStream err) {
        this.shell = shell;
        this.err = err;
    }

    /**
     * Runs files one after the other in one JShell, after the notebook's imports.
     *
     * @return 0 when every snippet went well, 1 when one did not compile or threw
     */
    static int run(List<Path> files, PrintStream out, PrintStream err) throws IOException {
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new UsageException("no such file: " + file);
            }
        }
        try (JShell shell = JShell.builder()
                .executionEngine("local")
                .compilerOptions(StartupScript.compilerOptions().toArray(String[]::new))
                .out(out)
                .err(err)
                .build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            JShellScript script = new JShellScript(shell, err);
            boolean well = script.evaluate("start-up", StartupScript.text());
            for (Path file : files) {
                well = well && script.evaluate(file.toString(), Files.readString(file));
            }
            return well ? 0 : 1;
        }
    }

    private boolean evaluate(String name, String source) {
        String rest = source;
        while (!rest.isBlank()) {
            CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            if (info.completeness() == Completeness.EMPTY) {
                return true; // only comments are left
            }
            String snippet = info.completeness().isComplete() ? info.source() : rest;
            for (SnippetEvent event : shell.eval(snippet)) {
                if (event.causeSnippet() == null && !wentWell(name, source, rest, event)) {
                    return false;
                }
            }
            rest = info.completeness().isComplete() ? info.remaining() : "";
        }
        return true;
    }

    private boolean wentWell(String name, String source, String rest, SnippetEvent event) {
        if (event.exception() == null && event.status() != Snippet.Status.REJECTED) {
            return true;
        }
        int start = source.length() - rest.stripLeading().length();
        long line =
                1 + source.substring(0, start).chars().filter(c -> c == '\n').count();
        err.printf(Locale.ROOT, "%s, in the snippet that begins at line %d:%n", name, line);
        event.snippet().source().strip().lines().limit(5).forEach(text -> err.println("  " + text));
        if (event.exception() != null) {
            err.println(describe(event.exception()));
        }
        shell.diagnostics(event.snippet()).forEach(problem -> err.println(problem.getMessage(Locale.ROOT)));
        return false;
    }

    private static String describe(JShellException exception) {
        if (exception instanceof EvalException thrown) {
            String frames = Stream.of(thrown.getStackTrace())
                    .filter(frame -> frame.getClassName().startsWith("replklab."))
                    .limit(12)
                    .map(frame -> "    at " + frame)
                    .reduce("", (a, b) -> a + System.lineSeparator() + b);
            return thrown.getExceptionClassName() + ": " + thrown.getMessage() + frames;
        }
        return exception.toString();
    }
}
