package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The notebooks as they are read without being run: what their cells showed is meant for readers. */
class CommittedNotebooksTest {
    static List<Path> notebooks() {
        List<Path> found = new NotebookFiles(Path.of("notebooks")).all();
        assertThat(found).isNotEmpty();
        return found;
    }

    private static JsonNode cells(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile()).path("cells");
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void showNothingThatIsOfTheMachineOrOfTheProgramsInside(Path file) throws IOException {
        for (JsonNode cell : cells(file)) {
            for (JsonNode output : cell.path("outputs")) {
                String place = file + ", cell " + cell.path("id").asText();
                assertThat(output.path("output_type").asText()).as(place).isNotEqualTo("error");
                for (JsonNode shown : List.of(output.path("text"), output.at("/data/text~1plain"))) {
                    String text = text(shown);
                    assertThat(text)
                            .as(place)
                            .doesNotContainPattern("\\w@[0-9a-f]{6,8}\\b"); // an object without a text
                    assertThat(text).as(place).doesNotContainPattern("(^|[\\s\"(])/(home|root|tmp|work|Users)/");
                }
            }
        }
    }

    /** Run from the first cell to the last, in one go. */
    @ParameterizedTest
    @MethodSource("notebooks")
    void wereRunInOrder(Path file) throws IOException {
        int last = 0;
        for (JsonNode cell : cells(file)) {
            if (cell.path("cell_type").asText().equals("code")) {
                assertThat(cell.path("execution_count").asInt())
                        .as(file + ", cell " + cell.path("id").asText())
                        .isEqualTo(++last);
            }
        }
        assertThat(last).isPositive();
    }

    private static String text(JsonNode lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.asText()));
        return text.isEmpty() ? lines.asText() : text.toString();
    }
}
