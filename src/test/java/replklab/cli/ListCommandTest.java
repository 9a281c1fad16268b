package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ./lab list} in a checkout with one of its experiments, one of the user's own, and one that cannot be read. */
class ListCommandTest {
    @RegisterExtension
    private final ScratchCheckout home = new ScratchCheckout();

    private final StringWriter err = new StringWriter();

    @BeforeEach
    void fill() throws IOException {
        Path experiments = Files.createDirectories(home.resolve("experiments"));
        String text = Files.readString(Path.of("experiments/shortcut.yaml"));
        Files.writeString(experiments.resolve("shortcut.yaml"), text);
        Files.writeString(
                experiments.resolve("my own.yaml"),
                text.replaceAll("(?m)^# Costs.*\n", "").replace("title: ", "title: Mine. "));
        Files.writeString(experiments.resolve("torn.yaml"), "title: [");
        Files.write(experiments.resolve("no text.yaml"), new byte[] {(byte) 0xFF, 1});
        Path results = Files.createDirectories(home.resolve("results/full/shortcut"));
        Files.writeString(
                results.resolve("runs.csv"),
                "kernel,seed,status,seconds,run_id,commit,config\n3,1,finished,1.5,a,c,s\n3,2,diverged,0.5,b,c,s\n3,3,failed,,c,c,s\n");
    }

    @Test
    void everyExperimentWithWhatItIs() throws IOException {
        JsonNode list = new ObjectMapper().readTree(CommandOutput.of(err, 0, "list", "--json"));
        assertThat(list).hasSize(4);
        JsonNode shortcut = list.get(2);
        assertThat(shortcut.get("name").asText()).isEqualTo("shortcut");
        assertThat(shortcut.get("question").asText()).contains("identity shortcuts");
        assertThat(shortcut.get("varies").toString())
                .isEqualTo("{\"shortcut\":[\"with\",\"without\"],\"kernel\":[\"3\",\"13\"]}");
        assertThat(shortcut.at("/cost/smoke").asText()).isEqualTo("under 1 min");
        assertThat(shortcut.at("/cost/full").asText()).endsWith(" min");
        assertThat(shortcut.get("results").toString())
                .isEqualTo("[{\"profile\":\"full\",\"folder\":\"results/full/shortcut\",\"runs\":3,\"finished\":2}]");
        JsonNode own = list.get(0);
        assertThat(own.get("title").asText()).startsWith("Mine.");
        assertThat(own.get("cost")).isEmpty();
        assertThat(own.get("results")).isEmpty();
        JsonNode torn = list.get(3);
        assertThat(torn.get("name").asText()).isEqualTo("torn");
        assertThat(torn.get("error").asText()).contains("torn.yaml");
        assertThat(torn.has("title")).isFalse();
        assertThat(list.get(1).get("error").asText()).contains("0xFF");
        Files.writeString(home.resolve("results/full/shortcut/runs.csv"), "a,b\n1,2\n");
        JsonNode again = new ObjectMapper().readTree(CommandOutput.of(err, 0, "list", "--json"));
        assertThat(again).hasSize(4);
        assertThat(again.get(2).get("error").asText()).contains("runs.csv is no table of runs");
    }

    @Test
    void aPersonReadsIt() {
        String text = CommandOutput.of(err, 0, "list");
        assertThat(text)
                .contains("shortcut  Shortcuts are vital")
                .contains("    varies   shortcut: with, without; kernel: 3, 13\n")
                .contains("    costs    smoke under 1 min, quick ")
                .contains("    results  results/full/shortcut (2 of 3 runs)\n")
                .contains("    costs    not stated")
                .contains("    results  none yet")
                .contains("torn\n    cannot be read: ");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }
}
