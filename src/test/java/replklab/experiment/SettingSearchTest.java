package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import replklab.base.LabHome;
import replklab.base.Provenance;
import replklab.base.UsageException;
import replklab.data.Split;
import replklab.report.ExperimentReport;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;

class SettingSearchTest {
    private static final String GRID = "settings: {training.learningRate: [0.05, 0.1, 0.2]}";

    @Test
    void everyVariantTriesTheSameOnImagesThatAreHeldOut() {
        Experiment asked = experiment(GRID);
        Experiment runs = new SettingSearch(asked).runs(null, null);
        assertThat(runs.spec().combinations())
                .hasSize(3 * asked.spec().combinations().size())
                .doesNotHaveDuplicates();
        assertThat(runs.spec().combinations().getFirst()).containsEntry("training.learningRate", "0.05");
        assertThat(runs.spec().trainingOf(runs.spec().combinations().getLast()).learningRate())
                .isEqualTo(0.2);
        assertThat(runs.spec().data().evaluateOn()).isEqualTo(Split.VALIDATION);
        assertThat(runs.spec().hypotheses()).isEmpty();
        assertThat(runs.spec().seedList()).containsExactly(200_001L, 200_002L);
        assertThat(runs.place()).isEqualTo("search");
        assertThat(new SettingSearch(asked).runs(3, 7L).spec().seedList()).containsExactly(7L, 8L, 9L);
    }

    @Test
    void theBestOfEachVariantIsSaidInTheFilesWords() {
        Experiment asked = experiment(GRID);
        SettingSearch search = new SettingSearch(asked);
        // The first variant is best in the middle, the second at the edge; .
        Map<Integer, double[]> scores = Map.of(0, new double[] {70, 72, 71}, 1, new double[] {60, 61, 64});
        String found = search.found(report(search, scores, 0));
        assertThat(found.lines().limit(3))
                .containsExactly(
                        "The best of training.learningRate: 0.05; training.learningRate: 0.1; training.learningRate: 0.2 by validation accuracy, for search.chosen in the file:",
                        "    - {of: {shortcut: with, kernel: 3}, set: {training.learningRate: 0.1}}  # 70.5, 72.5, 71.5",
                        "    - {of: {shortcut: without, kernel: 3}, set: {training.learningRate: 0.2}}  # 60.5, 61.5, 64.5");
        assertThat(found)
                .contains("At the edge of what was tried, so that more may be better: training.learningRate 0.2 of");
        String chosen = found.lines().filter(line -> line.startsWith("    -")).reduce("", (a, b) -> a + "\n" + b);
        Experiment tuned = experiment(GRID + "\n  chosen:" + chosen.replaceAll("(?m)#.*", ""));
        assertThat(tuned.spec().combinations())
                .extracting(variant -> tuned.spec().trainingOf(variant).learningRate())
                .containsExactly(0.1, 0.2);
    }

    @Test
    void whatHasNotFinishedIsNotCompared() {
        SettingSearch search = new SettingSearch(experiment(GRID));
        assertThatThrownBy(() -> search.found(report(search, Map.of(), 1)))
                .isInstanceOf(UsageException.class)
                .hasMessageEndingWith("has not finished; the same command goes on");
    }

    @Test
    void effortIsEqualOrTheFileIsRefused() {
        assertThatThrownBy(() -> new SettingSearch(experiment("")))
                .hasMessageStartingWith("shortcut has no search; say what all its variants try");
        assertRefused("settings: {}", "search.settings is empty");
        assertRefused(
                "settings: {model.width: [1, 2]}",
                "search.settings has 'model.width'; it takes settings of the training");
        assertRefused(
                "settings: {training.learningRate: [0.1]}",
                "search.settings.training.learningRate is [0.1]; it must be a list of two or more");
        assertRefused(
                GRID + "\n  chosen:\n    - {of: {kernel: 3}, set: {training.learningRate: 0.3}}",
                "which is not among the values that all variants try: [0.05, 0.1, 0.2]");
        assertRefused(
                GRID + "\n  chosen:\n    - {of: {kernel: 3}, set: {training.epochs: 3}}",
                "it must set what is searched for");
        assertRefused(
                GRID + "\n  chosen:\n    - {of: {shortcut: with}, set: {training.learningRate: 0.1}}",
                "search.chosen has 0 entries for {shortcut=without, kernel=3}; each variant has one");
        assertRefused(
                GRID + "\n  chosen:\n    - {of: {kernl: 3}, set: {training.learningRate: 0.1}}",
                "unknown factor of search.chosen:");
    }

    private static void assertRefused(String search, String message) {
        assertThatThrownBy(() -> experiment(search))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    private static ExperimentReport report(SettingSearch search, Map<Integer, double[]> scores, int missing) {
        Experiment runs = search.runs(null, null);
        List<RunRow> rows = new ArrayList<>();
        List<Map<String, String>> variants = runs.spec().combinations();
        for (long seed : runs.spec().seedList()) {
            for (int i = 0; i < variants.size(); i++) {
                double score = scores.getOrDefault(i / 3, new double[3])[i % 3] + (seed == 200_001L ? 0 : 1);
                Map<String, Double> metrics = new HashMap<>(Map.of("accuracy", score, "test_loss", 1.0));
                boolean lost = i < missing;
                rows.add(new RunRow(
                        variants.get(i),
                        seed,
                        lost ? RunEnd.KILLED : RunEnd.FINISHED,
                        lost ? Map.of() : metrics,
                        List.of(),
                        1,
                        "",
                        Provenance.UNKNOWN));
            }
        }
        Provenance provenance = Provenance.collect(
                LabHome.root(), "cpu", runs.yaml(), runs.spec().seedList(), "full", Instant.EPOCH);
        return Reports.of(runs, rows, List.of(), provenance, Optional.empty(), "");
    }

    private static Experiment experiment(String search) {
        String held = "{name: fashion-mnist, validationExamples: 1000, evaluateOn: test}";
        String text = Yaml.TEXT.replace("{name: fashion-mnist}", held);
        return Experiments.parse(
                "shortcut", search.isEmpty() ? text : text + "\nsearch:\n  " + search + "\n", Profile.FULL);
    }
}
