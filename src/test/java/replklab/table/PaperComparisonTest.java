package replklab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;
import replklab.report.Shortcuts;
import replklab.stats.PaperValue;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.stats.Standing;
import tech.tablesaw.api.Table;

class PaperComparisonTest {
    private static final String COLUMN = "imagenet_top1";

    @Test
    void joinsWithMissingRowsOnBothSides() {
        List<RunRow> runs = new ArrayList<>();
        runs.add(run(Shortcuts.variant("with", "3"), 1, 80));
        runs.add(run(Shortcuts.variant("with", "3"), 2, 82));
        runs.add(run(Shortcuts.variant("with", "31"), 1, 60));
        runs.add(run(Shortcuts.variant("without", "3"), 1, 70));
        PaperComparison comparison = PaperComparison.of(Shortcuts.TABLE, COLUMN, runs, Shortcuts.ACCURACY);
        assertThat(Markdown.of(comparison.text())).isEqualTo("""
                        | shortcut | kernel | paper: ImageNet top-1 (%) | ours: test accuracy (%) | seeds | ours - paper |
                        | -------- | -----: | ------------------------: | ----------------------: | ----: | -----------: |
                        | with     |      3 |                     71.76 |           81.00 ± 12.71 |     2 |         9.24 |
                        | with     |     13 |                     72.53 |                       – |     0 |            – |
                        | without  |      3 |                     68.67 |                   70.00 |     1 |         1.33 |
                        | without  |     13 |                     53.98 |                       – |     0 |            – |
                        | with     |     31 |                         – |                   60.00 |     1 |            – |
                        """);
        Table table = comparison.table();
        assertThat(table.columnNames())
                .containsExactly(
                        "shortcut",
                        "kernel",
                        "paper_imagenet_top1",
                        "standing",
                        "accuracy",
                        "accuracy_half_width",
                        "seeds",
                        "difference");
        assertThat(table.doubleColumn("accuracy").isMissing(1)).isTrue();
        assertThat(table.doubleColumn("paper_imagenet_top1").isMissing(4)).isTrue();
        assertThat(table.stringColumn("standing").get(0)).isEqualTo("stated");
    }

    @Test
    void factorsThatThePaperDoesNotHaveNeedAMapping() {
        Map<String, String> none = parallel("13", "none");
        Map<String, String> three = parallel("13", "3x3");
        Map<String, String> five = parallel("13", "5x5");
        List<RunRow> runs = List.of(run(none, 1, 70), run(three, 1, 75), run(five, 1, 77));
        PaperTable paper = PaperTable.load("table03-reparam");
        assertThatThrownBy(() -> PaperComparison.of(paper, COLUMN, runs, Shortcuts.ACCURACY))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("unknown key of table03-reparam 'parallel'");
        PaperComparison comparison = PaperComparison.of(
                paper, COLUMN, runs, Shortcuts.ACCURACY, variant -> switch (variant.get("parallel")) {
                    case "none" -> Map.of("kernel", variant.get("kernel"), "reparam_3x3", "no");
                    case "3x3" -> Map.of("kernel", variant.get("kernel"), "reparam_3x3", "yes");
                    default -> Map.of();
                });
        assertThat(comparison.rows()).hasSize(6);
        assertThat(comparison.rows().get(3).variant()).isEqualTo(none);
        assertThat(comparison.rows().get(3).paper()).contains(new PaperValue(72.53, Standing.STATED));
        assertThat(comparison.rows().get(4).variant()).isEqualTo(three);
        assertThat(comparison.rows().get(4).paper()).contains(new PaperValue(73.24, Standing.STATED));
        assertThat(comparison.rows().get(5).variant()).isEqualTo(five);
        assertThat(comparison.rows().get(5).paper()).isEmpty();
    }

    @Test
    void marksComeWithTheirNotes() {
        PaperTable paper = PaperTable.load("table11-dilated");
        PaperComparison comparison = PaperComparison.of(paper, COLUMN, List.of(), Shortcuts.ACCURACY);
        assertThat(comparison.text().stringColumn(2).asList()).contains("72.67", "57.23†");
        assertThat(comparison.notes()).containsExactly("† recollected: could not be confirmed from a text at hand");
    }

    private static Map<String, String> parallel(String kernel, String parallel) {
        Map<String, String> variant = new LinkedHashMap<>();
        variant.put("kernel", kernel);
        variant.put("parallel", parallel);
        return variant;
    }

    private static RunRow run(Map<String, String> variant, long seed, double accuracy) {
        return new RunRow(variant, seed, RunEnd.FINISHED, Map.of("accuracy", accuracy), List.of(), 1, "", "");
    }
}
