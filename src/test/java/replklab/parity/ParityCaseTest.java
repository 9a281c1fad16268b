package replklab.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.tensor.Shape;

class ParityCaseTest {
    private static ParityCase named(String part) {
        return ParityCase.all().stream()
                .filter(each -> each.name().contains(part))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theCasesCoverWhatCanBeChosen() {
        assertThat(ParityCase.all()).extracting(ParityCase::name).doesNotHaveDuplicates();
        assertThat(ParityCase.all()).anyMatch(each -> each.config().smallKernel() == 0);
        assertThat(ParityCase.all()).anyMatch(each -> each.config().dwRatio() != 1);
        assertThat(ParityCase.all()).anyMatch(each -> each.config().ffnRatio() != 4);
        assertThat(ParityCase.all()).anyMatch(each -> each.config().inputChannels() != 3);
        assertThat(ParityCase.all()).anyMatch(each -> each.height() != each.width());
        assertThat(ParityCase.all()).anyMatch(ParityCase::norms);
        assertThat(ParityCase.all()).anyMatch(each -> !each.stages().isEmpty() && !each.norms());
    }

    /** The norms have no default left, and variances are positive. */
    @Test
    void networksAreAsIfTheyHadBeenTrained() {
        named("odd channels").network().layer().state().forEach((name, variable) -> {
            float[] values = variable.tensor().toArray();
            if (name.endsWith("running_var")) {
                for (float value : values) {
                    assertThat(value).as(name).isBetween(0.5f, 1.5f).isNotEqualTo(1);
                }
            }
            if (name.endsWith("running_mean") || name.endsWith("bias")) {
                assertThat(values).as(name).doesNotContain(0);
            }
        });
    }

    /** Our side of a case, in full, on its own: the names that the authors' side must give. */
    @Test
    void oursIsNamedAsTheirsMustBe() {
        ParityCase backbone = named("stages 1 and 3");
        OurSide ours = new OurSide(backbone, backbone.network(), backbone.input());
        assertThat(ours.stages()).containsOnlyKeys("stage.0", "stage.1", "stage.2", "stage.3");
        assertThat(ours.lossWeights()).containsOnlyKeys("weights.0", "weights.1");
        assertThat(ours.lossWeights().get("weights.1").shape()).isEqualTo(Shape.of(3, 2, 3, 24));
        assertThat(ours.score().get("score")).hasSize(64 * 80);
        Map<String, float[]> step = ours.step();
        assertThat(step).containsKeys("loss", "training.map.0", "training.map.1", "after.stem.0.bn.running_var");
        assertThat(step.keySet().stream().filter(name -> name.startsWith("gradient.")))
                .hasSize(backbone.network().layer().parameters().size());
        assertThat(step.get("gradient.stages.3.blocks.1.pw2.conv.weight")).hasSize(24 * 96);
    }

    @Test
    void theyAreToldWhatTheyMustKnow() {
        assertThat(named("RepLKNet-31B").fields())
                .containsEntry("kernels", List.of(31, 29, 27, 13))
                .containsEntry("small", 5)
                .containsEntry("classes", 1000)
                .containsEntry("gradients", false);
    }
}
