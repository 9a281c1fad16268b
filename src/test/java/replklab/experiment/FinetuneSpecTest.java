package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;
import replklab.stats.Alternative;
import replklab.stats.Effect;
import replklab.stats.Metric;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;

/** How a file says that there are two stages, and which metric an effect is about. */
class FinetuneSpecTest {
    private static Experiment parse(String text, Profile profile) {
        return Experiments.parse("two", text, profile);
    }

    @Test
    void whatIsNotSaidHasDefaultsAndAProfileChangesTheSchedule() {
        FinetuneSpec smoke = parse(TwoStages.TEXT, Profile.SMOKE).spec().finetune();
        assertThat(smoke.data()).isNull();
        assertThat(smoke.decoder()).isEqualTo(new DecoderSpec(List.of(), 4, List.of(1, 2), 3, 0));
        assertThat(smoke.training().epochs()).isEqualTo(2);
        assertThat(smoke.training().momentum()).isEqualTo(0.9);
        assertThat(parse(TwoStages.TEXT, Profile.QUICK)
                        .spec()
                        .finetune()
                        .training()
                        .epochs())
                .isEqualTo(3);
        String own =
                TwoStages.with("finetune:\n", "finetune:\n  data: {name: dense-folder, path: ade, resolution: 32}\n");
        assertThat(parse(own, Profile.SMOKE).spec().finetune().data().labels().reduceZeroLabel())
                .isFalse();
        String ade = own.replace(
                "resolution: 32}\n  dec", "resolution: 32, labels: {ignore: 255, reduceZeroLabel: true}}\n  dec");
        assertThat(parse(ade, Profile.SMOKE).spec().finetune().data().labels().reduceZeroLabel())
                .isTrue();
    }

    @Test
    void whatIsDrawnAndComparedFollows() {
        Experiment experiment = parse(TwoStages.TEXT, Profile.SMOKE);
        assertThat(experiment.metric().key()).isEqualTo("miou");
        assertThat(Reports.metrics(experiment.spec()))
                .extracting(Metric::key)
                .containsExactly("miou", "accuracy", "pixel_accuracy", "erf_area", "erf_radius");
        assertThat(experiment.learned()).extracting(Metric::key).containsExactly("accuracy", "miou");
        assertThat(Reports.comparisons(experiment.spec(), List.of()))
                .extracting(each -> each.metric().key() + " " + each.column())
                .containsExactly("miou ade20k_miou", "accuracy imagenet_top1");
        assertThat(RunConfig.params(experiment, RunPlan.of(experiment.spec()).getFirst()))
                .containsEntry("finetune.decoder.channels", "4")
                .containsEntry("finetune.training.epochs", "2")
                .doesNotContainKey("finetune.data");
    }

    private static RunRow row(String kernels, int seed, double accuracy, double miou) {
        return new RunRow(
                Map.of("kernels", kernels),
                seed,
                RunEnd.FINISHED,
                Map.of("accuracy", accuracy, "miou", miou),
                List.of(),
                1,
                "",
                "");
    }

    /** The paper: 83.02 - 82.11 = 0.91 points of accuracy, 48.35 - 46.05 = 2.3 of mIoU, 1.39 more. */
    @Test
    void effectsAreAboutTheirMetricAndAcrossMetrics() {
        List<RunRow> rows = List.of(
                row("3-3-3-3", 1, 50, 20),
                row("13-13-13-13", 1, 51, 26),
                row("3-3-3-3", 2, 52, 21),
                row("13-13-13-13", 2, 53, 26.2));
        ExperimentSpec spec = parse(TwoStages.TEXT, Profile.SMOKE).spec();
        List<Effect> effects = spec.hypotheses().stream()
                .map(each -> each.measure(rows, Reports.metrics(spec), spec.inPaper()))
                .toList();
        assertThat(effects).extracting(Effect::paperValue).containsExactly(2.3, 0.91, 1.39);
        assertThat(effects.get(0).mean()).isEqualTo(5.6, within(1e-9));
        assertThat(effects.get(1).mean()).isEqualTo(1, within(1e-9));
        assertThat(effects.get(2).mean()).isEqualTo(4.6, within(1e-9));
        assertThat(effects).extracting(effect -> effect.hypothesis().test()).containsOnly(Alternative.GREATER);
    }

    @Test
    void factorsMayHaveOtherNamesInTheTable() {
        String text = TwoStages.TEXT
                .replace("table05-kernel-sizes", "table04-7x7-maps")
                .replace(
                        "miou: ade20k_miou, accuracy: imagenet_top1}",
                        "miou: cityscapes_miou, accuracy: imagenet_top1}\n" + "  factors: {kernels: last_stage_kernel}")
                .replace("13-13-13-13", "13")
                .replace("3-3-3-3", "3");
        ExperimentSpec spec = parse(text, Profile.SMOKE).spec();
        assertThat(spec.hypotheses()
                        .getFirst()
                        .measure(List.of(), Reports.metrics(spec), spec.inPaper())
                        .paperValue())
                .isEqualTo(2.31);
    }

    @Test
    void messagesNameWhatIsWrong() {
        String columns = "columns: {miou: ade20k_miou, accuracy: imagenet_top1}";
        assertRefused(columns, "column: ade20k_miou\n  " + columns, "paper has column and columns");
        assertRefused("miou: ade20k_miou", "iou: ade20k_miou", "unknown metric");
        assertRefused("    metric: accuracy\n    of", "    metric: acc\n    of", "unknown metric 'acc'");
        String decoder = "channels: 4, poolScales";
        assertRefused(decoder, "stages: [0, 2], " + decoder, "decoder.stages are [0, 2]; the model has stages 0 to 1");
        assertRefused(decoder, "stages: [1, 0], " + decoder, "decoder.stages are [1, 0]; they must ascend");
        assertRefused(decoder, "channel: 4, poolScales", "unknown key 'channel'");
        assertRefused("poolScales: [1, 2]", "poolScales: [0]", "poolScales");
        assertRefused("Rate: 0.01, epochs: 2", "Rate: 0.01, epochs: 0", "epochs is 0");
    }

    private static void assertRefused(String piece, String other, String message) {
        assertThatThrownBy(() -> parse(TwoStages.with(piece, other), Profile.SMOKE))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anExperimentThatMeasuresHasNoSecondStage() {
        assertThatThrownBy(() -> parse(
                        Yaml.MEASURED.replace(
                                "measure:\n",
                                "finetune: {decoder: {channels: 4}, training: {epochs: 1,"
                                        + " batchSize: 4, learningRate: 1}}\nmeasure:\n"),
                        Profile.SMOKE))
                .hasMessageContaining("an experiment with measure trains nothing");
    }
}
