package replklab.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/** How layers keep their parts under names, and take weights. */
class LayerTest {
    private final Layer network = new Sequential(List.of(
            ConvBn.pointwise(2, 3, Activation.RELU, new SplittableRandom(1)),
            new Linear(3, 2, new SplittableRandom(2))));

    /** Registers what a test asks for. */
    private static final class Parts extends Layer {
        Parts(String... names) {
            for (String name : names) {
                buffer(name, Tensor.zeros(1));
            }
        }

        Parts withChild(String name) {
            child(name, new Parts());
            return this;
        }

        Parts withParameter(String name) {
            parameter(name, Tensor.zeros(1), WeightLayout.PLAIN);
            return this;
        }

        @Override
        public Tensor forward(Tensor x) {
            return x;
        }
    }

    @Test
    void namesAreDottedAndInTheOrderOfRegistration() {
        assertThat(network.state().keySet())
                .containsExactly(
                        "0.conv.weight",
                        "0.bn.weight",
                        "0.bn.bias",
                        "0.bn.running_mean",
                        "0.bn.running_var",
                        "1.weight",
                        "1.bias");
        assertThat(network.parameters().keySet())
                .containsExactly("0.conv.weight", "0.bn.weight", "0.bn.bias", "1.weight", "1.bias");
        assertThat(network.parameterCount()).isEqualTo(6 + 3 + 3 + 6 + 2);
        List<Layer> twenty = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            twenty.add(new Parts("p"));
        }
        assertThat(List.copyOf(new Sequential(twenty).children().values())).isEqualTo(twenty);
    }

    @Test
    void aNameIsFreeNotEmptyAndWithoutDots() {
        for (String taken : List.of("a", "", "a.b")) {
            assertThatThrownBy(() -> new Parts("a").withChild(taken)).hasMessageContaining("'" + taken + "'");
            assertThatThrownBy(() -> new Parts("a").withParameter(taken)).hasMessageContaining("Parts");
        }
        assertThatThrownBy(() -> new Parts("a", "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Parts().withChild("c").withParameter("c"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void trainingModeReachesEveryLayer() {
        Layer conv = network.children().get("0");
        assertThat(network.isTraining()).isFalse();
        network.train(true);
        assertThat(conv.children().get("bn").isTraining()).isTrue();
        network.train(false);
        assertThat(conv.children().get("bn").isTraining()).isFalse();
    }

    @Test
    void loadOverwritesParametersAndBuffers() {
        Map<String, Tensor> values = new HashMap<>();
        network.state()
                .forEach((name, variable) -> values.put(
                        name,
                        Tensor.full(name.length(), variable.tensor().shape().toArray())));
        Map<String, Tensor> parameters = network.parameters();
        network.load(values);
        network.state()
                .forEach((name, variable) ->
                        assertThat(variable.tensor().toArray()).as(name).containsOnly(name.length()));
        // The very tensors that an optimiser holds.
        assertThat(parameters.get("1.bias").toArray()).containsOnly("1.bias".length());
        assertThat(parameters.get("1.bias").isParameter()).isTrue();
    }

    @Test
    void loadNamesEveryProblemAtOnceAndThenChangesNothing() {
        float[] before = network.state().get("1.weight").tensor().toArray();
        Map<String, Tensor> values = new HashMap<>();
        network.state()
                .forEach((name, variable) -> values.put(
                        name, Tensor.full(9, variable.tensor().shape().toArray())));
        values.remove("0.bn.running_var");
        values.put("2.weight", Tensor.zeros(1));
        values.put("1.bias", Tensor.zeros(5));
        assertThatThrownBy(() -> network.load(values))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("missing: 0.bn.running_var")
                .hasMessageContaining("surplus: 2.weight")
                .hasMessageContaining("shape of 1.bias is (5), the model's is (2)");
        assertThat(network.state().get("1.weight").tensor().toArray()).containsExactly(before);
    }
}
