package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.report.ExperimentReport;
import replklab.stats.CurvePoint;
import replklab.stats.RunRow;
import replklab.tracking.LoggedRun;
import replklab.tracking.MetricPoint;
import replklab.tracking.TestPython;
import replklab.tracking.TrackedRun;
import replklab.tracking.Tracker;
import replklab.train.Evaluation;

/** Whole runs of classification and dense prediction, with a real MLflow server. */
class TwoStageRunTest {
    private static final String ONE_SEED = TwoStages.TEXT.replace("smoke: {seeds: 2}", "smoke: {seeds: 1}");
    private static final List<String> NOTICES = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    static Path home;

    private static Tracker tracker;
    private static ExperimentReport whole;

    /** Interrupts its thread after a step; steps are counted through the stages. */
    private static final class Heard implements RunnerListener {
        final List<String> epochs = new ArrayList<>();
        final List<Long> totals = new ArrayList<>();
        long interruptStep;

        @Override
        public void step(RunPlan plan, long step, long totalSteps, double loss) {
            totals.add(totalSteps);
            if (step == interruptStep) {
                interruptStep = 0;
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void epoch(RunPlan plan, int epoch, Evaluation evaluation) {
            epochs.add(epoch + " " + evaluation.scores().firstEntry().getKey());
        }
    }

    @BeforeAll
    static void start() {
        TestPython.use();
        tracker = Tracker.open(Map.of(), home.resolve("mlruns"), home, NOTICES::add);
        whole = new ExperimentRunner(tracker, home.resolve("results"), new Heard())
                .run(experiment("two", TwoStages.TEXT), ExperimentRunner.Reuse.MATCHING, "a test")
                .report();
    }

    @AfterAll
    static void stop() {
        tracker.close();
        assertThat(NOTICES)
                .as("nothing but that another MLflow runs beside the tests")
                .allMatch(line -> line.startsWith("port ") && line.contains(" is taken"));
    }

    private static Experiment experiment(String name, String text) {
        return Experiments.parse(name, text, Profile.SMOKE);
    }

    private static List<Map<String, Double>> values(List<RunRow> rows) {
        List<Map<String, Double>> values = new ArrayList<>();
        for (RunRow row : rows) {
            Map<String, Double> metrics = new HashMap<>(row.metrics());
            metrics.keySet().removeIf(key -> key.endsWith("images_per_second"));
            values.add(metrics);
        }
        return values;
    }

    @Test
    void bothStagesAreLoggedAndReported() {
        assertThat(whole.effects())
                .hasSize(3)
                .allSatisfy(effect -> assertThat(effect.ours()).isPresent());
        assertThat(whole.comparisons()).hasSize(2);
        assertThat(Reports.files(home.resolve("results/smoke/two")))
                .contains("miou.png", "accuracy.png", "curves.png", "curves-miou.png", "effects.png");
        for (RunRow row : whole.runs()) {
            assertThat(row.metrics())
                    .containsKeys("accuracy", "test_loss", "miou", "pixel_accuracy", "finetune_test_loss")
                    .containsKeys("erf_area", "erf_radius")
                    .doesNotContainKey("iou_background");
            assertThat(row.metrics().get("erf_area")).isBetween(0.0, 100.0);
            assertThat(row.curve()).extracting(CurvePoint::epoch).containsExactly(1.0, 2.0, 3.0, 4.0);
            assertThat(row.curve().get(1).metrics()).containsKey("accuracy").doesNotContainKey("miou");
            assertThat(row.curve().get(3).metrics()).containsKeys("miou", "iou_background");
            assertThat(row.seconds()).isPositive();
        }
        assertThat(tracker.flush(Duration.ofSeconds(30))).isTrue();
        List<TrackedRun> children = tracker.query().runs("two").stream()
                .filter(run -> run.variant().isPresent())
                .toList();
        assertThat(children).hasSize(4);
        for (TrackedRun child : children) {
            assertThat(child.metrics()).containsKeys("accuracy", "miou", "iou_background", "erf_radius");
            assertThat(child.params()).containsEntry("finetune.training.optimiser", "ADAMW");
            assertThat(tracker.query().history(child.runId(), "finetune_loss"))
                    .extracting(MetricPoint::step)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(tracker.query().history(child.runId(), "loss")).hasSize(4);
        }
        Path folder = home.resolve("results/smoke/two/runs/kernels=3-3-3-3,seed=1");
        assertThat(folder.resolve("finetune/final.safetensors")).exists();
        assertThat(folder.resolve("finetune/checkpoint.safetensors")).doesNotExist();
        assertThat(folder.resolve("checkpoint.safetensors")).doesNotExist();
    }

    /** Four steps of classification, then six of dense prediction. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3, 4, 5, 9})
    void aStoppedRunGoesOnInItsStageWithTheSameBits(long step) {
        Heard heard = new Heard();
        heard.interruptStep = step;
        Path results = home.resolve("stopped"); // which stays until the tracker has sent everything
        ExperimentRunner runner = new ExperimentRunner(tracker, results, heard);
        Experiment experiment = experiment("stopped-" + step, ONE_SEED);
        assertThatThrownBy(() -> runner.run(experiment, ExperimentRunner.Reuse.MATCHING, "a test"))
                .isInstanceOf(LabException.class);
        assertThat(Thread.interrupted()).isTrue();
        Path folder = results.resolve("smoke/stopped-" + step + "/runs/kernels=3-3-3-3,seed=1");
        assertThat(folder.resolve("checkpoint.safetensors")).exists();
        assertThat(Files.exists(folder.resolve("finetune/checkpoint.safetensors")))
                .isEqualTo(step > 4);
        List<RunRow> rows = runner.run(experiment, ExperimentRunner.Reuse.MATCHING, "a test")
                .report()
                .runs();
        assertThat(values(rows))
                .isEqualTo(values(
                        whole.runs().stream().filter(row -> row.seed() == 1).toList()));
        Path undisturbed = home.resolve("results/smoke/two/runs/kernels=3-3-3-3,seed=1/artifacts");
        for (String file : List.of(
                "predictions.csv",
                "samples.png",
                "classifier/final.safetensors",
                "finetune/predictions.csv",
                "finetune/samples.png",
                "segmenter/MLmodel",
                "segmenter/final.safetensors",
                "segmenter/model.onnx")) {
            assertThat(folder.resolve("artifacts").resolve(file))
                    .as(file)
                    .hasSameBinaryContentAs(undisturbed.resolve(file));
        }
        assertThat(heard.epochs)
                .contains("1 accuracy", "2 accuracy", "3 miou", "4 miou")
                .hasSize(8);
        assertThat(heard.totals).containsOnly(10L);
    }

    @Test
    void aRunOfTwoStagesIsRepeated() {
        assertThat(tracker.flush(Duration.ofSeconds(30))).isTrue();
        Path results = home.resolve("results");
        String id = whole.runs().getFirst().runId();
        Rerun rerun = Rerun.of(tracker, LoggedRun.find(tracker.query(), results, id));
        Rerun.Outcome outcome = rerun.repeat(results, new Heard());
        assertThat(outcome.isSame()).as("%s", outcome.metrics()).isTrue();
        assertThat(outcome.metrics())
                .filteredOn(metric -> !metric.timing())
                .extracting(MetricCheck::metric)
                .contains("accuracy", "miou", "finetune_loss", "erf_radius");
    }
}
