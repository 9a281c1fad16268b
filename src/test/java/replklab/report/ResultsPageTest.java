package replklab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;
import replklab.base.Digests;
import replklab.base.LabException;
import replklab.stats.Effect;

class ResultsPageTest {
    private static final Path COMMITTED = Path.of("results");

    @TempDir
    Path results;

    /** When this fails: {@code ./lab report}, and commit what it wrote. */
    @Test
    void whatIsCommittedIsUpToDate() throws IOException {
        for (var text : ResultsPage.texts(COMMITTED).entrySet()) {
            assertThat(COMMITTED.resolve(text.getKey()))
                    .as("./lab report writes it")
                    .hasContent(text.getValue());
        }
        String shown = Digests.of(Files.readString(COMMITTED.resolve(ResultsPage.SUMMARY)));
        assertThat(text(COMMITTED.resolve(ResultsPage.CHART), ResultsPage.SUMMARY_HASH))
                .as("the chart shows the summary that lies beside it")
                .isEqualTo(shown);
    }

    @Test
    void everyEffectOfAReportIsOnThePage() throws IOException {
        new ReportWriter(results).write(Shortcuts.report("full"));
        String page = Files.readString(ResultsPage.write(results));
        for (Effect effect : Shortcuts.report("full").effects()) {
            assertThat(page).contains("| " + effect.name());
        }
        assertThat(page)
                .contains("**1** supported, **0** contradicted, **0** not resolved, of 1 put to a test")
                .containsPattern(
                        "\\| Identity shortcuts are vital \\(guideline 2\\) +\\| kernel 13 without shortcut: less than −0.5 points \\|")
                .contains("full/shortcut/report.md", "full/shortcut/effects.png", "../notebooks/02-shortcut.ipynb")
                .contains("seeds 1 to 5, ")
                .contains("commit `" + Shortcuts.COMMIT + "`")
                .contains("`reparam`: not run yet; `./lab run reparam --profile full` does it.");
    }

    @Test
    void summaryHasThePromisedFields() throws IOException {
        new ReportWriter(results).write(Shortcuts.report("full"));
        ResultsPage.write(results);
        JsonNode summary =
                new ObjectMapper().readTree(results.resolve(ResultsPage.SUMMARY).toFile());
        List<Effect> effects = Shortcuts.report("full").effects();
        assertThat(summary).hasSameSizeAs(effects);
        for (int i = 0; i < effects.size(); i++) {
            JsonNode entry = summary.get(i);
            assertThat(entry.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "experiment",
                            "hypothesis",
                            "claim",
                            "role",
                            "test",
                            "margin",
                            "paper",
                            "ours",
                            "low",
                            "high",
                            "p_adjusted",
                            "n",
                            "verdict");
            assertThat(entry.get("hypothesis").asText())
                    .isEqualTo(effects.get(i).name());
            assertThat(entry.get("verdict").isNull()).isEqualTo(i > 0);
            assertThat(entry.get("p_adjusted").isNull()).isEqualTo(i > 0);
            assertThat(entry.get("ours").isNumber())
                    .isEqualTo(effects.get(i).ours().isPresent());
            if (entry.get("ours").isNumber()) {
                assertThat(entry.get("ours").asDouble())
                        .isEqualTo(effects.get(i).mean());
                assertThat(entry.get("high").asDouble())
                        .isEqualTo(effects.get(i).high());
            }
        }
    }

    @Test
    void aShorterRunHearsWhatBecameOfTheClaimInFull() {
        assertThat(ResultsPage.inFull(results, "shortcut")).isEmpty();
        new ReportWriter(results).write(Shortcuts.report("full"));
        assertThat(ResultsPage.inFull(results, "shortcut").orElseThrow())
                .startsWith("In full (seeds 1 to 5, ")
                .contains(" points, and ", " with all claims together; supported (p ")
                .endsWith("), not confirmed.");
        assertThat(ResultsPage.inFull(results, "reparam")).isEmpty();
    }

    @Test
    void withoutResultsEverythingWaits() throws IOException {
        String page = Files.readString(ResultsPage.write(results));
        for (Guideline guideline : Guideline.all()) {
            assertThat(page).contains("## " + guideline.name() + ": " + guideline.claim());
            guideline
                    .studies()
                    .forEach(study -> assertThat(page).contains("`" + study.experiment() + "`: not run yet"));
        }
        assertThat(new ObjectMapper()
                        .readTree(results.resolve(ResultsPage.SUMMARY).toFile()))
                .isEmpty();
    }

    /** It has its place on the page, and is no effect of the paper that came out or did not. */
    @Test
    void anExperimentWithoutThePaperIsToldApart() throws IOException {
        new ReportWriter(results).write(Shortcuts.report("full"));
        String before = Files.readString(ResultsPage.write(results));
        String summary = Files.readString(results.resolve(ResultsPage.SUMMARY));
        byte[] chart = Files.readAllBytes(results.resolve(ResultsPage.CHART));
        new ReportWriter(results).write(Shortcuts.ownReport());
        String page = Files.readString(ResultsPage.write(results));
        String own = page.substring(page.indexOf("## Also: Mine"), page.indexOf("## How to read it"));
        assertThat(own).contains("| kernel 13 against itself").doesNotContain("paper");
        assertThat(page.replace(own, "")).isEqualTo(before);
        assertThat(results.resolve(ResultsPage.SUMMARY)).hasContent(summary);
        assertThat(Files.readAllBytes(results.resolve(ResultsPage.CHART))).isEqualTo(chart);
        assertThat(Files.readString(results.resolve("full/mine/report.md")).toLowerCase(Locale.ROOT))
                .doesNotContain("paper");
    }

    @Test
    void otherProfilesAreNotPublished() throws IOException {
        new ReportWriter(results).write(Shortcuts.report("quick"));
        assertThat(Files.readString(ResultsPage.write(results))).contains("`shortcut`: not run yet");
    }

    @Test
    void brokenResultsAreNamed() throws IOException {
        new ReportWriter(results).write(Shortcuts.report("full"));
        Path file = results.resolve("full").resolve("shortcut").resolve("effects.csv");
        Files.writeString(file, Files.readString(file).replace("primary", "perhaps"));
        assertThatThrownBy(() -> ResultsPage.write(results))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("shortcut")
                .hasMessageContaining("'perhaps' is none of primary, secondary");
    }

    /** Results that a version without hypotheses left have sizes and intervals, and no verdict. */
    @Test
    void olderResultsAreReadAsSecondary() throws IOException {
        new ReportWriter(results).write(Shortcuts.report("full"));
        Path file = results.resolve("full").resolve("shortcut").resolve("effects.csv");
        Files.writeString(file, Files.readString(file).replaceFirst(",role,", ",part,"));
        assertThat(Files.readString(ResultsPage.write(results)))
                .contains("of 0 put to a test")
                .contains("| kernel 13 without shortcut");
    }

    private static String text(Path png, String keyword) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(Files.readAllBytes(png))));
        var root = reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
        NodeList entries = ((org.w3c.dom.Element) root).getElementsByTagName("tEXtEntry");
        for (int i = 0; i < entries.getLength(); i++) {
            var attributes = entries.item(i).getAttributes();
            if (attributes.getNamedItem("keyword").getNodeValue().equals(keyword)) {
                return attributes.getNamedItem("value").getNodeValue();
            }
        }
        return "";
    }
}
