package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import replklab.base.UsageException;
import replklab.nn.Initialisation;
import replklab.nn.Scrambled;
import replklab.tensor.Shape;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** UperNet on every backbone: shapes, size, folding, and that it learns. */
class UperNetTest {
    private static final UperNetConfig SMALL = new UperNetConfig(6, List.of(1, 2, 3), 4, 0.1, 3);

    private static UperNet on(Backbone backbone) {
        return new UperNet(backbone, SMALL, new SplittableRandom(4));
    }

    @ParameterizedTest
    @MethodSource("replklab.model.BackboneTest#all")
    void givesLogitsForEveryPixelAndFoldsToTheSame(Backbone backbone) {
        UperNet network = backbone.channels().size() > 1
                ? on(backbone)
                : new UperNet(backbone, SMALL.withoutAuxiliary(), new SplittableRandom(4));
        Scrambled.of(network, 5);
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 2, 64, 72, 3);
        Tensor logits = network.forward(x);
        assertThat(logits.shape()).isEqualTo(Shape.of(2, 64, 72, 3));
        assertThat(Scrambled.error(logits, network.folded().forward(x))).isLessThan(1e-5);
    }

    /** mmsegmentation's head on RepLKNet-31B: 33.3 M parameters, of which 512 x 3 a classifier of other classes has. */
    @Test
    void thePapersHeadHasThePapersSize() {
        RepLKNetBackbone backbone = new RepLKNetBackbone(
                RepLKNetConfig.named("replknet-31b"),
                List.of(0, 1, 2, 3),
                false,
                KernelForm.MERGED,
                Initialisation.undefined());
        UperNet network =
                new UperNet(backbone, UperNetConfig.paper(150).withoutAuxiliary(), Initialisation.undefined());
        long head = network.parameterCount() - backbone.parameterCount();
        long pooling = 4 * (1024 * 512L + 1024) + (1024 + 4 * 512) * 512L * 9 + 1024;
        long fpn = (128 + 256 + 512) * 512L + 3 * 1024 + 3 * (512 * 512L * 9 + 1024) + 2048 * 512L * 9 + 1024;
        assertThat(head).isEqualTo(pooling + fpn + 512 * 150 + 150);
        UperNet training = new UperNet(backbone, UperNetConfig.paper(150), Initialisation.undefined());
        assertThat(training.parameterCount() - network.parameterCount())
                .isEqualTo(512 * 256L * 9 + 512 + 256 * 150 + 150);
    }

    @Test
    void everyParameterIsTrainedAndIgnoredPixelsAreNot() {
        UperNet network = on(BackboneTest.replknet(List.of(0, 1, 2), true));
        network.train(true);
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 2, 32, 32, 3);
        int[] labels = new int[2 * 32 * 32];
        Arrays.setAll(labels, i -> i % 3);
        try (Tape tape = Tape.training(1)) {
            tape.backward(network.loss(x, Targets.labels(labels).ignoring(255)));
            network.parameters()
                    .forEach((name, parameter) -> assertThat(parameter.gradientOrNull())
                            .as(name)
                            .isNotNull()
                            .extracting(Tensor::toArray)
                            .isNotEqualTo(new float[(int) parameter.shape().elements()]));
        }
        Arrays.fill(labels, 255);
        try (Tape _ = Tape.training(1)) {
            assertThat(network.loss(x, Targets.labels(labels).ignoring(255)).item())
                    .isZero();
        }
    }

    /** Left half one class, right half the other; the images differ in nothing else. */
    @Test
    void learnsToTellTwoHalvesApart() {
        UperNet network = new UperNet(
                BackboneTest.replknet(List.of(0, 1), true),
                new UperNetConfig(6, List.of(1, 2), 4, 0, 2),
                new SplittableRandom(4));
        float[] pixels = new float[2 * 32 * 32 * 3];
        int[] labels = new int[2 * 32 * 32];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 32 < 16 ? 0 : 1;
            Arrays.fill(pixels, 3 * i, 3 * i + 3, labels[i] == 0 ? -1 : 1);
        }
        Tensor x = Tensor.of(pixels, 2, 32, 32, 3);
        network.train(true);
        double first = 0;
        double last = 0;
        for (int step = 0; step < 60; step++) {
            try (Tape tape = Tape.training(step)) {
                Tensor loss = network.loss(x, Targets.labels(labels));
                tape.backward(loss);
                network.parameters()
                        .values()
                        .forEach(w -> w.assign(w.subtract(w.gradient().scale(0.3f))));
                last = loss.item();
            }
            first = step == 0 ? last : first;
        }
        assertThat(last).isLessThan(first / 2);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> on(BackboneTest.replknet(List.of(1), true)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("auxiliaryChannels");
        assertThatThrownBy(() -> new UperNetConfig(0, List.of(1), 4, 0.1, 3)).hasMessageContaining("channels");
        assertThatThrownBy(() -> new UperNetConfig(8, List.of(1, 0), 4, 0.1, 3)).hasMessageContaining("poolScales");
        assertThatThrownBy(() -> new UperNetConfig(8, List.of(1), -1, 0.1, 3))
                .hasMessageContaining("auxiliaryChannels");
        assertThatThrownBy(() -> new UperNetConfig(8, List.of(1), 4, 1, 3)).hasMessageContaining("dropout");
        assertThatThrownBy(() -> new UperNetConfig(8, List.of(1), 4, 0, 1)).hasMessageContaining("classes");
        UperHead head = new UperHead(List.of(4, 6), SMALL, Initialisation.zeros());
        assertThatThrownBy(() -> head.forward(Tensor.zeros(1, 4, 4, 6)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("2 feature maps was given 1");
        assertThat(UperNetConfig.paper(19).withChannels(64))
                .isEqualTo(new UperNetConfig(64, List.of(1, 2, 3, 6), 32, 0.1, 19));
    }
}
