package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import replklab.base.UsageException;
import replklab.nn.Scrambled;
import replklab.tensor.Shape;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/** Backbones: which maps they give, their names, and that folding and merging change no map. */
class BackboneTest {
    private static final RepLKNetConfig CONFIG =
            new RepLKNetConfig(List.of(7, 5, 3), List.of(1, 2, 1), List.of(4, 6, 8), 3, 1, 4, 0, 3, 5);

    static Backbone replknet(List<Integer> outputs, boolean norms) {
        return new RepLKNetBackbone(CONFIG, outputs, norms, new SplittableRandom(1));
    }

    static Backbone convnext(List<Integer> outputs) {
        ConvNeXtConfig config =
                new ConvNeXtConfig(List.of(7, 5, 9), List.of(1, 2, 1), List.of(8, 12, 16), 4, 0.5, 0, 3, 5);
        return new ConvNeXtBackbone(config, outputs, new SplittableRandom(1));
    }

    static Backbone mobilenet(int small) {
        MobileNetV2Config config = new MobileNetV2Config(0.25, 3, true, 2, MobileNetV2Config.IMAGENET_STRIDES, 16, 3, 5)
                .withKernel(new DepthwiseKernel(7, small, 1));
        return new MobileNetV2Backbone(config, MobileNetV2Backbone.PYRAMID, new SplittableRandom(1));
    }

    static Stream<Backbone> all() {
        return Stream.of(
                replknet(List.of(0, 1, 2), true),
                replknet(List.of(1), true),
                replknet(List.of(0, 2), false),
                convnext(List.of(0, 1, 2)),
                convnext(List.of(1)),
                mobilenet(0),
                mobilenet(5));
    }

    @ParameterizedTest
    @MethodSource("all")
    void theFoldedBackboneGivesTheSameMaps(Backbone backbone) {
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 2, 64, 96, 3);
        settle(Scrambled.of(backbone, 3), x);
        List<Tensor> maps = backbone.features(x);
        Backbone folded = backbone.foldedBackbone();
        assertThat(folded.channels()).isEqualTo(backbone.channels());
        for (int i = 0; i < maps.size(); i++) {
            assertThat(maps.get(i).size(3)).isEqualTo(backbone.channels().get(i));
            assertThat(Scrambled.error(maps.get(i), folded.features(x).get(i))).isLessThan(1e-5);
        }
        assertThat(Scrambled.error(maps.getLast(), backbone.folded().forward(x)))
                .isLessThan(1e-5);
        assertThat(backbone.forward(x).toArray()).containsExactly(maps.getLast().toArray());
    }

    /**
     * Has the running statistics come near those of real activations, as in a trained network. Seventeen blocks with arbitrary ones
     * magnify rounding errors beyond what is tested here.
     */
    private static void settle(Backbone backbone, Tensor x) {
        backbone.train(true);
        for (int i = 0; i < 20; i++) {
            try (Tape _ = Tape.training(i)) {
                backbone.forward(x);
            }
        }
        backbone.train(false);
    }

    @Test
    void mapsAreAQuarterToA32ndOfTheImage() {
        Tensor x = Tensor.zeros(1, 64, 96, 3);
        assertThat(replknet(List.of(0, 1, 2), true).features(x).stream().map(Tensor::shape))
                .containsExactly(Shape.of(1, 16, 24, 4), Shape.of(1, 8, 12, 6), Shape.of(1, 4, 6, 8));
        assertThat(mobilenet(0).features(x).stream().map(Tensor::shape))
                .containsExactly(
                        Shape.of(1, 16, 24, 8), Shape.of(1, 8, 12, 8), Shape.of(1, 4, 6, 24), Shape.of(1, 2, 3, 80));
    }

    @Test
    void theExtraNormHasTheAuthorsNameAndTheNextStageDoesNotSeeIt() {
        Backbone with = replknet(List.of(0, 2), true);
        assertThat(with.state().keySet())
                .contains("stages.0.norm.running_var", "stages.2.norm.weight")
                .noneMatch(name -> name.startsWith("stages.1.norm") || name.startsWith("head"));
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 1, 32, 32, 3);
        float[] last = with.forward(x).toArray();
        with.state().get("stages.0.norm.bias").tensor().assign(new float[] {9, 9, 9, 9});
        assertThat(with.forward(x).toArray()).containsExactly(last);
    }

    @Test
    void aClassifiersWeightsBecomeABackbones() {
        RepLKNet network = Scrambled.of(new RepLKNet(CONFIG, new SplittableRandom(1)), 2);
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 1, 40, 32, 3);
        float[] expected = network.features(x).toArray();
        assertThat(RepLKNetBackbone.of(network, List.of(0, 2), false).forward(x).toArray())
                .containsExactly(expected);
        RepLKNetBackbone normed = RepLKNetBackbone.of(network, List.of(0, 1, 2), true);
        assertThat(Scrambled.error(network.features(x), normed.forward(x)))
                .as("norms start as identities")
                .isLessThan(1e-5);
        assertThat(Scrambled.error(
                        network.features(x),
                        RepLKNetBackbone.of(network.merged(), List.of(2), false).forward(x)))
                .isLessThan(1e-5);
        assertThat(Scrambled.error(normed.forward(x), normed.merged().forward(x)))
                .isLessThan(1e-5);
        assertThat(normed.merged().state().keySet()).noneMatch(name -> name.contains("lkb_origin"));
    }

    @Test
    void refusesStagesThatAreNot() {
        for (List<Integer> stages :
                List.of(List.<Integer>of(), List.of(3), List.of(-1), List.of(1, 0), List.of(1, 1))) {
            assertThatThrownBy(() -> replknet(stages, true))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("0 to 2 in ascending order");
        }
    }
}
