package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;

/** A large and a small kernel on one input: the same as two convolutions, however much of their outputs is used. */
class DepthwisePairTest {
    private final Tensor x = uniform(1, 2, 5, 7, 3);
    private final Tensor large = uniform(2, 7, 7, 3);
    private final Tensor small = uniform(3, 3, 3, 3);

    @Test
    void equalsTwoConvolutions() {
        Tensor[] pair = x.depthwisePair(large, small);
        assertThat(pair[0].toArray())
                .containsExactly(x.depthwise(large, null, 1, 1).toArray());
        assertThat(pair[1].toArray())
                .containsExactly(x.depthwise(small, null, 1, 1).toArray());
    }

    @Test
    void differentiatesWhicheverOutputsAreUsed() {
        GradientCheck.of(t -> both(t[0].depthwisePair(t[1], t[2])), x.copy(), large.copy(), small.copy())
                .holds();
        GradientCheck.of(t -> t[0].depthwisePair(t[1], small)[0], x.copy(), large.copy())
                .holds();
        GradientCheck.of(t -> t[0].depthwisePair(large, t[1])[1], x.copy(), small.copy())
                .holds();
    }

    @Test
    void theKernelWhoseOutputIsUnusedHasNoGradient() {
        Tensor first = large.copy().asParameter();
        Tensor second = small.copy().asParameter();
        try (Tape tape = Tape.training(0)) {
            tape.backward(x.depthwisePair(first, second)[1].sum());
            assertThat(first.gradientOrNull()).isNull();
            assertThat(second.gradientOrNull()).isNotNull();
        }
    }

    private static Tensor both(Tensor[] pair) {
        return pair[0].add(pair[1].scale(3));
    }
}
