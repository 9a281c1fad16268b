package replklab.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/** What folding puts together, and that the outputs stay those of evaluation mode. */
class FoldingTest {
    private static final int CHANNELS = 6;
    private static final Tensor X = Tensor.normal(new SplittableRandom(1), 1, 2, 5, 7, CHANNELS);
    private static final SplittableRandom RANDOM = new SplittableRandom(2);

    /** A layer with the forward pass and the steps that a test gives it. */
    private static final class Given extends Layer {
        private final Consumer<Folding> steps;
        private final java.util.function.UnaryOperator<Tensor> forward;

        Given(java.util.function.UnaryOperator<Tensor> forward, Consumer<Folding> steps) {
            this.forward = forward;
            this.steps = steps;
        }

        @Override
        public Tensor forward(Tensor x) {
            return forward.apply(x);
        }

        @Override
        protected void fold(Folding into) {
            steps.accept(into);
        }
    }

    private static final Layer POOL = new Given(Tensor::globalAveragePool, Folding::globalAveragePool);

    private static Layer activation(Activation kind) {
        return new Given(x -> x.activation(kind), into -> into.activation(kind));
    }

    private static Layer shortcut(Layer body) {
        return new Given(x -> x.add(body.forward(x)), into -> into.residual(inner -> inner.layer(body)));
    }

    private static BatchNorm norm(Activation activation) {
        return Scrambled.of(new BatchNorm(CHANNELS, activation), 3);
    }

    private static Pointwise pointwise(boolean bias) {
        return Scrambled.of(new Pointwise(CHANNELS, CHANNELS, bias, RANDOM), 4);
    }

    private static Depthwise depthwise(int kernel, int stride, int dilation, boolean bias) {
        Initialisation start = Initialisation.uniform(RANDOM);
        return Scrambled.of(new Depthwise(CHANNELS, kernel, stride, dilation, bias, start), 5);
    }

    /** Throws unless layers fold into so many steps with the same output. */
    private static Layer assertFolds(int steps, Layer... layers) {
        Layer network = new Sequential(List.of(layers));
        Layer folded = network.folded();
        assertThat(Scrambled.error(network.forward(X), folded.forward(X))).isLessThan(2e-6);
        assertThat(folded.children()).hasSize(steps);
        return folded;
    }

    @ParameterizedTest
    @EnumSource
    void aConvolutionTakesTheNormAndTheActivationAfterIt(Activation activation) {
        assertFolds(1, pointwise(false), norm(activation));
        assertFolds(1, pointwise(true), norm(Activation.NONE), norm(Activation.NONE), activation(activation));
        assertFolds(1, depthwise(5, 1, 1, true), norm(activation));
        assertFolds(1, depthwise(3, 2, 1, false), norm(activation));
        assertFolds(1, depthwise(3, 1, 2, false), activation(activation));
        assertFolds(1, new Convolution(CHANNELS, CHANNELS, 3, 2, RANDOM), norm(activation));
    }

    @Test
    void aPointwiseConvolutionTakesTheNormsBeforeIt() {
        assertFolds(1, norm(Activation.NONE), pointwise(false));
        assertFolds(1, norm(Activation.NONE), norm(Activation.NONE), pointwise(true), norm(Activation.RELU));
        assertFolds(2, pointwise(false), norm(Activation.RELU), norm(Activation.NONE), pointwise(false));
    }

    @Test
    void theHeadTakesTheNormBeforeThePooling() {
        Linear head = Scrambled.of(new Linear(CHANNELS, 4, RANDOM), 6);
        assertFolds(2, norm(Activation.NONE), POOL, head);
        assertFolds(3, pointwise(false), norm(Activation.NONE), POOL, head);
        // With an activation in between it must not, nor does a norm of pooled values that nothing takes get lost.
        assertFolds(3, norm(Activation.RELU), POOL, head);
        assertFolds(2, norm(Activation.NONE), POOL);
        assertFolds(2, POOL, norm(Activation.RELU));
    }

    @Test
    void aNormBeforePaddingStaysAStepOfItsOwn() {
        assertFolds(2, norm(Activation.NONE), depthwise(3, 1, 1, false));
        assertFolds(2, norm(Activation.NONE), new Convolution(CHANNELS, CHANNELS, 3, 1, RANDOM));
        assertFolds(1, norm(Activation.RELU));
        assertFolds(2, norm(Activation.RELU), depthwise(3, 1, 1, false), norm(Activation.GELU));
    }

    @Test
    void anActivationIsNotFoldedAcrossAnother() {
        assertFolds(2, pointwise(false), activation(Activation.GELU), activation(Activation.RELU));
        assertFolds(2, activation(Activation.RELU), pointwise(false));
        assertFolds(0, activation(Activation.NONE));
    }

    @Test
    void shortcutsAreAddedWhereverTheBodyEnds() {
        assertFolds(
                1, shortcut(new Sequential(List.of(norm(Activation.NONE), pointwise(false), norm(Activation.RELU)))));
        assertFolds(1, shortcut(depthwise(3, 1, 1, true)));
        assertFolds(1, shortcut(norm(Activation.NONE)));
        assertFolds(1, shortcut(new Sequential(List.of())));
        assertFolds(1, shortcut(shortcut(pointwise(true))));
        // What stands before a shortcut goes both ways, and what comes after it sees the sum.
        assertFolds(2, norm(Activation.NONE), shortcut(pointwise(false)));
        assertFolds(2, pointwise(false), shortcut(pointwise(false)));
        assertFolds(2, shortcut(pointwise(false)), activation(Activation.RELU));
        assertFolds(2, shortcut(pointwise(false)), norm(Activation.NONE), pointwise(false));
    }

    @Test
    void aLayerThatDoesNotSayRunsAsItIs() {
        Layer own = new Layer() {
            private final Layer inner = child("inner", norm(Activation.RELU));

            @Override
            public Tensor forward(Tensor x) {
                return inner.forward(x).multiply(x);
            }
        };
        Layer folded = assertFolds(3, pointwise(false), own, norm(Activation.NONE), pointwise(true));
        own.train(true);
        assertThatThrownBy(() -> folded.forward(X)).hasMessageContaining("evaluation mode");
        own.train(false);
        assertThat(folded.forward(X).shape()).isEqualTo(X.shape());
    }

    @Test
    void theOriginalDoesNotChangeNorIsItAsked() {
        Layer network = Scrambled.of(
                new Sequential(List.of(
                        norm(Activation.NONE),
                        pointwise(true),
                        ConvBn.depthwise(CHANNELS, 3, 1, Activation.RELU, RANDOM))),
                7);
        Map<String, float[]> before = new HashMap<>();
        network.state()
                .forEach((name, variable) -> before.put(name, variable.tensor().toArray()));
        // Folded from training mode, too, the running statistics count.
        Layer folded = network.train(true).folded();
        network.train(false);
        float[] expected = folded.forward(X).toArray();
        assertThat(network.isTraining()).isFalse();
        network.state()
                .forEach((name, variable) ->
                        assertThat(variable.tensor().toArray()).as(name).containsExactly(before.get(name)));
        assertThat(Scrambled.error(network.forward(X), folded.forward(X))).isLessThan(2e-6);
        network.state()
                .values()
                .forEach(variable -> variable.tensor()
                        .assign(new float[(int) variable.tensor().shape().elements()]));
        assertThat(folded.forward(X).toArray()).containsExactly(expected);
    }

    @Test
    void theWeightsAreFrozenAndNothingIsTrained() {
        Layer folded = new Sequential(List.of(norm(Activation.NONE), shortcut(pointwise(true)))).folded();
        assertThat(folded.parameters()).isEmpty();
        assertThat(folded.state().keySet()).containsExactly("0.weight", "0.bias", "1.last.weight", "1.last.bias");
        folded.state()
                .values()
                .forEach(variable -> assertThat(variable.tensor().isFrozen()).isTrue());
    }

    @Test
    void normsOfOtherWidthsAreRefused() {
        Layer odd = new Sequential(List.of(pointwise(false), new BatchNorm(CHANNELS + 1, Activation.NONE)));
        assertThatThrownBy(odd::folded).hasMessageContaining("7 channels").hasMessageContaining("of 6");
    }
}
