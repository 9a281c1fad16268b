package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.UsageException;
import replklab.nn.Scrambled;
import replklab.tensor.Tensor;

/** The depthwise kernels of the paper's ablations: by stage (table 4), re-parameterised (table 3) and dilated (table 11). */
class MobileNetV2OptionsTest {
    private static final MobileNetV2Config SMALL =
            new MobileNetV2Config(0.25, 3, true, 1, List.of(1, 2, 1, 2, 1, 1, 2), 16, 3, 5);

    private static MobileNetV2 make(MobileNetV2Config config) {
        return Scrambled.of(new MobileNetV2(config, new SplittableRandom(1)), 2);
    }

    @ParameterizedTest
    @CsvSource({"9, 3", "13, 3", "13, 5", "3, 3", "5, 1"})
    void aParallelKernelIsMergedAndFolded(int kernel, int small) {
        MobileNetV2 network = make(SMALL.withKernel(new DepthwiseKernel(kernel, small, 1)));
        Tensor x = Tensor.normal(new SplittableRandom(3), 1, 2, 21, 18, 3);
        Tensor expected = network.forward(x);
        assertThat(Scrambled.error(expected, network.merged().forward(x))).isLessThan(1e-5);
        assertThat(Scrambled.error(expected, network.folded().forward(x))).isLessThan(1e-5);
        assertThat(Scrambled.error(expected, network.merged().folded().forward(x)))
                .isLessThan(1e-5);
        assertThat(network.state()).containsKey("features.5.conv.1.small_conv.bn.weight");
        assertThat(network.merged().state().keySet())
                .contains("features.5.conv.1.lkb_reparam.weight")
                .noneMatch(name -> name.contains("small_conv"));
    }

    @Test
    void withoutOneTheMergedNetworkIsAnEqualCopy() {
        MobileNetV2 network = make(SMALL);
        MobileNetV2 merged = network.merged();
        assertThat(merged.state().keySet()).isEqualTo(network.state().keySet());
        Tensor x = Tensor.normal(new SplittableRandom(3), 1, 1, 9, 9, 3);
        assertThat(merged.forward(x).toArray())
                .containsExactly(network.forward(x).toArray());
    }

    @Test
    void aDilatedKernelSeesFarWithFewWeights() {
        MobileNetV2 dense = make(SMALL);
        MobileNetV2 dilated = make(SMALL.withKernel(new DepthwiseKernel(3, 0, 4)));
        assertThat(dilated.parameterCount()).isEqualTo(dense.parameterCount());
        Tensor x = Tensor.normal(new SplittableRandom(3), 1, 1, 24, 24, 3);
        assertThat(dilated.forward(x).toArray()).isNotEqualTo(dense.forward(x).toArray());
        assertThat(Scrambled.error(dilated.forward(x), dilated.folded().forward(x)))
                .isLessThan(1e-5);
    }

    @Test
    void everyStageMayHaveItsKernel() {
        MobileNetV2 network = make(SMALL.withKernels(List.of(3, 5, 7, 9, 11, 13, 15)));
        assertThat(network.parameters().get("features.1.conv.0.conv.weight").size(0))
                .isEqualTo(3);
        assertThat(network.parameters().get("features.2.conv.1.conv.weight").size(0))
                .isEqualTo(5);
        assertThat(network.parameters().get("features.17.conv.1.conv.weight").size(0))
                .isEqualTo(15);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> SMALL.withKernels(List.of(3, 5)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("one for each of 7 stages");
        assertThatThrownBy(() -> SMALL.withKernels(List.of(3, 3, 3, 3, 3, 3, 4)))
                .hasMessageContaining("4");
        assertThatThrownBy(() -> new DepthwiseKernel(3, 5, 1)).hasMessageContaining("smallKernel is 5");
        assertThatThrownBy(() -> new DepthwiseKernel(7, 2, 1)).hasMessageContaining("odd");
        assertThatThrownBy(() -> new DepthwiseKernel(7, 0, 0)).hasMessageContaining("dilation is 0");
        assertThatThrownBy(() -> new DepthwiseKernel(7, 3, 2)).hasMessageContaining("dilation 2 and smallKernel 3");
        assertThatThrownBy(
                        () -> SMALL.withKernel(new DepthwiseKernel(7, 5, 1)).withKernels(List.of(7, 7, 7, 7, 7, 7, 3)))
                .hasMessageContaining("smallKernel is 5");
    }
}
