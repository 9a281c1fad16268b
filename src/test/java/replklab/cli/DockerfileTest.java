package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Dockerfile read dry, for lack of an engine: what it copies is there, what it starts from is pinned, it ends without root. */
class DockerfileTest {
    /** @param word such as {@code COPY} */
    private record Instruction(String word, String rest) {
        /** Words that are no options. */
        private List<String> words() {
            return Stream.of(rest.split("\\s+"))
                    .filter(word -> !word.startsWith("--"))
                    .toList();
        }
    }

    private final List<Instruction> instructions = read(Path.of("Dockerfile"));

    private static List<Instruction> read(Path file) {
        try {
            String text =
                    Files.readString(file).replaceAll("(?m)^\\s*#.*\\n", "").replaceAll("\\\\\\n\\s*", "");
            return text.lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.split(" ", 2))
                    .map(words -> new Instruction(words[0], words[1]))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Instruction> all(String word) {
        return instructions.stream()
                .filter(instruction -> instruction.word().equals(word))
                .toList();
    }

    @Test
    void everyInstructionIsKnownAndEveryBasePinned() {
        assertThat(instructions)
                .extracting(Instruction::word)
                .isSubsetOf("FROM", "RUN", "WORKDIR", "COPY", "USER", "EXPOSE", "CMD")
                .startsWith("FROM");
        assertThat(all("FROM"))
                .hasSize(2)
                .allSatisfy(from -> assertThat(from.words().getFirst())
                        .matches("[a-z-]+:[0-9][^:]*")
                        .doesNotContain("latest"));
    }

    @Test
    void whatItCopiesIsThere() {
        List<String> stages = new ArrayList<>();
        for (Instruction instruction : instructions) {
            if (instruction.word().equals("FROM") && instruction.rest().contains(" AS ")) {
                stages.add(instruction.words().getLast());
            } else if (instruction.word().equals("COPY")) {
                if (instruction.rest().startsWith("--from=")) {
                    assertThat(instruction.rest().substring("--from=".length()).split(" ")[0])
                            .isIn(stages);
                } else {
                    List<String> sources = instruction.words();
                    assertThat(sources.subList(0, sources.size() - 1))
                            .isNotEmpty()
                            .allSatisfy(source -> assertThat(Path.of(source)).exists());
                }
            }
        }
    }

    @Test
    void runsWithoutRootAndStartsBash() throws Exception {
        assertThat(all("USER")).last().extracting(Instruction::rest).asString().matches("[1-9][0-9]*:[1-9][0-9]*");
        assertThat(all("EXPOSE")).singleElement().extracting(Instruction::rest).isEqualTo("8888 5000");
        for (Instruction run : all("RUN")) {
            assertThat(bashReads(run.rest())).as(run.rest()).isTrue();
        }
        JsonNode command = new ObjectMapper().readTree(all("CMD").getFirst().rest());
        assertThat(command.path(0).asText()).isEqualTo("bash");
        assertThat(command.path(1).asText()).isEqualTo("-c");
        assertThat(bashReads(command.path(2).asText())).isTrue();
    }

    private static boolean bashReads(String commands) throws IOException, InterruptedException {
        return new ProcessBuilder("bash", "-n", "-c", commands)
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
    }
}
