package replklab.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.table.AreaTable;
import replklab.table.Csv;
import tech.tablesaw.api.Table;

/** The paper's tables beside ours: measured where results are, plainly not run where they are not. */
class PaperPageTest {
    @TempDir
    private Path root;

    private Path results;

    @BeforeEach
    void fullResults() {
        results = root.resolve("full");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "table01-dw-latency",
                "table02-shortcut",
                "table03-reparam",
                "table04-7x7-maps",
                "table10-erf",
                "table11-dilated"
            })
    void whatWasNotRunSaysSoAndHowToRunIt(String name) {
        PaperPage page = PaperPage.of(name, results);
        assertThat(page.table().stringColumn("ours").asList()).isNotEmpty().containsOnly("not run here");
        assertThat(page.notes()).anyMatch(note -> note.startsWith("not run here: "));
    }

    @Test
    void whatWasMeasuredStandsBesideThePaper() throws IOException {
        Path folder = Files.createDirectories(results.resolve("shortcut"));
        Files.writeString(folder.resolve("paper-table02-shortcut-imagenet-top1.csv"), """
                shortcut,kernel,paper_imagenet_top1,standing,accuracy,accuracy_half_width,seeds,difference,commit,config
                with,3,71.76,stated,81.04,0.8936,5,9.28,246b,9048
                without,3,68.67,stated,75.1,1.8748,5,6.43,246b,9048
                """);
        PaperPage page = PaperPage.of("table02-shortcut", results);
        assertThat(page.table().columnNames())
                .containsExactly("shortcut", "kernel", "paper, ImageNet top-1 (%)", "ours, accuracy", "seeds");
        assertThat(page.table().stringColumn("ours, accuracy").asList())
                .containsExactly("81.04 ± 0.89", "75.10 ± 1.87");
        assertThat(page.notes()).anyMatch(note -> note.contains("shortcut: mean and half of the 95 % interval"));
    }

    /** Those of the profile full come first; without them, quick's. */
    @Test
    void areasStandBelowThePapers() throws IOException {
        List<AreaTable.Row> rows = List.of(
                new AreaTable.Row("small, 3-3-3-3", "random", "64x64, 2 images", List.of(0.01, 0.02, 0.0625, 0.5)));
        keep("quick", rows);
        PaperPage page = PaperPage.of("table10-erf", results);
        Table table = page.table();
        assertThat(table.row(table.rowCount() - 1).getString("model")).isEqualTo("small, 3-3-3-3");
        assertThat(table.row(table.rowCount() - 1).getString("t = 50 %")).isEqualTo("6.3");
        assertThat(table.row(0).getString("model")).isEqualTo("ResNet-101");
        assertThat(page.notes()).anyMatch(note -> note.startsWith("ours is from notebook 08-erf in the profile quick"));
        keep("full", rows);
        assertThat(PaperPage.of("table10-erf", results).notes()).anyMatch(note -> note.contains("in the profile full"));
    }

    private void keep(String profile, List<AreaTable.Row> rows) throws IOException {
        Path folder = Files.createDirectories(root.resolve(profile).resolve("erf"));
        Files.writeString(folder.resolve("areas.csv"), Csv.of(AreaTable.kept(rows)));
    }

    @Test
    void costsAreCountedBesideThePapers() {
        PaperPage page = PaperPage.of("table04-7x7-maps", results);
        assertThat(page.table().stringColumn("parameters (M), counted").asList())
                .containsExactly("2.64", "2.67", "2.69", "2.75");
    }

    @Test
    void numbersThatAreNotStatedKeepTheirMark() {
        assertThat(PaperPage.of("table11-dilated", results).notes())
                .contains("† recollected: could not be confirmed from a text at hand");
    }
}
