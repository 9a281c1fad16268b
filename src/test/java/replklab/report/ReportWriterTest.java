package replklab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;
import replklab.base.LabException;
import replklab.base.Provenance;
import replklab.chart.Charts;
import replklab.stats.Effect;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.table.PaperComparison;
import tech.tablesaw.api.Table;

class ReportWriterTest {
    @TempDir
    Path results;

    @Test
    void leavesEveryFileAndNothingElse() throws IOException {
        Path page = new ReportWriter(results).write(report());
        assertThat(page).isEqualTo(results.resolve("quick/shortcut/report.md"));
        try (Stream<Path> files = Files.list(page.getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "report.md",
                            "report.html",
                            "runs.csv",
                            "summary.csv",
                            "effects.csv",
                            "curves.csv",
                            "paper-table02-shortcut-imagenet-top1.csv",
                            "effects.png",
                            "by-kernel.png",
                            "provenance.json");
        }
    }

    @Test
    void thePageSaysFirstWhatWasFound() throws IOException {
        String page = Files.readString(new ReportWriter(results).write(report()));
        assertThat(page)
                .startsWith("# Shortcuts are vital for large kernels\n\n*Does accuracy fall?*\n\n> **Claim** Identity");
        int from = 0;
        for (String part : List.of(
                "> **Claim** Identity shortcuts are vital (guideline 2)",
                "> **Test** kernel 13 without shortcut is less than −0.5 points. Half a point or less",
                "> **By itself** supported (p",
                "- Without shortcuts, kernel 13 loses",
                "; the paper lost 18.55 points on ImageNet.",
                "![What shortcuts are worth](effects.png)",
                "## Effects",
                "## The paper beside ours",
                "| without  |     13 |                     53.98 |",
                "## Variants",
                "## Runs",
                "| failed   |",
                "## Scale",
                "Fashion-MNIST",
                "## Make it again",
                "./lab run shortcut --profile quick",
                "## Where it comes from",
                "- commit `0123456789abcdef0123456789abcdef01234567` with uncommitted changes")) {
            assertThat(page.indexOf(part, from)).as(part).isGreaterThanOrEqualTo(from);
            from = page.indexOf(part, from);
        }
        assertThat(page).endsWith("took 5 min 00 s\n").doesNotContain("\r");
    }

    @Test
    void everyCsvIsStampedAndReadable() throws IOException {
        Path folder = new ReportWriter(results).write(report()).getParent();
        Provenance provenance = Shortcuts.provenance();
        for (String name : List.of("runs", "summary", "effects", "curves", "paper-table02-shortcut-imagenet-top1")) {
            Table table = Table.read().csv(folder.resolve(name + ".csv").toFile());
            assertThat(table.rowCount()).as(name).isPositive();
            assertThat(table.columnNames()).as(name).endsWith("commit", "config");
            assertThat(table.column("commit").getString(0))
                    .isEqualTo(name.equals("runs") ? Shortcuts.COMMIT : provenance.shortCommit());
            assertThat(table.column("config").getString(0)).isEqualTo(provenance.shortConfig());
        }
        Table effects = Table.read().csv(folder.resolve("effects.csv").toFile());
        assertThat(effects.stringColumn("role").asList()).containsExactly("primary", "secondary", "secondary");
        assertThat(effects.stringColumn("test").get(0)).isEqualTo("less");
        assertThat(effects.stringColumn("table").get(0)).isEqualTo("table 2");
        assertThat(effects.doubleColumn("paper").get(0)).isEqualTo(-18.55);
        Table runs = Table.read().csv(folder.resolve("runs.csv").toFile());
        assertThat(runs.rowCount()).isEqualTo(21);
        assertThat(runs.doubleColumn("accuracy").isMissing(20)).isTrue();
        Table curves = Table.read().csv(folder.resolve("curves.csv").toFile());
        assertThat(curves.rowCount()).isEqualTo(20 * 10);
    }

    @Test
    void picturesCarryTheirProvenance() throws IOException {
        Path folder = new ReportWriter(results).write(report()).getParent();
        try (ImageInputStream in =
                ImageIO.createImageInputStream(folder.resolve("effects.png").toFile())) {
            ImageReader reader = ImageIO.getImageReaders(in).next();
            reader.setInput(in);
            IIOMetadataNode tree = (IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
            NodeList entries = tree.getElementsByTagName("tEXtEntry");
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < entries.getLength(); i++) {
                IIOMetadataNode entry = (IIOMetadataNode) entries.item(i);
                texts.add(entry.getAttribute("keyword") + "=" + entry.getAttribute("value"));
            }
            assertThat(texts)
                    .contains(
                            "commit=0123456789abcdef0123456789abcdef01234567",
                            "dirty=true",
                            "seeds=1 2 3 4 5",
                            "profile=quick",
                            "cpu=Some CPU @ 3 GHz");
            IIOMetadataNode size =
                    (IIOMetadataNode) tree.getElementsByTagName("pHYs").item(0);
            assertThat(size.getAttribute("pixelsPerUnitXAxis")).isEqualTo("7559");
            assertThat(reader.getWidth(0)).isEqualTo(1720);
        }
        Map<?, ?> json =
                new ObjectMapper().readValue(folder.resolve("provenance.json").toFile(), Map.class);
        assertThat(json).isEqualTo(report().provenance().asMap());
        assertThat(json.get("run_commits")).isEqualTo(Shortcuts.COMMIT + ":20 unknown:1");
    }

    @Test
    void writingAgainGivesTheSameBytes() throws IOException {
        Path first = new ReportWriter(results.resolve("a")).write(report()).getParent();
        Path second = new ReportWriter(results.resolve("b")).write(report()).getParent();
        new ReportWriter(results.resolve("b")).write(report());
        try (Stream<Path> files = Files.list(first)) {
            for (Path file : files.toList()) {
                assertThat(second.resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(results.resolve("quick"), "in the way");
        assertThatThrownBy(() -> new ReportWriter(results).write(report()))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("cannot make the folder " + file.resolve("shortcut"));
    }

    @Test
    void theTerminalShowsTablesAndSentencesWithinItsWidth() {
        String text = ReportWriter.terminal(report(), 72);
        assertThat(text)
                .startsWith("Shortcuts are vital for large kernels\n\nshortcut  kernel  test accuracy (%)")
                .contains("Tested: kernel 13 without shortcut is less than −0.5 points: supported")
                .contains("5 of 6");
        assertThat(text.lines()).allMatch(line -> line.length() <= 76, "fits");
    }

    @Test
    void aReportWithoutSeedsOrEffectsStillStands() throws IOException {
        ExperimentReport bare = ExperimentReport.builder("bare")
                .title("Bare", "")
                .scaleNote("none")
                .command("./lab run bare")
                .provenance(Shortcuts.provenance())
                .build();
        String page = Files.readString(new ReportWriter(results).write(bare));
        assertThat(page).startsWith("# Bare\n\n## Variants\n");
        assertThat(ReportWriter.terminal(bare, 80)).startsWith("Bare\n");
        assertThatThrownBy(() -> ExperimentReport.builder("../no name"))
                .hasMessageContaining("letters, digits, spaces and . _ -, not '../no name'");
    }

    private static ExperimentReport report() {
        List<RunRow> runs = new ArrayList<>(Shortcuts.runs());
        runs.add(new RunRow(
                Shortcuts.variant("without", "13"),
                6,
                RunEnd.FAILED,
                Map.of(),
                List.of(),
                3,
                "run6",
                Provenance.UNKNOWN));
        PaperComparison comparison = PaperComparison.of(Shortcuts.TABLE, "imagenet_top1", runs, Shortcuts.ACCURACY);
        List<Effect> effects = Shortcuts.effects(runs);
        return ExperimentReport.builder("shortcut")
                .title("Shortcuts are vital for large kernels", "Does accuracy fall?")
                .metrics(List.of(Shortcuts.ACCURACY, Shortcuts.LOSS))
                .runs(runs)
                .effects(effects)
                .comparison(comparison)
                .figure("effects", Charts.effects("What shortcuts are worth", effects))
                .figure("by-kernel", Charts.byFactor("Accuracy by kernel", comparison, "kernel"))
                .scaleNote("Fashion-MNIST at 28x28, not ImageNet at 224x224.")
                .command("./lab run shortcut --profile quick")
                .provenance(Shortcuts.provenance())
                .build();
    }
}
