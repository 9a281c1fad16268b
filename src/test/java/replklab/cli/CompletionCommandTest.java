package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash itself completes by the script. */
class CompletionCommandTest {
    @TempDir
    private Path folder;

    /** What stands to choose from for the last of the words; the first is the command. */
    private List<String> completed(String... words) throws Exception {
        Path script = folder.resolve("script");
        Files.writeString(script, CommandOutput.of(new StringWriter(), 0, "completion"));
        String line = String.join(" ", words);
        String ask = """
                shopt -s expand_aliases
                source '%s'
                COMP_WORDS=(%s) COMP_CWORD=%d COMP_LINE='%s' COMP_POINT=%d
                function=$(complete -p %s | sed 's/.*-F \\([^ ]*\\).*/\\1/')
                $function
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(script, quoted(words), words.length - 1, line, line.length(), words[0]);
        Process bash = new ProcessBuilder("bash", "-c", ask)
                .redirectError(folder.resolve("err").toFile()) // that nobody asked by the tab key
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        return said.lines().map(String::strip).filter(each -> !each.isEmpty()).toList();
    }

    private static String quoted(String... words) {
        return "'" + String.join("' '", words) + "'";
    }

    @Test
    void commandsOptionsAndNames() throws Exception {
        for (String lab : List.of("./lab", "lab")) {
            assertThat(completed(lab, "no")).containsExactly("notebook");
            assertThat(completed(lab, "run", "--pro")).containsExactly("--profile");
            assertThat(completed(lab, "run", "--profile", "")).contains("smoke", "quick", "full");
            assertThat(completed(lab, "run", "short")).containsExactly("shortcut");
            assertThat(completed(lab, "bench", "c")).containsExactly("conv");
        }
    }
}
