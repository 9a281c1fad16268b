package replklab.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.stats.CurvePoint;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import tech.tablesaw.api.Table;

class ClassScoresTest {
    private static RunRow run(String kernel, long seed, RunEnd end, double bag) {
        return new RunRow(
                Map.of("kernel", kernel),
                seed,
                end,
                Map.of(),
                List.of(
                        new CurvePoint(1, Map.of("iou_bag", 1.0)),
                        new CurvePoint(2, Map.of("iou_bag", bag, "iou_ankle_boot", 7.0, "loss", 1.0))),
                1,
                "",
                "");
    }

    @Test
    void theLastEpochsMeansByClassAndVariant() {
        Table table = ClassScores.of(
                        List.of(
                                run("3", 1, RunEnd.FINISHED, 10),
                                run("3", 2, RunEnd.FINISHED, 12),
                                run("13", 1, RunEnd.FINISHED, 20),
                                run("13", 2, RunEnd.DIVERGED, 99)),
                        "iou_")
                .orElseThrow();
        assertThat(table.columnNames()).containsExactly("class", "kernel 3", "kernel 13");
        assertThat(table.stringColumn("class").asList()).containsExactly("bag", "ankle boot");
        assertThat(table.stringColumn("kernel 3").get(0)).isEqualTo("11.0 (0.0 to 23.7)");
        assertThat(table.stringColumn("kernel 13").asList()).containsExactly("20.0", "7.0");
    }

    @Test
    void nothingWhereNoPixelsWereLabelled() {
        assertThat(ClassScores.of(List.of(run("3", 1, RunEnd.FINISHED, 1)), "other_"))
                .isEmpty();
        assertThat(ClassScores.of(List.of(), "iou_")).isEmpty();
    }
}
