package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import replklab.base.LabException;
import replklab.base.UsageException;

class MainTest {
    private final StringWriter err = new StringWriter();

    @RegisterExtension
    private final ScratchCheckout home = new ScratchCheckout();

    /** Throws what a test gives it. */
    @Command(name = "probe")
    private record Probe(RuntimeException error) implements Callable<Integer> {
        @Override
        public Integer call() {
            throw error;
        }
    }

    @Command(name = "picky")
    private static final class Picky implements Runnable {
        private static final class Kernel implements ITypeConverter<Integer> {
            @Override
            public Integer convert(String value) {
                throw new UsageException("kernel size " + value + ": odd sizes only");
            }
        }

        @Option(names = "--kernel", converter = Kernel.class)
        private int kernel;

        @Override
        public void run() {
            throw new AssertionError("not reached with " + kernel);
        }
    }

    @Test
    void failureIsItsMessageAlone() {
        assertThat(fail(new LabException("data/x.gz is corrupt"))).isEqualTo(1);
        assertThat(err.toString().strip()).isEqualTo("data/x.gz is corrupt");
    }

    @Test
    void wrongNameIsWrongUse() {
        assertThat(fail(UsageException.unknown("experiment", "shortct", List.of("shortcut"))))
                .isEqualTo(2);
        assertThat(err.toString()).contains("did you mean shortcut?").doesNotContain("at replklab");
    }

    @Test
    void unexpectedErrorIsOneLineAndTheTraceIsKept() throws Exception {
        assertThat(fail(new IllegalStateException("out of step"))).isEqualTo(1);
        assertThat(err.toString())
                .contains("java.lang.IllegalStateException: out of step")
                .doesNotContain("at replklab");
        try (var files = Files.list(home.resolve(".lab"))) {
            Path kept = files.findFirst().orElseThrow();
            assertThat(err.toString()).contains(kept.toString());
            assertThat(Files.readString(kept)).contains("out of step").contains("at replklab.cli");
        }
    }

    @Test
    void verboseShowsTheTrace() {
        Probe probe = new Probe(new IllegalStateException("out of step"));
        assertThat(line(probe).execute("--verbose", "probe")).isEqualTo(1);
        assertThat(err.toString()).contains("at replklab.cli");
        assertThat(home.resolve(".lab")).doesNotExist();
    }

    @Test
    void unknownCommandNamesTheNearOnes() {
        assertThat(line().execute("notbook")).isEqualTo(2);
        assertThat(err.toString()).contains("'notbook'").contains("notebook");
    }

    @Test
    void whereverACommandStands() {
        assertThat(line().execute("rnu")).isEqualTo(2);
        assertThat(err.toString()).contains("unknown command 'rnu'; did you mean run?");
        assertThat(line().execute("help", "runn")).isEqualTo(2);
        assertThat(err.toString()).contains("unknown command 'runn'; did you mean run?");
        assertThat(line().execute("bench", "cnv")).isEqualTo(2);
        assertThat(err.toString()).contains("unknown command 'cnv'; did you mean conv? (known: conv, data, model)");
    }

    @Test
    void unknownOptionNamesTheNearOnes() {
        assertThat(line().execute("notebook", "--profle", "smoke")).isEqualTo(2);
        assertThat(err.toString()).contains("--profle").contains("--profile");
    }

    @Test
    void aPortIsOneThatPagesCanHave() throws IOException {
        assertThat(line().execute("mlflow", "--port", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--port is 0; it must be 1 to 65535");
        assertThat(line().execute("notebook", "--port", "65536")).isEqualTo(2);
        assertThat(err.toString()).contains("--port is 65536");
        assertThat(line().execute("notebook", "--execute", "--port", "9000")).isEqualTo(2);
        assertThat(err.toString()).contains("--execute shows none");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertThat(line().execute("notebook", "--port", port)).isEqualTo(1);
            assertThat(err.toString()).contains("port " + port + " of 127.0.0.1 cannot be used");
        }
    }

    @Test
    void missingValueSaysWhereToRead() {
        assertThat(line().execute("notebook", "--profile")).isEqualTo(2);
        assertThat(err.toString()).contains("--profile").contains("See: ./lab help notebook");
    }

    @Test
    void refusedValueKeepsItsOwnMessage() {
        assertThat(line(new Picky()).execute("picky", "--kernel", "4")).isEqualTo(2);
        assertThat(err.toString()).startsWith("kernel size 4: odd sizes only");
    }

    @Test
    void unknownProfileAndNotebookAreWrongUse() throws Exception {
        Files.createDirectories(home.resolve("notebooks"));
        Files.createFile(home.resolve("notebooks/02-shortcut.ipynb"));
        assertThat(line().execute("notebook", "--execute", "--profile", "smok")).isEqualTo(2);
        assertThat(line().execute("notebook", "--execute", "shortct")).isEqualTo(2);
        assertThat(err.toString())
                .contains("unknown profile 'smok'; did you mean smoke?")
                .contains("unknown notebook 'shortct'; did you mean shortcut?");
        assertThat(line().execute("notebook", "--originals", "--fresh")).isEqualTo(2);
        assertThat(line().execute("notebook", "--fresh")).isEqualTo(2);
        assertThat(err.toString()).contains("--originals makes none").contains("--fresh wants to know which");
    }

    private int fail(RuntimeException error) {
        return line(new Probe(error)).execute("probe");
    }

    private CommandLine line(Object... more) {
        return Main.commandLine(more).setErr(new PrintWriter(err, true));
    }
}
