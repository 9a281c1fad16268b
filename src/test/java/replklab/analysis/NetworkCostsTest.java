package replklab.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.model.ConvNeXt;
import replklab.model.ConvNeXtConfig;
import replklab.model.KernelForm;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.nn.Depthwise;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.Pointwise;
import replklab.tensor.Tensor;

class NetworkCostsTest {
    /** The last two columns are model-sizes.csv's {@code params_reparam} and {@code macs_reparam_g}. */
    @ParameterizedTest
    @CsvSource({"replknet-3, 71894376, 12.94", "replknet-13, 73819496, 13.44", "replknet-31b, 79527272, 15.35"})
    void thePapersNetworksCostWhatWasCounted(String name, long parameters, double gigaMacs) {
        NetworkCosts costs = merged(name, 224);
        assertThat(costs.parameters()).isEqualTo(parameters);
        assertThat(costs.macs() / 1e9).isCloseTo(gigaMacs, within(0.005));
    }

    @Test
    void partsAddUp() {
        NetworkCosts costs = merged("replknet-31b", 32);
        assertThat(costs.macs("depthwise") + costs.macs("pointwise") + costs.macs("convolution"))
                .isEqualTo(costs.macs());
        // The first stage has two layers of 31x31 on maps of 8x8 with 128 channels.
        assertThat(costs.macs("depthwise 31x31")).isEqualTo(2L * 8 * 8 * 128 * 31 * 31);
        assertThat(costs.operations().getFirst().output().toArray()).containsExactly(1, 16, 16, 128);
    }

    @Test
    void aUsersOwnOperationCountsAsItSays() {
        NetworkCosts costs = NetworkCosts.of(new Doubling(), 2, 5, 6, 4);
        assertThat(costs.operations())
                .extracting(NetworkCosts.Operation::kind, NetworkCosts.Operation::macs)
                .containsExactly(tuple("pointwise", 2L * 5 * 6 * 16), tuple("Doubled", 2L * 2 * 5 * 6 * 4));
        assertThat(costs.macs("Doubled")).isEqualTo(480);
    }

    @Test
    void aUsersOwnBlockIsCountedByWhatItDoes() {
        SplittableRandom random = new SplittableRandom(1);
        Layer gated = new Layer() {
            private final Layer value = child("value", new Depthwise(4, 7, 1, 1, random));
            private final Layer gate = child("gate", new Pointwise(4, 4, true, random));

            @Override
            public Tensor forward(Tensor x) {
                return value.forward(x).gate(gate.forward(x.globalAveragePool()).sigmoid());
            }
        };
        NetworkCosts costs = NetworkCosts.of(gated, 2, 5, 6, 4);
        assertThat(costs.operations())
                .extracting(NetworkCosts.Operation::layer, NetworkCosts.Operation::kind)
                .containsExactlyInAnyOrder(tuple("value", "depthwise 7x7"), tuple("gate", "pointwise"));
        assertThat(costs.macs()).isEqualTo(2L * 5 * 6 * 4 * 49 + 2L * 4 * 4);
        assertThat(costs.parameters()).isEqualTo(4 * 49 + 4 * 4 + 4);
    }

    @Test
    void everyLayerIsNamed() {
        RepLKNetConfig config = new RepLKNetConfig(List.of(7, 5), List.of(1, 1), List.of(8, 12), 3, 1, 4, 0, 3, 4);
        RepLKNet network = new RepLKNet(config, new SplittableRandom(1));
        NetworkCosts costs = NetworkCosts.of(network, 1, 64, 32, 3);
        assertThat(costs.parameters()).isEqualTo(network.parameterCount());
        assertThat(costs.layers().stream()
                        .mapToLong(NetworkCosts.LayerCosts::parameters)
                        .sum())
                .isEqualTo(costs.parameters());
        assertThat(costs.layers().stream()
                        .mapToLong(NetworkCosts.LayerCosts::macs)
                        .sum())
                .isEqualTo(costs.macs());
        assertThat(costs.layers())
                .contains(
                        new NetworkCosts.LayerCosts("stem.0.conv", "convolution 3x3", 8 * 27, 32L * 16 * 8 * 27),
                        new NetworkCosts.LayerCosts("stem.0.bn", "batch norm", 16, 0),
                        new NetworkCosts.LayerCosts(
                                "stages.0.blocks.0.large_kernel.small_conv.conv", "depthwise 3x3", 72, 16L * 8 * 8 * 9),
                        new NetworkCosts.LayerCosts("head", "pointwise", 12 * 4 + 4, 12 * 4))
                .noneMatch(layer -> layer.name().isEmpty() || layer.kind().isEmpty());
        NetworkCosts folded = NetworkCosts.of(network.folded(), 1, 64, 32, 3);
        assertThat(folded.parameters())
                .isEqualTo(network.folded().state().values().stream()
                        .mapToLong(variable -> variable.tensor().shape().elements())
                        .sum());
    }

    /** Liu et al. 2022, table 1: 28.6 M parameters and 4.5 G for a 224x224 image; a patch convolution's weight is reshaped. */
    @Test
    void layersThatReshapeTheirWeightAreNamedToo() {
        NetworkCosts costs =
                NetworkCosts.of(new ConvNeXt(ConvNeXtConfig.tiny(7), Initialisation.undefined()), 1, 224, 224, 3);
        assertThat(costs.macs() / 1e9).isCloseTo(4.46, within(0.005));
        assertThat(costs.layers())
                .contains(new NetworkCosts.LayerCosts(
                        "downsample_layers.0.0", "pointwise", 96 * 49L, 56L * 56 * 96 * 48));
    }

    private static NetworkCosts merged(String name, int resolution) {
        RepLKNet network = new RepLKNet(RepLKNetConfig.named(name), KernelForm.MERGED, Initialisation.zeros());
        return NetworkCosts.of(network, 1, resolution, resolution, 3);
    }
}
