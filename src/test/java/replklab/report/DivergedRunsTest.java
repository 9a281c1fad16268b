package replklab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.chart.Charts;
import replklab.stats.ComparedRun;
import replklab.stats.Effect;
import replklab.stats.Metric;
import replklab.stats.Numbers;
import replklab.stats.RunComparison;
import replklab.stats.RunDifference;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.stats.Variants;
import replklab.stats.Verdict;
import replklab.table.Csv;
import replklab.table.Markdown;
import replklab.table.Tables;
import tech.tablesaw.api.Table;

/** Runs that diverged are kept, counted as a guess and told of, wherever a mean is. */
class DivergedRunsTest {
    private static final Metric PERCENT = new Metric("accuracy", "test accuracy", "%", 1);

    private static final double GUESS = 10;
    private static final String PLACE = "at step 7 in stages.0.norm";

    @TempDir
    Path results;

    /** The shortcut's runs, of which those of kernel 13 without it diverged with some seeds. */
    private static List<RunRow> runs(Map<String, Double> guess, long... seeds) {
        List<RunRow> runs = new ArrayList<>(Shortcuts.runs());
        for (long seed : seeds) {
            runs.replaceAll(run -> isOf(run, seed) ? diverged(run, guess) : run);
        }
        return runs;
    }

    private static boolean isOf(RunRow run, long seed) {
        return run.seed() == seed && run.variant().equals(Shortcuts.variant("without", "13"));
    }

    private static RunRow diverged(RunRow run, Map<String, Double> guess) {
        return new RunRow(
                run.variant(),
                run.seed(),
                RunEnd.DIVERGED,
                guess,
                run.curve().subList(0, 3),
                run.seconds(),
                run.runId(),
                run.commit(),
                PLACE);
    }

    private static List<RunRow> guessing(long... seeds) {
        return runs(Map.of("accuracy", GUESS), seeds);
    }

    @Test
    void aDivergedRunCountsAsAGuess() {
        List<RunRow> runs = guessing(2);
        Map<Long, Double> usual = Shortcuts.AT_13.bySeed(Shortcuts.runs());
        Map<Long, Double> bySeed = Shortcuts.AT_13.bySeed(runs);
        assertThat(bySeed).containsOnlyKeys(1L, 2L, 3L, 4L, 5L);
        double with = runs.stream()
                .filter(run -> run.seed() == 2 && run.variant().equals(Shortcuts.variant("with", "13")))
                .findFirst()
                .orElseThrow()
                .metrics()
                .get("accuracy");
        assertThat(bySeed.get(2L)).isCloseTo(GUESS - with, within(1e-12));
        assertThat(bySeed.get(1L)).isEqualTo(usual.get(1L));
    }

    @Test
    void anEffectSaysHowManyPairsHaveADivergedRun() {
        assertThat(Shortcuts.effects(guessing(2)).getFirst().sentence())
                .contains("5 seeds; 1 of 5 pairs has a diverged run, counted as a guess)");
        assertThat(Shortcuts.effects(guessing(2, 4)).getFirst().sentence())
                .contains("5 seeds; 2 of 5 pairs have a diverged run, counted as a guess)");
        assertThat(Shortcuts.effects(guessing(2)).get(1).sentence())
                .as("of other variants")
                .doesNotContain("diverged");
        assertThat(Shortcuts.effects(Shortcuts.runs()).getFirst().sentence()).doesNotContain("diverged");
    }

    @Test
    void whatAGuessHasNoValueOfIsLeftOutAndTold() {
        Effect effect = Shortcuts.effects(runs(Map.of("other", 1.0), 2)).getFirst();
        assertThat(effect.ours().orElseThrow().n()).isEqualTo(4);
        assertThat(effect.sentence())
                .contains("4 of 5 seeds; 1 with a diverged run is left out: a guess has no such value)");
        Effect none = Shortcuts.effects(runs(Map.of(), 1, 2, 3, 4, 5)).getFirst();
        assertThat(none.sentence())
                .startsWith("\"kernel 13 without shortcut\" needs at least 2 seeds")
                .contains("(5 planned; 5 with a diverged run are left out: a guess has no such value)");
    }

    @Test
    void whereAllRunsDivergedTheEffectIsThatOfGuessing() {
        List<RunRow> all = Shortcuts.runs().stream()
                .map(run -> diverged(run, Map.of("accuracy", GUESS)))
                .toList();
        Effect effect = Shortcuts.effects(all).getFirst();
        assertThat(effect.mean()).isZero();
        assertThat(effect.alone()).as("it is above the margin of -1").isEqualTo(Verdict.CONTRADICTED);
        assertThat(effect.sentence()).contains("5 of 5 pairs have a diverged run");
    }

    @Test
    void tablesListThemWithStepAndLayer() {
        Table runs = Tables.runs(guessing(2));
        int row = runs.stringColumn("status").firstIndexOf("diverged");
        assertThat(runs.stringColumn("diverged").get(row)).isEqualTo(PLACE);
        assertThat(runs.doubleColumn("accuracy").get(row)).isEqualTo(GUESS);
        assertThat(runs.doubleColumn("train_loss").isMissing(row))
                .as("a guess has no loss")
                .isTrue();
        assertThat(runs.stringColumn("diverged")
                        .where(runs.stringColumn("status").isEqualTo("finished"))
                        .unique())
                .containsExactly("");
        assertThat(Tables.runs(Shortcuts.runs()).columnNames()).doesNotContain("diverged");

        Table summary = Tables.summary(guessing(2));
        Table accuracy = summary.where(summary.stringColumn("metric").isEqualTo("accuracy"));
        assertThat(accuracy.intColumn("diverged").sum()).isEqualTo(1);
        assertThat(accuracy.intColumn("seeds").sum()).isEqualTo(20);
        Table loss = summary.where(summary.stringColumn("metric").isEqualTo("train_loss"));
        assertThat(loss.intColumn("left_out").sum()).isEqualTo(1);
        assertThat(loss.intColumn("seeds").sum()).isEqualTo(19);

        Table effects = Tables.effects("shortcut", Shortcuts.effects(guessing(2)));
        assertThat(effects.intColumn("diverged").asList()).containsExactly(1, 0, 1);
        assertThat(Tables.effectsText(Shortcuts.effects(guessing(2)))
                        .stringColumn("seeds")
                        .asList())
                .containsExactly("5 of 5, 1 diverged", "5 of 5", "5 of 5, 1 diverged");
    }

    @Test
    void meansSayWhatTheyHold() {
        Table variants = Tables.variants(guessing(2), List.of(Shortcuts.ACCURACY, Shortcuts.LOSS));
        assertThat(variants.stringColumn(Shortcuts.ACCURACY.title()).get(3)).endsWith(" (1 diverged)");
        assertThat(variants.stringColumn(Shortcuts.LOSS.title()).get(3)).endsWith(" (1 left out)");
        assertThat(variants.stringColumn(Shortcuts.ACCURACY.title()).get(2)).doesNotContain("(");
        assertThat(variants.stringColumn("seeds finished").get(3)).isEqualTo("4 of 5, 1 diverged");
    }

    @Test
    void noNumberIsShownAsSuchAndToldByMeans() {
        List<RunRow> runs = new ArrayList<>(Shortcuts.runs());
        RunRow first = runs.getFirst();
        runs.set(0, with(first, Double.NaN));
        runs.set(1, with(runs.get(1), Double.POSITIVE_INFINITY));
        Table table = Tables.runs(runs);
        assertThat(Csv.of(table).lines().skip(1).limit(2))
                .satisfiesExactly(
                        line -> assertThat(line).contains("finished,NaN,"),
                        line -> assertThat(line).contains("finished,Infinity,"));
        assertThat(Markdown.of(table, Tables.decimals(List.of(Shortcuts.ACCURACY))))
                .contains(
                        " NaN |",
                        " Infinity |",
                        " " + Numbers.fixed(runs.get(2).metrics().get("accuracy"), 2) + " |");
        assertThat(Variants.summary(runs.subList(0, 5), "accuracy").text(PERCENT))
                .endsWith(" (2 left out)");
    }

    private static RunRow with(RunRow run, double accuracy) {
        return new RunRow(
                run.variant(),
                run.seed(),
                run.status(),
                Map.of("accuracy", accuracy),
                run.curve(),
                run.seconds(),
                run.runId(),
                run.commit());
    }

    @Test
    void thePageAndTheTerminalNameThem() throws IOException {
        ExperimentReport report = report(guessing(2));
        String page = Files.readString(new ReportWriter(results).write(report));
        assertThat(page)
                .contains("without shortcut, kernel 13, seed 2 diverged at step 7 in stages.0.norm.")
                .contains("count it with the scores of a guess")
                .contains("1 of 5 pairs has a diverged run, counted as a guess");
        assertThat(ReportWriter.terminal(report, 200))
                .contains("without shortcut, kernel 13, seed 2 diverged at step 7 in stages.0.norm.");
        assertThat(Files.readString(new ReportWriter(results).write(report(Shortcuts.runs()))))
                .doesNotContain("a guess", "left out");
    }

    private static ExperimentReport report(List<RunRow> runs) {
        return ExperimentReport.builder("shortcut")
                .title("Shortcuts are vital for large kernels", "Does accuracy fall?")
                .metrics(List.of(Shortcuts.ACCURACY, Shortcuts.LOSS))
                .runs(runs)
                .effects(Shortcuts.effects(runs))
                .figure("effects", Charts.effects("What shortcuts are worth", Shortcuts.effects(runs)))
                .figure("curves", Charts.learningCurves("Learning curves", runs, Shortcuts.ACCURACY))
                .figure("factor", Charts.byFactor("By kernel", runs, Shortcuts.ACCURACY, "kernel"))
                .scaleNote("Smaller than the paper.")
                .command("./lab run shortcut")
                .provenance(Shortcuts.provenance())
                .build();
    }

    @Test
    void chartsSayThatTheyHoldThem() {
        ExperimentReport report = report(guessing(2));
        assertThat(report.figure("effects").subtitle()).contains("a diverged run counts as a guess");
        assertThat(report.figure("curves").subtitle()).contains("1 diverged run ends where it did");
        assertThat(report.figure("factor").subtitle()).contains("A diverged run counts as a guess.");
        List<RunRow> atOnce = Shortcuts.runs(0).stream()
                .map(run -> new RunRow(run.variant(), 1, RunEnd.DIVERGED, Map.of(), List.of(), 1, "", "", PLACE))
                .toList();
        assertThat(Charts.hasCurve(atOnce, Shortcuts.ACCURACY)).isFalse();
        assertThat(Charts.hasCurve(guessing(2), Shortcuts.ACCURACY)).isTrue();
    }

    @Test
    void aRowIsStoredWithItsDivergence() throws IOException {
        RunRow row = guessing(2).stream()
                .filter(run -> run.status() == RunEnd.DIVERGED)
                .findFirst()
                .orElseThrow();
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readValue(json.writeValueAsString(row), RunRow.class)).isEqualTo(row);
        assertThat(row.hasResult()).isTrue();
        assertThat(row.ending()).isEqualTo("diverged " + PLACE);
        assertThat(Shortcuts.runs().getFirst().ending()).isEqualTo("finished");
    }

    @Test
    void comparedRunsThatDivergedCountAndAreTold() {
        List<ComparedRun> compared = guessing(2).stream()
                .map(run -> new ComparedRun(
                        "shortcut",
                        "full",
                        "",
                        "",
                        run.variant(),
                        run.seed(),
                        run.status() == RunEnd.DIVERGED
                                ? ComparedRun.DIVERGED
                                : run.status().name(),
                        run.metrics(),
                        Instant.EPOCH,
                        run.runId()))
                .toList();
        RunComparison comparison = new RunComparison(compared);
        assertThat(comparison
                        .groups("accuracy")
                        .get(Shortcuts.variant("without", "13"))
                        .text(PERCENT))
                .endsWith(" (1 diverged)");
        assertThat(comparison.differences("accuracy", Map.of("shortcut", "with"), Map.of("shortcut", "without")))
                .extracting(RunDifference::n)
                .containsExactlyInAnyOrder("5 pairs", "5 pairs, 1 diverged");
    }
}
