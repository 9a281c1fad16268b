package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.report.Shortcuts;
import replklab.table.PaperTable;

class ContrastTest {
    private static final List<RunRow> RUNS = List.of(
            run("with", "13", 1, 72, RunEnd.FINISHED),
            run("without", "13", 1, 68, RunEnd.FINISHED),
            run("with", "3", 1, 80, RunEnd.FINISHED),
            run("without", "3", 1, 79, RunEnd.FINISHED),
            run("with", "13", 2, 73, RunEnd.FINISHED),
            run("without", "13", 2, 70, RunEnd.FINISHED),
            run("with", "3", 2, 81, RunEnd.FINISHED),
            run("without", "3", 2, 79.5, RunEnd.FINISHED));

    @Test
    void pairsBySeedWhateverTheOrder() {
        assertThat(Shortcuts.AT_13.bySeed(RUNS)).containsExactly(Map.entry(1L, -4.0), Map.entry(2L, -3.0));
        List<RunRow> reversed = new ArrayList<>(RUNS);
        Collections.reverse(reversed);
        assertThat(Shortcuts.AT_13.bySeed(reversed)).isEqualTo(Shortcuts.AT_13.bySeed(RUNS));
    }

    @Test
    void anInteractionIsTheDifferenceOfTwoContrasts() {
        Contrast interaction = Shortcuts.AT_13.minus(Shortcuts.AT_3);
        assertThat(interaction.bySeed(RUNS)).containsExactly(Map.entry(1L, -3.0), Map.entry(2L, -1.5));
        assertThat(interaction.measure(RUNS))
                .contains(Shortcuts.AT_13
                        .measure(RUNS)
                        .orElseThrow()
                        .minus(Shortcuts.AT_3.measure(RUNS).orElseThrow()));
    }

    /** As many of 200 images right as the accuracy says. */
    private static Optional<double[]> right(RunRow run) {
        double[] scores = new double[200];
        Arrays.fill(scores, 0, (int) (2 * run.metrics().get("accuracy")), 100);
        return Optional.of(scores);
    }

    @Test
    void byImageItIsTheSameContrast() {
        Contrast interaction = Shortcuts.AT_13.minus(Shortcuts.AT_3);
        double[][] scores = interaction.byImage(RUNS, (run, _) -> right(run)).orElseThrow();
        assertThat(scores).hasDimensions(2, 200);
        assertThat(DoubleStream.of(scores[0]).average().orElseThrow()).isCloseTo(-3, within(1e-12));
        assertThat(DoubleStream.of(scores[1]).average().orElseThrow()).isCloseTo(-1.5, within(1e-12));
    }

    @Test
    void whatIsNotKnownByImageHasNoContrastByImage() {
        assertThat(Shortcuts.AT_13.byImage(RUNS, (run, _) -> run.seed() == 2 ? Optional.empty() : right(run)))
                .as("a run kept nothing")
                .isEmpty();
        assertThat(Shortcuts.AT_13.byImage(RUNS, (_, _) -> Optional.of(new double[200])))
                .as("these are not the scores whose mean the metric is")
                .isEmpty();
        assertThat(Shortcuts.AT_13.byImage(
                        RUNS,
                        (run, _) -> Optional.of(new double[] {run.metrics().get("accuracy")})))
                .as("one image is as good as many")
                .isPresent();
        assertThat(Contrast.ratio("accuracy", Shortcuts.variant("with", "13"), Shortcuts.variant("with", "3"))
                        .byImage(RUNS, (run, _) -> right(run)))
                .as("a ratio is no mean over images")
                .isEmpty();
    }

    @Test
    void aSeedThatIsNotCompleteIsLeftOutAndCounted() {
        List<RunRow> runs = new ArrayList<>(RUNS);
        runs.add(run("with", "13", 3, 74, RunEnd.FINISHED));
        runs.add(run("without", "13", 3, 60, RunEnd.FAILED));
        runs.add(run("with", "13", 4, 74, RunEnd.FINISHED));
        runs.add(run("without", "13", 4, Double.NaN, RunEnd.FINISHED));
        runs.add(run("with", "31", 5, 74, RunEnd.FINISHED));
        assertThat(Shortcuts.AT_13.bySeed(runs)).containsOnlyKeys(1L, 2L);
        assertThat(Shortcuts.AT_13.planned(runs)).isEqualTo(4);
        assertThat(Shortcuts.AT_13.measure(runs.subList(0, 4))).isEmpty();
    }

    @Test
    void repeatedRunsAndUnknownMetricsAreRefused() {
        List<RunRow> runs = new ArrayList<>(RUNS);
        runs.add(RUNS.getFirst());
        assertThatThrownBy(() -> Shortcuts.AT_13.measure(runs))
                .isInstanceOf(LabException.class)
                .hasMessage("2 finished runs of seed 1 answer to 'with shortcut, kernel 13':"
                        + " name more factors, or drop repeated runs");
        Contrast other =
                Contrast.difference("acuracy", Shortcuts.variant("with", "3"), Shortcuts.variant("with", "13"));
        assertThatThrownBy(() -> other.measure(RUNS))
                .isInstanceOf(UsageException.class)
                .hasMessage("unknown metric 'acuracy'; did you mean accuracy? (known: accuracy)");
    }

    @Test
    void thePapersEffectComesFromItsTable() {
        assertThat(Shortcuts.TABLE.contrast(Shortcuts.AT_13, Shortcuts.COLUMNS))
                .isEqualTo(new PaperValue(-18.55, Standing.STATED));
        assertThat(Shortcuts.TABLE
                        .contrast(Shortcuts.AT_13.minus(Shortcuts.AT_3), Shortcuts.COLUMNS)
                        .value())
                .isCloseTo(-15.46, within(1e-9));
        Contrast dilated = Contrast.difference(
                "accuracy", Map.of("kernel", "3", "dilation", "6"), Map.of("kernel", "13", "dilation", "1"));
        assertThat(PaperTable.load("table11-dilated").contrast(dilated, Shortcuts.COLUMNS))
                .isEqualTo(new PaperValue(-21.32, Standing.RECOLLECTED));
    }

    @Test
    void ratiosAreMeasuredAsLogarithms() {
        Contrast ratio =
                Contrast.ratio("accuracy", Shortcuts.variant("without", "13"), Shortcuts.variant("with", "13"));
        assertThat(ratio.bySeed(RUNS).get(1L)).isCloseTo(Math.log(68.0 / 72), within(1e-12));
        assertThat(Shortcuts.TABLE.contrast(ratio, Shortcuts.COLUMNS).value())
                .isCloseTo(Math.log(53.98 / 72.53), within(1e-6));
        Contrast other = Contrast.ratio("accuracy", Shortcuts.variant("without", "3"), Shortcuts.variant("with", "3"));
        assertThat(ratio.minus(other).bySeed(RUNS).get(2L)).isCloseTo(Math.log(70.0 / 73 / (79.5 / 81)), within(1e-12));
        assertThatThrownBy(() -> ratio.minus(Shortcuts.AT_3))
                .hasMessage("a RATIO and a DIFFERENCE make no interaction");
    }

    private static RunRow run(String shortcut, String kernel, long seed, double accuracy, RunEnd status) {
        return new RunRow(
                Shortcuts.variant(shortcut, kernel), seed, status, Map.of("accuracy", accuracy), List.of(), 1, "", "");
    }
}
