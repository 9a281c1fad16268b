package replklab.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    void aUsersOwnBlockIsCountedByWhatItDoes() {
        SplittableRandom random = new SplittableRandom(1);
        Layer gated = new Layer() {
            private final Layer value = child("value", new Depthwise(4, 7, 1, 1, random));
            private final Layer gate = child("gate", new Pointwise(4, 4, true, random));

            @Override
            public Tensor forward(Tensor x) {
                return value.forward(x)
                        .multiply(gate.forward(x.globalAveragePool()).sigmoid());
            }
        };
        NetworkCosts costs = NetworkCosts.of(gated, 2, 5, 6, 4);
        assertThat(costs.operations())
                .extracting(NetworkCosts.Operation::kind)
                .containsExactlyInAnyOrder("depthwise 7x7", "pointwise");
        assertThat(costs.macs()).isEqualTo(2L * 5 * 6 * 4 * 49 + 2L * 4 * 4);
        assertThat(costs.parameters()).isEqualTo(4 * 49 + 4 * 4 + 4);
    }

    private static NetworkCosts merged(String name, int resolution) {
        RepLKNet network = new RepLKNet(RepLKNetConfig.named(name), KernelForm.MERGED, Initialisation.zeros());
        return NetworkCosts.of(network, 1, resolution, resolution, 3);
    }
}
