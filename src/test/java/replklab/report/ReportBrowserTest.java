package replklab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.chart.Charts;
import replklab.cli.TestBrowser;
import replklab.stats.Effect;
import replklab.stats.RunRow;

/** The page in a real browser: what answers to a pointer and to the keyboard. Skipped where there is none, or no Playwright. */
class ReportBrowserTest {
    @TempDir
    Path folder;

    @Test
    void chartsAnswerAndTablesSort() throws Exception {
        Path chromium = TestBrowser.chromium();
        Path python = TestBrowser.playwright();
        Path script = Path.of(Objects.requireNonNull(ReportBrowserTest.class.getResource("report_page.py"))
                .toURI());
        Path page = page();
        List<String> command = List.of(
                python.toString(),
                script.toString(),
                chromium.toString(),
                page.toString(),
                TestBrowser.PLACE.toString());
        JsonNode seen = new ObjectMapper().readTree(run(command));
        assertThat(seen.path("errors")).as("what the console says").isEmpty();
        assertThat(seen.path("asked")).as("addresses that the page asks for").isEmpty();
        assertThat(seen.path("pictures").asInt())
                .as("pictures in whose place a chart is")
                .isZero();
        assertThat(seen.path("pointed").asText())
                .matches("with shortcut, kernel 3, epoch 10: [\\d.]+ %, 95 % interval .*; seeds 1: .*");
        assertThat(seen.path("moved").asText()).startsWith("with shortcut, kernel 13, epoch 2: ");
        assertThat(seen.path("hidden").asText()).isEqualTo("hidden");
        assertThat(seen.path("again").asText()).isEqualTo("visible");
        assertThat(seen.path("sentence").asText()).startsWith("Without shortcuts, kernel 13 loses ");
        assertThat(seen.path("tip").asText()).matches("Shirt recognised: \\d+ of 50");
        assertThat(seen.path("sorted").asBoolean()).isTrue();
        assertThat(seen.path("printed").asInt()).as("pictures on paper").isEqualTo(2);
    }

    private Path page() {
        List<RunRow> runs = Shortcuts.runs();
        List<Effect> effects = Shortcuts.effects(runs);
        ExperimentReport report = ExperimentReport.builder("shortcut")
                .title("Shortcuts", "")
                .metrics(List.of(Shortcuts.ACCURACY))
                .runs(runs)
                .effects(effects)
                .figure(new Figure(
                        "effects", Charts.effects("Effects", effects), Optional.of(Charts.effectData(effects))))
                .figure(new Figure(
                        "curves",
                        Charts.learningCurves("Learning curves", runs, Shortcuts.ACCURACY),
                        Charts.curveData(runs, Shortcuts.ACCURACY)))
                .gallery(Answered.gallery(Answered.by(runs)))
                .command("./lab run shortcut")
                .provenance(Shortcuts.provenance())
                .build();
        return new ReportWriter(folder).write(report).resolveSibling(ReportWriter.HTML);
    }

    /** Standard output of a command that has to go well. */
    private String run(List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        return Files.readString(out);
    }
}
