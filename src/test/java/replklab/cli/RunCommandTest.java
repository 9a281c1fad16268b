package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong use of {@code ./lab run} is told before anything is started, and what it would start. */
class RunCommandTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run nosuch                   | unknown experiment 'nosuch'
            run shortct                  | unknown experiment 'shortct'; did you mean shortcut?
            run --profile fast           | unknown profile 'fast'
            run shortcut --profile smok  | unknown profile 'smok'; did you mean smoke?
            run --seeds 0                | --seeds is 0; it must be at least 1
            run shortcut --seeds -3      | --seeds is -3
            run shortcut --seeds many    | 'many' is not an int
            run nosuch.yaml              | no file nosuch.yaml
            run --sedes 3                | --seeds
            run --all shortcut           | --all runs every experiment
            run --set training.epochs=2  | --set changes the settings of experiments that are named
            run shortcut --set training.epoch=2  | --set: training: unknown key 'epoch'; did you mean epochs
            run shortcut --set training.epochs   | --set: 'training.epochs' is no setting
            run shortcut --set =2                | --set: '=2' is no setting
            run shortcut --set training.epochs=0 | --set: training.epochs is 0
            run shortcut --set variants.kernel=4 | --set: variants
            run shortcut --dry-run --device tpu  | unknown device 'tpu' (known: cpu, opencl, cuda
            run dw-efficiency --dry-run --device opencl | dw-efficiency measures how the CPU computes; leave --device out
            """)
    void wrongUseEndsWithTwo(String line, String message) {
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute(line.strip().split(" +"));
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains(message).doesNotContain("at replklab");
    }

    @Test
    void withoutNamesItShowsWhatThereIsAndAsks() {
        StringWriter err = new StringWriter();
        PrintStream before = System.err;
        ByteArrayOutputStream plan = new ByteArrayOutputStream();
        try (PrintStream captured = new PrintStream(plan, true, StandardCharsets.UTF_8)) {
            System.setErr(captured);
            CommandOutput.of(err, 2, "run");
        } finally {
            System.setErr(before);
        }
        assertThat(err.toString()).contains("say which of these to run, or --all");
        assertThat(plan.toString(StandardCharsets.UTF_8)).contains("experiment", "runs", "shortcut", "small-maps");
    }

    @Test
    void aDryRunTellsRunsTimeAndDisk() {
        StringWriter err = new StringWriter();
        String plan = CommandOutput.of(err, 0, "run", "shortcut", "dw-share", "--seeds", "3", "--dry-run");
        assertThat(plan.lines().filter(line -> line.startsWith("shortcut")))
                .singleElement()
                .asString()
                .containsPattern("shortcut +12 +0 .*(min|s).* MB");
        String full = CommandOutput.of(err, 0, "run", "experiments/shortcut.yaml", "--profile", "full", "--dry-run");
        assertThat(full)
                .as("by the committed runs' times")
                .containsPattern("shortcut +32 +0 +\\d+ min \\d\\d s, by the last ones' times +\\d\\d+ MB");
        assertThat(CommandOutput.of(err, 0, "run", "--all", "--dry-run").lines().count())
                .isGreaterThanOrEqualTo(12);
    }
}
