package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.UsageException;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.Scrambled;
import replklab.tensor.Shape;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** ConvNeXt with any kernel: its published size, its names, its folded form, and that all of it is trained. */
class ConvNeXtTest {
    private static ConvNeXtConfig small(double dropPath) {
        return new ConvNeXtConfig(List.of(7, 13), List.of(1, 2), List.of(8, 12), 4, 0.3, dropPath, 3, 5);
    }

    /** 28.6 M in Liu et al. 2022, table 1; 28,589,128 in its authors' file. A kernel adds K^2 - 49 a channel and block. */
    @ParameterizedTest
    @CsvSource({"7, 28589128", "31, 34630216"})
    void hasThePublishedParameters(int kernel, long parameters) {
        ConvNeXt network = new ConvNeXt(ConvNeXtConfig.tiny(kernel), Initialisation.undefined());
        assertThat(network.parameterCount()).isEqualTo(parameters);
    }

    @Test
    void partsHaveTheAuthorsNames() {
        assertThat(new ConvNeXt(small(0), new SplittableRandom(1)).state().keySet())
                .contains(
                        "downsample_layers.0.0.weight",
                        "downsample_layers.0.1.bias",
                        "downsample_layers.1.0.weight",
                        "downsample_layers.1.1.bias",
                        "stages.0.0.dwconv.bias",
                        "stages.1.1.norm.weight",
                        "stages.1.1.pwconv1.weight",
                        "stages.1.1.pwconv2.bias",
                        "stages.1.1.gamma",
                        "norm.weight",
                        "head.bias");
    }

    @Test
    void theFoldedNetworkHasTheSameOutputs() {
        ConvNeXt network = Scrambled.of(new ConvNeXt(small(0.4), Initialisation.uniform(new SplittableRandom(1))), 2);
        Tensor x = Tensor.normal(new SplittableRandom(3), 1, 2, 34, 41, 3);
        Layer folded = network.folded();
        assertThat(Scrambled.error(network.forward(x), folded.forward(x))).isLessThan(1e-5);
        assertThat(folded.state().keySet())
                .as("layer scale became part of a convolution")
                .noneMatch(name -> name.contains("gamma"));
    }

    @Test
    void everyParameterIsTrained() {
        ConvNeXt network = new ConvNeXt(small(0.1), new SplittableRandom(1));
        network.train(true);
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 3, 32, 32, 3);
        try (Tape tape = Tape.training(1)) {
            tape.backward(network.forward(x).crossEntropy(Targets.labels(0, 3, 4)));
            network.parameters()
                    .forEach((name, parameter) -> assertThat(
                                    parameter.gradient().toArray())
                            .as(name)
                            .isNotEqualTo(new float[(int) parameter.shape().elements()]));
        }
    }

    @Test
    void dropPathGrowsEvenly() {
        assertThat(small(0.6).dropPath(0, 0)).isZero();
        assertThat(small(0.6).dropPath(1, 0)).isEqualTo(0.3);
        assertThat(small(0.6).dropPath(1, 1)).isEqualTo(0.6);
        assertThat(small(0.6).withDropPath(0.2).withData(1, 3))
                .isEqualTo(new ConvNeXtConfig(List.of(7, 13), List.of(1, 2), List.of(8, 12), 4, 0.3, 0.2, 1, 3));
    }

    @Test
    void takesImagesOfAnySizeThatHaveAPatch() {
        ConvNeXt network = new ConvNeXt(small(0), new SplittableRandom(1));
        assertThat(network.forward(Tensor.zeros(2, 9, 15, 3)).shape()).isEqualTo(Shape.of(2, 5));
        assertThatThrownBy(() -> network.forward(Tensor.zeros(2, 3, 15, 3))).isInstanceOf(UsageException.class);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new ConvNeXtConfig(List.of(7), List.of(1, 1), List.of(8, 8), 4, 1, 0, 3, 5))
                .hasMessageContaining("1, 2 and 2 entries");
        assertThatThrownBy(() -> new ConvNeXtConfig(List.of(6), List.of(1), List.of(8), 4, 1, 0, 3, 5))
                .hasMessageContaining("6");
        assertThatThrownBy(() -> new ConvNeXtConfig(List.of(7), List.of(0), List.of(8), 4, 1, 0, 3, 5))
                .hasMessageContaining("layers of ConvNeXt is 0");
        assertThatThrownBy(() -> new ConvNeXtConfig(List.of(7), List.of(1), List.of(8), 0, 1, 0, 3, 5))
                .hasMessageContaining("stemSize");
        assertThatThrownBy(() -> new ConvNeXtConfig(List.of(7), List.of(1), List.of(8), 4, 0, 0, 3, 5))
                .hasMessageContaining("layerScale");
        assertThatThrownBy(() -> small(1)).hasMessageContaining("dropPath");
        assertThatThrownBy(() -> small(0).withData(3, 1)).hasMessageContaining("classes");
    }
}
