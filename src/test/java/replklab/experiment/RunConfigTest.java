package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When an earlier result still counts, and how runs are named. */
class RunConfigTest {
    private static final RunPlan PLAN = new RunPlan(Map.of("shortcut", "with", "kernel", "3"), 1);

    private static String hash(String text) {
        return RunConfig.hash(
                Yaml.smoke(text), RunPlan.of(Yaml.smoke(text).spec()).getFirst());
    }

    @Test
    void wordingAndNumberOfSeedsDoNotMatter() {
        String hash = hash(Yaml.TEXT);
        assertThat(hash(Yaml.with("title: Shortcuts", "title: Short cuts"))).isEqualTo(hash);
        assertThat(hash(Yaml.with("    seeds: 2", "    seeds: 4"))).isEqualTo(hash);
        assertThat(hash(Yaml.with("{gains|loses}", "{wins|loses}"))).isEqualTo(hash);
        assertThat(hash(Yaml.with("kernel: [3]", "kernel: [3, 13]"))).isEqualTo(hash);
    }

    @Test
    void whatDecidesTheResultMatters() {
        String hash = hash(Yaml.TEXT);
        assertThat(List.of(
                        hash(Yaml.with("epochs: 2", "epochs: 1")),
                        hash(Yaml.with("learningRate: 0.02", "learningRate: 0.06")),
                        hash(Yaml.with("width: 0.25", "width: 0.3")),
                        hash(Yaml.with("name: fashion-mnist", "name: fashion-mnist, trainExamples: 10")),
                        hash(Yaml.with("epochs: 2", "epochs: 2\n  augmentation: {horizontalFlip: 0.5}")),
                        RunConfig.hash(Yaml.smoke(Yaml.TEXT), new RunPlan(PLAN.variant(), 2)),
                        RunConfig.hash(Experiments.parse("tiny", Yaml.TEXT, Profile.QUICK), PLAN)))
                .doesNotContain(hash)
                .doesNotHaveDuplicates();
    }

    @Test
    void parametersAreFlat() {
        Map<String, Object> params = RunConfig.params(
                Yaml.smoke(Yaml.TEXT), RunPlan.of(Yaml.smoke(Yaml.TEXT).spec()).getFirst());
        assertThat(params)
                .containsEntry("profile", "smoke")
                .containsEntry("seed", 1L)
                .containsEntry("shortcut", "true")
                .containsEntry("kernel", "3")
                .doesNotContainKeys("model.shortcut", "model.kernel")
                .containsEntry("model.strides", "[1,2,1,1,1,1,1]")
                .containsEntry("training.learningRate", "0.02")
                .containsEntry("training.augmentation.mixup", "0.0")
                .containsEntry("data.name", "fashion-mnist");
    }

    @Test
    void runsGoSeedBySeed() {
        List<RunPlan> plans = RunPlan.of(Yaml.smoke(Yaml.TEXT).spec());
        assertThat(plans)
                .extracting(RunPlan::name)
                .containsExactly(
                        "shortcut=with kernel=3 seed=1",
                        "shortcut=without kernel=3 seed=1",
                        "shortcut=with kernel=3 seed=2",
                        "shortcut=without kernel=3 seed=2");
        assertThat(plans.get(1).folder()).isEqualTo("shortcut=without,kernel=3,seed=1");
    }

    @Test
    void noTwoRunsShareAFolder() {
        List<String> levels = List.of("a b", "a_b", "a%20b", "a/b", "a,b=1", "ä", "a", "A", "..", "x".repeat(300));
        Set<String> folders = new HashSet<>();
        for (String first : levels) {
            for (String second : levels) {
                Map<String, String> variant = new LinkedHashMap<>();
                variant.put("one", first);
                variant.put("two", second);
                for (long seed = 1; seed <= 2; seed++) {
                    String folder = new RunPlan(variant, seed).folder();
                    assertThat(folders.add(folder)).as(folder).isTrue();
                    assertThat(folder).matches("[A-Za-z0-9=.,+_%-]{1,200}").doesNotStartWith(".");
                }
            }
        }
    }
}
