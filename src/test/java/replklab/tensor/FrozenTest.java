package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.tensor.Inputs.uniform;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import replklab.base.Reusable;
import replklab.conv.Algorithm;
import replklab.conv.DepthwisePlanner;

/** A frozen tensor's contents never change, whoever asks; what is computed from them is computed once. */
class FrozenTest {
    private final Tensor frozen = uniform(1, 3, 4).freeze();

    @Test
    void everyWayToChangeItIsRefused() {
        Tensor other = Tensor.zeros(3, 4);
        refused(() -> frozen.assign(other));
        refused(() -> frozen.assign(new float[12]));
        refused(() -> frozen.reshape(12).assign(new float[12]));
        refused(frozen::asParameter);
        refused(() -> Backend.run(new OptimiserStep.Sgd(frozen, other, other.copy(), 1, 1, 0, 0)));
        refused(() ->
                Backend.run(new OptimiserStep.AdamW(frozen, other, other.copy(), other.copy(), 1, 1, 0, 0, 1, 0, 1)));
        BatchNormState state = new BatchNormState(
                Tensor.full(1, 4), Tensor.zeros(4), Tensor.zeros(4).freeze(), Tensor.full(1, 4), 1e-5, 0.1);
        refused(() -> other.batchNorm(state, Activation.NONE, true));
        assertThat(frozen.toArray()).containsExactly(uniform(1, 3, 4).toArray());
        frozen.toNd4j().assign(7);
        assertThat(frozen.toArray()).containsExactly(uniform(1, 3, 4).toArray());
        frozen.copy().assign(other);
    }

    @Test
    void whatWillChangeCannotBeFrozen() {
        assertThatThrownBy(() -> Tensor.zeros(2).asParameter().freeze())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a parameter is there to be trained");
        try (Tape _ = Tape.inference()) {
            Tensor lent = Tensor.zeros(2);
            assertThatThrownBy(lent::freeze)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("made on a tape");
        }
    }

    @Test
    void aPreparedFormIsMadeOnce() {
        AtomicInteger made = new AtomicInteger();
        assertThat(List.of(prepared("sum", made), prepared("sum", made), prepared("product", made)))
                .containsExactly(1, 1, 2);
        assertThatThrownBy(() -> Tensor.zeros(2).prepared("sum", () -> new Form(made.incrementAndGet())))
                .isInstanceOf(IllegalStateException.class);
        assertThat(made).hasValue(2);
        Tape.releaseMemory();
        assertThat(prepared("sum", made))
                .as("made again after the memory was given back")
                .isEqualTo(3);
    }

    private int prepared(String key, AtomicInteger made) {
        try (Form form = frozen.prepared(key, () -> new Form(made.incrementAndGet()))) {
            return form.number;
        }
    }

    private static final class Form extends Reusable {
        final int number;

        Form(int number) {
            this.number = number;
        }

        @Override
        protected long bytes() {
            return 1;
        }

        @Override
        protected void free() {
            // Nothing to give back.
        }
    }

    /** The two algorithms round differently, which tells them apart. */
    @Test
    void frozenFiltersFollowThePlannersPreference() {
        Tensor x = uniform(2, 1, 14, 14, 16);
        Tensor plain = uniform(3, 13, 13, 16);
        Tensor frozenFilters = plain.copy().freeze();
        DepthwisePlanner planner = DepthwisePlanner.current();
        Algorithm before = planner.preferred();
        try {
            for (Algorithm algorithm : List.of(Algorithm.FFT, Algorithm.DIRECT, Algorithm.FFT)) {
                planner.prefer(algorithm);
                float[] expected = x.depthwise(plain, null, 1, 1).toArray();
                assertThat(x.depthwise(frozenFilters, null, 1, 1).toArray()).isEqualTo(expected);
            }
        } finally {
            planner.prefer(before);
        }
    }

    private static void refused(ThrowingCallable change) {
        assertThatThrownBy(change).isInstanceOf(IllegalStateException.class).hasMessageContaining("is frozen");
    }
}
