package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong use of {@code ./lab run} is told before anything is started. */
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
            """)
    void wrongUseEndsWithTwo(String line, String message) {
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute(line.strip().split(" +"));
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains(message).doesNotContain("at replklab");
    }
}
