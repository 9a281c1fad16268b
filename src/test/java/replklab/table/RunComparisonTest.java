package replklab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;
import replklab.chart.Charts;
import replklab.plot.Picture;
import replklab.stats.ComparedRun;
import replklab.stats.Holm;
import replklab.stats.Metric;
import replklab.stats.PairedDifference;
import replklab.stats.RunComparison;
import replklab.stats.RunDifference;
import replklab.stats.Summary;
import replklab.stats.Variants;
import replklab.stats.WelchDifference;
import tech.tablesaw.api.Table;

class RunComparisonTest {
    private static final Metric PERCENT = new Metric("accuracy", "test accuracy", "%", 1);

    private static final Metric ACCURACY = new Metric("accuracy", "test accuracy", "%", 1);

    private final List<ComparedRun> runs = new ArrayList<>();
    private int minute;

    private void run(
            String profile, String commit, String shortcut, int kernel, long seed, String status, double value) {
        run(profile, commit, "s", shortcut, kernel, seed, status, value);
    }

    private void run(
            String profile,
            String commit,
            String settings,
            String shortcut,
            int kernel,
            long seed,
            String status,
            double value) {
        Map<String, String> variant = new LinkedHashMap<>();
        variant.put("shortcut", shortcut);
        variant.put("kernel", Integer.toString(kernel));
        runs.add(new ComparedRun(
                "shortcut",
                profile,
                commit,
                settings,
                variant,
                seed,
                status,
                Map.of("accuracy", value),
                Instant.EPOCH.plusSeconds(60L * minute++),
                "id" + runs.size()));
    }

    private RunComparison fourVariants() {
        double[][] with = {{80, 82, 84}, {81, 82, 86}};
        double[][] without = {{74, 78, 79}, {70, 73, 79}};
        for (int k = 0; k < 2; k++) {
            for (int seed = 1; seed <= 3; seed++) {
                run("full", "aaa111", "with", k == 0 ? 3 : 13, seed, "FINISHED", with[k][seed - 1]);
                run("full", "aaa111", "without", k == 0 ? 3 : 13, seed, "FINISHED", without[k][seed - 1]);
            }
        }
        return new RunComparison(runs);
    }

    @Test
    void groupsComeInNaturalOrderWithStudentsInterval() {
        Map<Map<String, String>, Summary> groups = fourVariants().groups("accuracy");
        assertThat(groups.keySet().stream().map(Variants::label))
                .containsExactly(
                        "with shortcut, kernel 3",
                        "with shortcut, kernel 13",
                        "without shortcut, kernel 3",
                        "without shortcut, kernel 13");
        Summary first = groups.values().iterator().next();
        assertThat(first.values()).containsExactly(80.0, 82.0, 84.0);
        assertThat(first.halfWidth()).isCloseTo(4.302653 * 2 / Math.sqrt(3), within(1e-5));
    }

    @Test
    void aSeedCountsOnceInAGroupOfSeveralVariants() {
        Summary with = fourVariants().groups("accuracy", "shortcut").get(Map.of("shortcut", "with"));
        assertThat(with.values()).containsExactly(80.5, 82.0, 85.0);
    }

    @Test
    void profilesAreNeverAveragedOver() {
        fourVariants();
        run("smoke", "aaa111", "with", 3, 1, "FINISHED", 10);
        assertThat(new RunComparison(runs).groups("accuracy", "kernel").keySet())
                .containsExactly(
                        Map.of("profile", "full", "kernel", "3"),
                        Map.of("profile", "full", "kernel", "13"),
                        Map.of("profile", "smoke", "kernel", "3"));
    }

    @Test
    void repeatedUnfinishedAndOutdatedRunsAreNotCounted() {
        fourVariants();
        run("full", "bbb222", "with", 3, 1, "FINISHED", 90);
        run("full", "bbb222", "with", 3, 2, "KILLED", 0);
        ComparedRun other = runs.getLast();
        runs.add(new ComparedRun(
                "shortcut",
                "full",
                "000",
                "other settings",
                other.variant(),
                4,
                "FINISHED",
                Map.of("accuracy", 1.0),
                Instant.EPOCH.minusSeconds(1),
                "old"));
        RunComparison comparison = new RunComparison(runs);
        Summary first = comparison.groups("accuracy").values().iterator().next();
        assertThat(first.values()).containsExactly(90.0, 82.0, 84.0);
        assertThat(comparison.leftOut("accuracy")).isEqualTo(3);
        assertThat(comparison.groups("accuracy", "commit").keySet())
                .as("no commit of other settings, whose effect would pass for the commit's")
                .containsExactly(Map.of("commit", "aaa111"), Map.of("commit", "bbb222"));
        assertThat(comparison.leftOut("accuracy", "commit")).isEqualTo(2);
        assertThat(comparison.groups("accuracy", "commit", "settings").keySet())
                .contains(Map.of("commit", "000", "settings", "other settings"));
        assertThat(comparison.leftOut("accuracy", "commit", "settings"))
                .as("the one that was killed")
                .isOne();
    }

    @Test
    void commitsAreComparedInTheNewestSettingsThatBothHave() {
        for (int seed = 1; seed <= 3; seed++) {
            run("full", "aaa111", "s", "with", 3, seed, "FINISHED", 80 + seed);
            run("full", "bbb222", "s", "with", 3, seed, "FINISHED", 80.5 + seed + 0.1 * seed);
        }
        Map<String, String> before = Map.of("commit", "aaa");
        Map<String, String> after = Map.of("commit", "bbb");
        List<RunDifference> same = new RunComparison(runs).differences("accuracy", after, before);
        for (int seed = 1; seed <= 3; seed++) {
            run("full", "bbb222", "longer", "with", 3, seed, "FINISHED", 90);
        }
        RunComparison comparison = new RunComparison(runs);
        assertThat(comparison.differences("accuracy", after, before))
                .as("bbb222 was run with other settings, too, since then")
                .isEqualTo(same);
        assertThat(same)
                .singleElement()
                .satisfies(difference -> assertThat(difference.mean()).isCloseTo(0.7, within(1e-9)));

        for (int seed = 1; seed <= 3; seed++) {
            run("full", "ccc333", "longest", "with", 3, seed, "FINISHED", 91);
        }
        RunComparison more = new RunComparison(runs);
        assertThatThrownBy(() -> more.differences("accuracy", Map.of("commit", "ccc"), before))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("{commit=ccc} and those of {commit=aaa} were made with different settings");
        assertThat(more.differences(
                        "accuracy",
                        Map.of("commit", "ccc", "settings", "longest"),
                        Map.of("commit", "aaa", "settings", "s")))
                .singleElement()
                .satisfies(difference -> assertThat(difference.mean()).isCloseTo(9, within(1e-9)));
    }

    @Test
    void differencesArePairedBySeedForEachOtherLevel() {
        List<RunDifference> differences =
                fourVariants().differences("accuracy", Map.of("shortcut", "without"), Map.of("shortcut", "with"));
        assertThat(differences)
                .extracting(RunDifference::where)
                .containsExactly(Map.of("kernel", "3"), Map.of("kernel", "13"));
        RunDifference three = differences.getFirst();
        PairedDifference expected = PairedDifference.of(new double[] {74, 78, 79}, new double[] {80, 82, 84});
        assertThat(three.test()).isEqualTo("paired t");
        assertThat(three.n()).isEqualTo("3 pairs");
        assertThat(three.values()).containsExactly(-6.0, -4.0, -5.0);
        assertThat(three.low()).isEqualTo(expected.low());
        assertThat(three.p()).isEqualTo(expected.p(0));
        double[] holm =
                Holm.adjusted(differences.stream().mapToDouble(RunDifference::p).toArray());
        assertThat(holm[0]).isCloseTo(2 * three.p(), within(1e-12));
        assertThat(holm[1]).isCloseTo(Math.max(holm[0], differences.get(1).p()), within(1e-12));
    }

    @Test
    void commitsWithOtherSeedsAreComparedAfterWelch() {
        fourVariants();
        double[] later = {83, 85, 90};
        for (int i = 0; i < later.length; i++) {
            run("full", "bbb222", "with", 3, 11 + i, "FINISHED", later[i]);
        }
        List<RunDifference> differences =
                new RunComparison(runs).differences("accuracy", Map.of("commit", "bbb"), Map.of("commit", "aaa"));
        assertThat(differences).singleElement().satisfies(difference -> {
            assertThat(difference.test()).isEqualTo("Welch t");
            assertThat(difference.n()).isEqualTo("3 against 3");
            assertThat(difference.mean()).isCloseTo(4, within(1e-12));
            WelchDifference welch = new WelchDifference(List.of(83.0, 85.0, 90.0), List.of(80.0, 82.0, 84.0));
            assertThat(difference.p()).isEqualTo(welch.p());
        });
    }

    @Test
    void aSideWithSeveralRunsOfASeedMustBeNamedBetter() {
        RunComparison comparison = fourVariants();
        assertThatThrownBy(() -> comparison.differences(
                        "accuracy", Map.of("shortcut", "with", "kernel", "3"), Map.of("shortcut", "without")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("name more columns");
    }

    @Test
    void filtersNameWhatTheyDoNotFind() {
        RunComparison comparison = fourVariants();
        assertThat(comparison.where("kernel", "3").where("seed", "1", "2").runs())
                .hasSize(4);
        assertThat(comparison.where("commit", "aaa").runs()).hasSize(12);
        assertThatThrownBy(() -> comparison.where("kernle", "3"))
                .hasMessageContaining("unknown column 'kernle'; did you mean kernel?");
        assertThatThrownBy(() -> comparison.where("shortcut", "wiht"))
                .hasMessageContaining("unknown shortcut 'wiht'; did you mean with?");
        assertThatThrownBy(() -> comparison.groups("acuracy")).hasMessageContaining("did you mean accuracy?");
    }

    @Test
    void pivotPutsTheLastColumnsValuesSideBySide() {
        RunComparison comparison = fourVariants();
        Table pivot = ComparisonTables.pivot(comparison, "accuracy", "shortcut", "kernel");
        assertThat(pivot.columnNames()).containsExactly("shortcut", "kernel 3", "kernel 13");
        assertThat(pivot.doubleColumn("kernel 13").get(0)).isEqualTo(83.0);
        assertThat(ComparisonTables.pivotText(comparison, ACCURACY, "kernel", "shortcut")
                        .stringColumn("shortcut without")
                        .get(0))
                .isEqualTo("77.0 ± 6.6");
    }

    @Test
    void tablesHaveARowForEverything() {
        RunComparison comparison = fourVariants();
        Table listed = ComparisonTables.runs(comparison);
        assertThat(listed.rowCount()).isEqualTo(12);
        assertThat(listed.columnNames())
                .containsExactly(
                        "experiment",
                        "profile",
                        "shortcut",
                        "kernel",
                        "seed",
                        "status",
                        "accuracy",
                        "commit",
                        "settings",
                        "started",
                        "run_id");
        Table summary = ComparisonTables.summary(comparison, "accuracy", "kernel");
        assertThat(summary.columnNames()).containsExactly("kernel", "seeds", "mean", "sd", "low", "high");
        assertThat(summary.stringColumn("kernel").asList()).containsExactly("3", "13");
    }

    @Test
    void chartsAreDrawnForGroupsAndForDifferences() {
        RunComparison comparison = fourVariants();
        Picture groups = Charts.comparison("Shortcuts", comparison, ACCURACY);
        List<RunDifference> tested =
                comparison.differences("accuracy", Map.of("shortcut", "without"), Map.of("shortcut", "with"));
        Picture differences = Charts.differences("Shortcuts", tested, ACCURACY);
        assertThat(groups.image(1).getHeight())
                .as("four rows are higher than two")
                .isGreaterThan(differences.image(1).getHeight());
    }

    @Test
    void aMeanOverWhatIsNotFiniteIsNotFinite() {
        run("full", "aaa111", "with", 3, 1, "FINISHED", 80);
        run("full", "aaa111", "with", 3, 2, "FINISHED", Double.NaN);
        run("full", "aaa111", "without", 3, 1, "FINISHED", 80);
        run("full", "aaa111", "without", 3, 2, "FINISHED", Double.NEGATIVE_INFINITY);
        RunComparison comparison = new RunComparison(runs);
        assertThat(comparison.leftOut("accuracy")).isZero();
        assertThat(comparison.groups("accuracy", "shortcut").values().stream().map(summary -> summary.text(PERCENT)))
                .containsExactly("NaN", "-Infinity");
        Table summary = ComparisonTables.summary(comparison, "accuracy", "shortcut");
        assertThat(Csv.of(summary)).contains("with,2,NaN,,,", "without,2,-Infinity,,,");
        assertThat(Csv.of(ComparisonTables.runs(comparison)))
                .contains("FINISHED,NaN,", "FINISHED,-Infinity,", "FINISHED,80.0,");
        assertThat(TextTable.of(ComparisonTables.runs(comparison, "accuracy"), 200))
                .contains("NaN", "-Infinity");
        assertThat(comparison.differences("accuracy", Map.of("shortcut", "with"), Map.of("shortcut", "without")))
                .singleElement()
                .satisfies(difference -> {
                    assertThat(difference.test()).isEqualTo("not finite");
                    assertThat(difference.a()).isNaN();
                    assertThat(difference.mean()).isNaN();
                });
    }
}
