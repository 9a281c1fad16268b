package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.LabHome;

class BenchCommandTest {
    @TempDir
    Path home;

    private final StringWriter err = new StringWriter();
    private String homeBefore;

    @BeforeEach
    void moveHome() {
        homeBefore = System.setProperty(LabHome.PROPERTY, home.toString());
    }

    @AfterEach
    void moveBack() {
        if (homeBefore == null) {
            System.clearProperty(LabHome.PROPERTY);
        } else {
            System.setProperty(LabHome.PROPERTY, homeBefore);
        }
    }

    private String printed(int code, String... arguments) {
        return CommandOutput.of(err, code, arguments);
    }

    /** A real measurement of our own, in processes of their own, without peers. */
    @Test
    void measuresOursAndPrintsOneDocument() throws Exception {
        String out = printed(
                0,
                "bench",
                "conv",
                "--quick",
                "--peers",
                "none",
                "--shape",
                "1x8x7x5",
                "--kernel",
                "3",
                "--rounds",
                "2",
                "--json");
        JsonNode json = new ObjectMapper()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(out);
        assertThat(json.fieldNames()).toIterable().contains("machine", "rows");
        assertThat(json.at("/machine/fma_gflops").asDouble()).isPositive();
        assertThat(json.at("/machine/command").asText())
                .isEqualTo("./lab bench conv --quick --peers none --shape 1x8x7x5 --kernel 3 --rounds 2");
        assertThat(json.get("rows"))
                .anyMatch(row -> row.get("implementation").asText().equals("ours"));
        for (JsonNode row : json.get("rows")) {
            assertThat(row.get("n").asInt()).isEqualTo(1);
            assertThat(row.get("height").asInt()).isEqualTo(7);
            assertThat(row.get("width").asInt()).isEqualTo(5);
            assertThat(row.get("milliseconds").asDouble()).isPositive();
            assertThat(row.get("pass").asText()).isIn("forward", "training");
        }
        assertThat(home.resolve("results/bench/trial/conv.md")).exists();
        assertThat(home.resolve("results/bench/conv.md"))
                .as("only the whole grid is kept")
                .doesNotExist();
        assertThat(home.resolve(".lab/bench/conv.jsonl")).as("finished").doesNotExist();
    }

    /** Files are made once, and read as an evaluation and a training do. */
    @Test
    void readsImages() throws Exception {
        String[] line = {
            "bench",
            "data",
            "--quick",
            "--peers",
            "none",
            "--size",
            "70x40",
            "--resolution",
            "32",
            "--rounds",
            "1",
            "--json"
        };
        JsonNode rows = new ObjectMapper().readTree(printed(0, line)).get("rows");
        assertThat(rows).hasSize(2);
        for (JsonNode row : rows) {
            assertThat(row.get("format").asText()).isEqualTo("jpeg");
            assertThat(row.get("images_per_second").asDouble())
                    .isEqualTo(256_000 / row.get("milliseconds").asDouble());
        }
        Path images = home.resolve(".lab/bench/images/jpeg-70x40");
        assertThat(images.resolve("val/images")).isDirectoryContaining("glob:**255.jpeg");
        assertThat(images.resolve("train/images/003.jpeg"))
                .hasSameBinaryContentAs(images.resolve("val/images/003.jpeg"));
        assertThat(home.resolve("results/bench/trial/data.md")).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bench | There are conv, model and data",
                "bench cnov | ./lab help bench",
                "bench conv --shape 4x64x56 | NxCxHxW",
                "bench conv --kernel 4 | kernel size is 4",
                "bench conv --pass backward | unknown pass 'backward'",
                "bench conv --peers tourch | did you mean torch",
                "bench conv --peers none,torch | none stands alone",
                "bench conv --implementations our | did you mean ours",
                "bench conv --rounds 0 --peers none | rounds is 0",
                "bench model --model replknet-31x | did you mean replknet-31b",
                "bench model --batch 0 | batch is 0",
                "bench model --peers nd4j | unknown peer 'nd4j'",
                "bench model --resolution 15 | resolution is 15",
                "bench model --experiment shortcut --resolution 28 | leave --model and --resolution out",
                "bench data --format webp | unknown format 'webp'",
                "bench data --size 500 | WxH",
                "bench data --size 500x1 | height is 1",
                "bench data --peers torch | did you mean torchvision",
            })
    void wrongUseIsExplained(String line, String message) {
        assertThat(printed(2, line.split(" "))).isEmpty();
        assertThat(err.toString()).contains(message);
    }
}
