package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The files that Binder reads, and conda. */
@DisabledOnOs(OS.WINDOWS)
class BinderTest {
    private static final Path FOLDER = Path.of(".binder");

    @Test
    void theEnvironmentIsPinned() throws Exception {
        JsonNode environment =
                new YAMLMapper().readTree(FOLDER.resolve("environment.yml").toFile());
        assertThat(environment.path("channels")).singleElement().hasToString("\"conda-forge\"");
        JsonNode packages = environment.path("dependencies");
        assertThat(packages).hasSizeGreaterThan(2).allSatisfy(each -> {
            if (each.isObject()) {
                String file = each.path("pip").path(0).asText().replaceFirst("^-r ", "");
                assertThat(FOLDER.resolve(file)).exists().hasSameTextualContentAs(Path.of("requirements.txt"));
            } else if (!each.asText().equals("pip")) {
                assertThat(each.asText()).matches("[a-z]+=[0-9.]+");
            }
        });
        String java = Files.readString(Path.of("lab")).replaceFirst("(?s).*JDK_VERSION=([0-9]+).*", "$1");
        assertThat(packages).extracting(JsonNode::asText).contains("openjdk=" + java);
    }

    @Test
    void bashReadsWhatItStartsAfterwards() throws Exception {
        Path script = FOLDER.resolve("postBuild");
        assertThat(script).isExecutable();
        Process bash =
                new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
        assertThat(bash.waitFor()).isZero();
    }
}
