package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;
import replklab.nn.Layer;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/** MobileNetV2 as the paper's tables 2, 3, 4 and 11 have it, and its options. */
class MobileNetV2Test {
    /** What tables 2, 3, 4 and 11 of the paper count. */
    private static final long PAPER = 2_636_424;

    /** Depthwise channels of the seventeen blocks at width 0.75, by hand from Sandler et al. 2018, table 2. */
    private static final List<Integer> DEPTHWISE =
            List.of(24, 96, 144, 144, 144, 144, 144, 288, 288, 288, 288, 432, 432, 432, 720, 720, 720);

    private static MobileNetV2 make(MobileNetV2Config config) {
        return new MobileNetV2(config, new SplittableRandom(1));
    }

    private static MobileNetV2Config small(int kernel, boolean shortcut, List<Integer> strides) {
        return new MobileNetV2Config(0.25, kernel, shortcut, 1, strides, 16, 3, 5);
    }

    private static List<InvertedResidual> blocks(Layer layer) {
        List<InvertedResidual> found = new ArrayList<>();
        for (Layer child : layer.children().values()) {
            if (child instanceof InvertedResidual block) {
                found.add(block);
            } else {
                found.addAll(blocks(child));
            }
        }
        return found;
    }

    @Test
    void hasThePapersParameters() {
        assertThat(make(MobileNetV2Config.imageNet(0.75)).parameterCount()).isEqualTo(PAPER);
        MobileNetV2Config large =
                new MobileNetV2Config(0.75, 13, true, 2, MobileNetV2Config.IMAGENET_STRIDES, 1280, 3, 1000);
        long taps = 13 * 13 - 3 * 3;
        long channels = DEPTHWISE.stream().mapToLong(Integer::longValue).sum();
        assertThat(make(large).parameterCount()).isEqualTo(PAPER + taps * channels);
    }

    @Test
    void shortcutsAreWhereShapesAllowIt() {
        MobileNetV2 original = make(MobileNetV2Config.imageNet(0.75));
        // One a block but the first of each stage: 0 + 1 + 2 + 3 + 2 + 2 + 0.
        assertThat(blocks(original))
                .hasSize(17)
                .filteredOn(InvertedResidual::hasShortcut)
                .hasSize(10);
        assertThat(blocks(make(small(3, false, MobileNetV2Config.IMAGENET_STRIDES))))
                .hasSize(17)
                .noneMatch(InvertedResidual::hasShortcut);
        SplittableRandom random = new SplittableRandom(1);
        assertThat(new InvertedResidual(8, 8, 6, 3, 1, true, random).hasShortcut())
                .isTrue();
        assertThat(new InvertedResidual(8, 8, 6, 3, 1, false, random).hasShortcut())
                .isFalse();
        assertThat(new InvertedResidual(8, 8, 6, 3, 2, true, random).hasShortcut())
                .isFalse();
        assertThat(new InvertedResidual(8, 16, 6, 3, 1, true, random).hasShortcut())
                .isFalse();
    }

    @Test
    void stagesHaveAsManyBlocksAsAsked() {
        MobileNetV2 few = make(withBlocks(List.of(1, 1, 2, 1, 1, 1, 1)));
        assertThat(blocks(few))
                .hasSize(8)
                .filteredOn(InvertedResidual::hasShortcut)
                .hasSize(1);
        assertThat(few.forward(Tensor.zeros(2, 9, 8, 3)).shape()).isEqualTo(Shape.of(2, 5));
        assertThat(make(withBlocks(List.of(1, 2, 3, 4, 3, 3, 1))).state().keySet())
                .as("the original's numbers are those that none mean")
                .isEqualTo(make(withBlocks(List.of())).state().keySet());
        for (List<Integer> wrong : List.of(List.of(1, 1), List.of(1, 1, 1, 0, 1, 1, 1))) {
            assertThatThrownBy(() -> withBlocks(wrong))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("blocks of MobileNetV2");
        }
    }

    private static MobileNetV2Config withBlocks(List<Integer> blocks) {
        return new MobileNetV2Config(0.75, 3, true, 1, List.of(1, 1, 2, 1, 1, 2, 1), 16, 3, 5).withBlocks(blocks);
    }

    @Test
    void aShortcutAddsTheInput() {
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 1, 4, 4, 8);
        for (boolean shortcut : new boolean[] {true, false}) {
            InvertedResidual block = new InvertedResidual(8, 8, 2, 3, 1, shortcut, new SplittableRandom(1));
            // A last norm that gives nothing leaves the shortcut alone.
            block.parameters().get("conv.2.bn.weight").assign(new float[8]);
            assertThat(block.forward(x).toArray()).containsExactly(shortcut ? x.toArray() : new float[4 * 4 * 8]);
        }
    }

    @Test
    void giveLogitsForAnyImage() {
        for (int kernel : new int[] {1, 3, 13}) {
            MobileNetV2 model = make(small(kernel, true, List.of(1, 1, 2, 1, 1, 2, 1)));
            assertThat(model.forward(Tensor.zeros(2, 9, 8, 3)).shape()).isEqualTo(Shape.of(2, 5));
        }
    }

    @Test
    void namesItsParts() {
        MobileNetV2 model = make(small(3, true, MobileNetV2Config.IMAGENET_STRIDES));
        assertThat(model.state().keySet())
                .contains(
                        "features.0.conv.weight",
                        "features.0.bn.running_var",
                        "features.1.conv.0.conv.weight",
                        "features.2.conv.2.bn.bias",
                        "features.18.conv.weight",
                        "classifier.weight",
                        "classifier.bias");
        // The first block expands by 1 and has no expansion convolution.
        assertThat(model.state()).doesNotContainKey("features.1.conv.2.conv.weight");
    }

    @Test
    void oneSeedGivesTheSameWeights() {
        MobileNetV2Config config = small(3, true, MobileNetV2Config.IMAGENET_STRIDES);
        float[] one = new MobileNetV2(config, new SplittableRandom(5))
                .parameters()
                .get("classifier.weight")
                .toArray();
        float[] again = new MobileNetV2(config, new SplittableRandom(5))
                .parameters()
                .get("classifier.weight")
                .toArray();
        float[] other = new MobileNetV2(config, new SplittableRandom(6))
                .parameters()
                .get("classifier.weight")
                .toArray();
        assertThat(again).containsExactly(one);
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void roundsChannelsToEights() {
        MobileNetV2Config narrow = MobileNetV2Config.imageNet(0.75);
        assertThat(narrow.scaled(32)).isEqualTo(24);
        assertThat(narrow.scaled(16)).isEqualTo(16);
        assertThat(narrow.scaled(24)).as("16 would be more than 10 %% below 18").isEqualTo(24);
        assertThat(narrow.scaled(96)).isEqualTo(72);
        assertThat(MobileNetV2Config.imageNet(0.1).scaled(16)).isEqualTo(8);
        assertThat(MobileNetV2Config.imageNet(1.4).scaled(32)).isEqualTo(48);
        assertThat(MobileNetV2Config.imageNet(1).scaled(24)).isEqualTo(24);
    }

    @Test
    void refusesWhatCannotBe() {
        List<Integer> strides = MobileNetV2Config.IMAGENET_STRIDES;
        refused(0, 3, 2, strides, 16, 3, 5, "width", "0.0", "above 0 up to 4");
        refused(Double.NaN, 3, 2, strides, 16, 3, 5, "width", "NaN");
        refused(1, 4, 2, strides, 16, 3, 5, "kernel", "4", "odd");
        refused(1, -3, 2, strides, 16, 3, 5, "kernel", "-3");
        refused(1, 3, 3, strides, 16, 3, 5, "stemStride", "3", "1 and 2");
        refused(1, 3, 2, List.of(1, 2), 16, 3, 5, "strides", "[1, 2]", "7 stages");
        refused(1, 3, 2, Collections.nCopies(7, 0), 16, 3, 5, "strides", "0", "1 and 2");
        refused(1, 3, 2, strides, 0, 3, 5, "lastChannels", "0", "at least 1");
        refused(1, 3, 2, strides, 16, 0, 5, "inputChannels", "0");
        refused(1, 3, 2, strides, 16, 3, 1, "classes", "1", "at least 2");
    }

    private static void refused(
            double width, int kernel, int stem, List<Integer> strides, int last, int in, int classes, String... words) {
        assertThatThrownBy(() -> new MobileNetV2Config(width, kernel, true, stem, strides, last, in, classes))
                .isInstanceOf(UsageException.class)
                .message()
                .contains(words);
    }
}
