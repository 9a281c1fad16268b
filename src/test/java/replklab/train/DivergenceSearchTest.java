package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.nn.Layer;
import replklab.nn.WeightLayout;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/** Networks whose layers are only names with a weight, and operations that read them. */
class DivergenceSearchTest {
    private static final float LARGE = 3e38f;

    private static final class Named extends Layer {
        final Tensor weight = parameter("weight", Tensor.full(LARGE, 2, 2), WeightLayout.PLAIN);

        /** The layer of that dotted name below this one, which is made with all between. */
        Named at(String path) {
            Named layer = this;
            for (String name : path.split("\\.")) {
                Layer there = layer.children().get(name);
                layer = there == null ? layer.child(name, new Named()) : (Named) there;
            }
            return layer;
        }

        @Override
        public Tensor forward(Tensor x) {
            throw new AssertionError("has only weights");
        }
    }

    private final Named network = new Named();

    private String found(Runnable again) {
        return new DivergenceSearch(network).layer(() -> {
            try (Tape _ = Tape.inference()) {
                again.run();
            }
        });
    }

    /** As the kernels of a re-parameterised pair are merged before they are applied. */
    @ParameterizedTest
    @CsvSource({
        "stage.pair.large, stage.pair.small, stage.pair",
        "stage.pair, stage.pair.small, stage.pair",
        "stage.pair.small, stage.pair, stage.pair",
        "stage.pair, stage.pairs, stage",
        "stage.pairs, stage.pair, stage",
        "stem, head, stem"
    })
    void whatReadsWeightsOfTwoLayersBelongsToTheWhole(String one, String other, String whole) {
        Tensor a = network.at(one).weight;
        Tensor b = network.at(other).weight;
        assertThat(found(() -> a.add(b))).isEqualTo(whole);
    }

    @Test
    void whatHasNoWeightsBelongsToTheLayerBefore() {
        Tensor first = network.at("first").weight;
        Tensor second = network.at("second").weight;
        Tensor large = Tensor.full(LARGE, 2, 2);
        Tensor zero = Tensor.zeros(2, 2);
        assertThat(found(() -> {
                    Tensor out = first.add(zero);
                    out.add(large);
                    second.add(large);
                }))
                .isEqualTo("first");
        assertThat(found(() -> {
                    first.add(zero);
                    second.add(zero);
                }))
                .as("all is finite but what was made of it")
                .isEqualTo("second");
        assertThat(found(() -> large.add(large))).isEqualTo("the input");
    }
}
