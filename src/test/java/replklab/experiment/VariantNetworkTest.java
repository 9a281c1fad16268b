package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.UsageException;
import replklab.model.Architecture;
import replklab.model.KernelForm;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Precision;
import replklab.tensor.Tensor;

class VariantNetworkTest {
    private static Experiment experiment(String name) {
        return Experiments.load(name, Profile.FULL);
    }

    /** Each network takes the experiment's images, and no two variants are one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "shortcut",
                "reparam",
                "small-maps",
                "dilated",
                "shape-bias",
                "receptive-field",
                "convnext",
                "downstream"
            })
    void everyVariantHasItsNetwork(String name) {
        List<VariantNetwork> networks = VariantNetwork.of(experiment(name));
        assertThat(networks).hasSameSizeAs(experiment(name).spec().combinations());
        assertThat(networks).extracting(VariantNetwork::variant).doesNotHaveDuplicates();
        for (VariantNetwork network : networks) {
            Architecture architecture = Architecture.parse(network.architecture());
            Layer layer = architecture.network(KernelForm.TRAINING, Initialisation.uniform(new SplittableRandom(1)));
            Tensor images = Tensor.zeros(2, network.side(), network.side(), architecture.inputChannels());
            assertThat(layer.train(false).forward(images).shape().rank()).isEqualTo(2);
            assertThat(network.batch())
                    .isEqualTo(experiment(name).spec().training().batchSize());
        }
    }

    @Test
    void shortcutHasFour() {
        List<VariantNetwork> networks = VariantNetwork.of(experiment("shortcut"));
        assertThat(networks)
                .extracting(VariantNetwork::variant)
                .containsExactly(
                        "shortcut=with kernel=3",
                        "shortcut=with kernel=13",
                        "shortcut=without kernel=3",
                        "shortcut=without kernel=13");
        assertThat(networks).extracting(VariantNetwork::architecture).doesNotHaveDuplicates();
        assertThat(networks).allSatisfy(network -> assertThat(network.side()).isEqualTo(28));
    }

    /** What varies the training does not vary the network, but how it is measured. */
    @Test
    void aVariedTrainingIsMeasuredAsItTrains() {
        List<VariantNetwork> networks = VariantNetwork.of(experiment("half-precision"));
        assertThat(networks)
                .extracting(VariantNetwork::precision)
                .containsExactly(Precision.FLOAT32, Precision.FLOAT32, Precision.BF16, Precision.BF16);
        assertThat(networks.get(0).architecture()).isEqualTo(networks.get(2).architecture());
        assertThat(networks.get(0).architecture()).isNotEqualTo(networks.get(1).architecture());
    }

    @Test
    void whatMeasuresTrainsNone() {
        assertThatThrownBy(() -> VariantNetwork.of(experiment("dw-efficiency")))
                .isInstanceOf(UsageException.class)
                .hasMessage("dw-efficiency trains no networks: it measures");
    }
}
