package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.tensor.Inputs.uniform;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A gradient is of what was computed: what changed since is noticed, or was copied. */
class ChangedInPlaceTest {
    private static final Map<String, Consumer<Tensor>> CHANGES = Map.of(
            "assign", x -> x.assign(new float[] {9}),
            "assign a tensor", x -> x.assign(Tensor.of(new float[] {9}, 1)),
            "exchange", x -> x.exchange(Tensor.of(new float[] {9}, 1)),
            "exchange from the other side", x -> Tensor.of(new float[] {9}, 1).exchange(x),
            "a step", x -> Backend.run(new OptimiserStep.Sgd(x, x.copy(), Tensor.zeros(1), 1, 1, 0, 0)),
            "an operation that writes there", x -> Backend.run(new ElementwiseOperation.Fill(x, 9)),
            "through a reshape", x -> x.reshape(1, 1).assign(new float[] {9}));

    @Test
    void whatAGradientWillReadMustNotChange() {
        CHANGES.forEach((how, change) -> {
            Tensor x = Tensor.of(new float[] {2}, 1).asParameter();
            Tensor other = Tensor.of(new float[] {1}, 1);
            try (Tape tape = Tape.training(0)) {
                Tensor y = x.multiply(x).sum();
                Tensor linear = x.add(other).sum();
                change.accept(x);
                assertThatThrownBy(() -> tape.backward(y))
                        .as(how)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContainingAll("(1)", "changed in place", "copy()");
                tape.backward(linear); // reads nothing
                assertThat(x.gradient().item()).isEqualTo(1);
            }
        });
    }

    @Test
    void whatWasReadMayChangeAfterwards() {
        Tensor x = Tensor.of(new float[] {2}, 1).asParameter();
        for (int step = 0; step < 2; step++) {
            try (Tape tape = Tape.training(0)) {
                float before = x.item();
                tape.backward(x.multiply(x).sum());
                assertThat(x.gradient().item()).isEqualTo(2 * before);
                x.assign(new float[] {5});
            }
        }
    }

    /** A block's norms are computed again in the backward pass: that is no change. */
    @Test
    void whatABlockComputesAgainIsTheSame() {
        Tensor gamma = uniform(1, 3).asParameter();
        Tensor w = uniform(2, 4, 3).asParameter();
        BatchNormState state =
                new BatchNormState(gamma, Tensor.zeros(3).asParameter(), Tensor.zeros(3), Tensor.full(1, 3), 1e-5, 0.1);
        try (Tape tape = Tape.training(0)) {
            Tensor y = Tape.block(() ->
                    uniform(3, 8, 3).batchNorm(state, Activation.RELU, true).pointwise(w, null));
            tape.backward(y.sum());
            assertThat(w.gradientOrNull()).isNotNull();
        }
    }

    /** The norm of a frozen part is not recorded; what it made is read by the layer after it. */
    @Test
    void aBlockWithANormThatIsNotRecorded() {
        Tensor x = uniform(3, 8, 3);
        Tensor w = uniform(2, 4, 3).asParameter();
        float[] expected = null;
        for (boolean block : new boolean[] {false, true}) {
            BatchNormState frozen =
                    new BatchNormState(uniform(1, 3), Tensor.zeros(3), Tensor.zeros(3), Tensor.full(1, 3), 1e-5, 0.1);
            try (Tape tape = Tape.training(0)) {
                Tensor y = block
                        ? Tape.block(
                                () -> x.batchNorm(frozen, Activation.RELU, true).pointwise(w, null))
                        : x.batchNorm(frozen, Activation.RELU, true).pointwise(w, null);
                tape.backward(y.sum());
                float[] gradient = w.gradient().toArray();
                assertThat(gradient).isEqualTo(expected == null ? gradient : expected);
                expected = gradient;
            }
        }
    }

    @Test
    void labelsAreCopied() {
        int[] labels = {0, 1};
        float[] distribution = {1, 0, 0, 1};
        for (Targets targets : List.of(Targets.labels(labels), Targets.distribution(distribution))) {
            Tensor logits = Tensor.zeros(2, 2).asParameter();
            try (Tape tape = Tape.training(0)) {
                Tensor loss = logits.crossEntropy(targets);
                labels[0] = 1;
                distribution[0] = 0;
                distribution[1] = 1;
                tape.backward(loss);
                assertThat(logits.gradient().toArray()).containsExactly(-0.25f, 0.25f, 0.25f, -0.25f);
            }
            labels[0] = 0;
            distribution[0] = 1;
            distribution[1] = 0;
        }
    }
}
