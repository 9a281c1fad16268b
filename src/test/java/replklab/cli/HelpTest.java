package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class HelpTest {
    /**
     * {@code ./lab help} prints the file, so that it works on a fresh clone, without Java. When this fails, put the text
     * it expected into src/main/resources/replklab/cli/help.txt.
     */
    @Test
    void fileHoldsWhatTheCommandsSayOfThemselves() throws IOException {
        try (InputStream file = Main.class.getResourceAsStream("help.txt")) {
            assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(Main.commandLine().setUsageHelpWidth(80).getUsageMessage(Ansi.OFF));
        }
    }

    @Test
    void everyCommandDescribesItself() {
        var commands = Main.commandLine().getSubcommands();
        assertThat(commands.keySet()).containsAll(Set.of("notebook", "jshell", "mlflow", "test", "setup", "help"));
        for (CommandLine command : commands.values()) {
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(command.getCommandName())
                    .isNotEmpty();
        }
    }
}
