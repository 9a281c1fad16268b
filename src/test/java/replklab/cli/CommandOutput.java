package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** Runs commands for tests. */
final class CommandOutput {
    private CommandOutput() {}

    /**
     * What a command prints on standard output.
     *
     * @param err takes its errors
     * @param code what it has to exit with
     */
    static String of(StringWriter err, int code, String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream captured = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            assertThat(Main.commandLine().setErr(new PrintWriter(err, true)).execute(arguments))
                    .as(err.toString())
                    .isEqualTo(code);
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
