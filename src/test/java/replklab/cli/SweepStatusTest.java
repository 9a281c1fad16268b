package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.experiment.RunPlan;
import replklab.experiment.RunState;
import replklab.experiment.RunState.Kind;

/** What {@code ./lab sweep} and the parts of {@code ./lab run} say. */
class SweepStatusTest {
    private static RunState state(Kind kind, double seconds) {
        return new RunState(new RunPlan(Map.of("kernel", "3"), 1), 0, kind, "", seconds);
    }

    @Test
    void theTimeLeftGoesByWhatRunsTookAndHowManyRunAtOnce() {
        RunState done = state(Kind.FINISHED, 100);
        assertThat(SweepStatus.left(List.of(done))).isEmpty();
        assertThat(SweepStatus.left(List.of(state(Kind.WAITING, -1))))
                .as("nobody knows")
                .isEmpty();
        assertThat(SweepStatus.left(List.of(done, state(Kind.WAITING, -1), state(Kind.FAILED, -1))))
                .contains(Duration.ofSeconds(200));
        assertThat(SweepStatus.left(List.of(
                        done,
                        state(Kind.RUNNING, 40),
                        state(Kind.RUNNING, -1),
                        state(Kind.WAITING, -1),
                        state(Kind.WAITING, -1))))
                .as("40, 100 and twice 100, two at once")
                .contains(Duration.ofSeconds(170));
        assertThat(SweepStatus.left(List.of(state(Kind.RUNNING, 40), state(Kind.WAITING, -1))))
                .as("by the one that says something")
                .contains(Duration.ofSeconds(80));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --count                             | --count is about one experiment; name it
            run shortcut reparam --index 0          | --index is about one experiment; 2 are named
            run shortcut --index x                  | --index is 'x'; it is a whole number from 0, or two of them
            run shortcut --index -1                 | --index is '-1'
            run shortcut --index 4-2                | the second number must not be below the first
            run shortcut --index 1 --collect        | one of them at a time
            run shortcut --index 1 --fresh          | --index goes with neither --all, --confirm, --fresh nor --dry-run
            run shortcut --confirm --collect        | --collect goes with neither
            run shortcut --offline                  | --offline goes with --index or --collect
            sweep                                   | say which experiments
            sweep shortcut                          | say where: --on slurm, or --on local
            sweep shortcut --on slrum               | unknown place 'slrum'; did you mean slurm?
            sweep shortcut --on slurm --jobs 3      | --jobs is for --on local
            sweep shortcut --on local --jobs 0      | --jobs is 0; it must be at least 1
            sweep shortcut --status --cancel        | one of them at a time
            sweep shortcut --on local --slurm x     | --slurm: 'x' is no KEY=VALUE
            sweep shortcut --on slurm --slurm tim=3 | 'tim'
            sweep nosuch --status                   | unknown experiment 'nosuch'
            sweep shortcut --cancel                 | nothing was swept of shortcut at these settings
            """)
    void wrongUseEndsWithTwo(String line, String message) {
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute(line.strip().split(" +"));
        assertThat(err.toString()).contains(message).doesNotContain("at replklab");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void anExperimentThatMeasuresTimesIsOneIndex() {
        StringWriter err = new StringWriter();
        assertThat(CommandOutput.of(err, 0, "run", "dw-efficiency", "--count")).isEqualTo("1\n");
        assertThat(CommandOutput.of(err, 0, "run", "shortcut", "--count", "--seeds", "3"))
                .isEqualTo("12\n");
    }
}
