package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.tensor.Inputs.uniform;

import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tapes take from the system, and when they can use it again. */
class TapeMemoryTest {
    private static final int ELEMENTS = 100_000;
    private static final long BYTES = ELEMENTS * Float.BYTES;

    /** More than pages that are not filled, and small tensors. */
    private static final long SLACK = BYTES / 4;

    private final Tensor x = Tensor.full(1, ELEMENTS).asParameter();

    @BeforeEach
    @AfterEach
    void releaseMemory() {
        Tape.releaseMemory();
    }

    @Test
    void whatATapeTookIsKeptForTheNextUntilItIsReleased() {
        assertThat(Tape.memoryBytes()).isZero();
        long cached = Tape.memory().cached();
        long inUse;
        try (Tape _ = Tape.inference()) {
            inUse = Tape.memory().inUse();
            x.scale(2);
            x.scale(3);
            assertThat(Tape.memoryBytes()).isBetween(2 * BYTES, 2 * BYTES + SLACK);
            assertThat(Tape.memory().inUse()).isBetween(inUse + 2 * BYTES, inUse + 2 * BYTES + SLACK);
            assertThat(Tape.memory().cached()).isLessThan(cached + SLACK);
        }
        assertThat(Tape.memoryBytes()).isGreaterThanOrEqualTo(2 * BYTES);
        assertThat(Tape.memory().cached()).isGreaterThanOrEqualTo(2 * BYTES);
        assertThat(Tape.memory().inUse()).isLessThan(inUse + SLACK);
        assertThat(new Tape.MemoryUse(3, 4).bytes()).isEqualTo(7);
        Tape.releaseMemory();
        assertThat(Tape.memoryBytes()).isZero();
        assertThat(Tape.memory().cached()).isLessThan(BYTES);
    }

    /** The outputs that no view looks at as well as those that one does. */
    @Test
    void aBackwardPassGivesBackWhatItPassed() {
        long three = taken(3, _ -> x.scale(2));
        long nine = taken(9, _ -> x.scale(2));
        assertThat(nine - three).isLessThan(6 * BYTES + SLACK);
        try (Tape tape = Tape.training(1)) {
            Tensor made = x.scale(2);
            tape.backward(made.sum());
            assertThatThrownBy(made::toArray).hasMessageContaining("a backward pass went through");
            long before = Tape.memoryBytes();
            tape.backward(x.scale(3).sum());
            assertThat(Tape.memoryBytes()).as("used again").isLessThan(before + BYTES);
        }
    }

    /** What a training step takes whose loss is the sum of so many parts. */
    private static long taken(int parts, IntFunction<Tensor> part) {
        Tape.releaseMemory();
        try (Tape tape = Tape.training(1)) {
            Tensor loss = part.apply(0).sum();
            for (int i = 1; i < parts; i++) {
                loss = loss.add(part.apply(i).sum());
            }
            tape.backward(loss);
            return Tape.memoryBytes();
        }
    }

    /** The ranges' sums of a convolution's weight gradient are eight times the weights; one step needs them once. */
    @Test
    void whatAGradientNeedsOnTheWayIsUsedAgain() {
        Tensor images = uniform(1, 8, 4, 4, 32);
        Tensor[] weights = new Tensor[4];
        for (int i = 0; i < 4; i++) {
            weights[i] = uniform(i, 32, 3, 3, 32).asParameter();
        }
        long one = taken(1, i -> images.convolution(weights[i], null, 1, 1));
        long four = taken(4, i -> images.convolution(weights[i], null, 1, 1));
        long weight = weights[0].shape().elements() * Float.BYTES;
        assertThat(four - one).isLessThan(3 * 4 * weight);
    }

    /** The memory goes back when the last operation that reads it was passed, not when the first was. */
    @Test
    void whatAViewLooksAtStaysForAsLongAsItIsRead() {
        Tensor small = Tensor.of(new float[] {0, 1, 2}, 3).asParameter();
        try (Tape tape = Tape.training(1)) {
            Tensor made = small.exp(); // its gradient reads its result
            tape.backward(made.reshape(1, 3).reshape(3, 1).sum());
            assertThat(small.gradient().toArray()).isEqualTo(small.exp().toArray());
            assertThatThrownBy(made::toArray).hasMessageContaining("a backward pass went through");
        }
        try (Tape _ = Tape.inference()) {
            Tensor lent = small.scale(2); // by a tape, but no operation of the next one made it
            try (Tape tape = Tape.withRespectTo(lent)) {
                tape.backward(lent.reshape(1, 3).multiply(Tensor.full(3, 1, 3)).sum());
                assertThat(lent.gradient().toArray()).containsExactly(3, 3, 3);
            }
            assertThat(lent.toArray()).containsExactly(0, 2, 4);
        }
    }

    @Test
    void aBlockWithABackwardPassInsideLeavesNothing() {
        try (Tape tape = Tape.training(1)) {
            long afterTwo = 0;
            for (int i = 0; i < 5; i++) {
                Tape.block(() -> {
                    Tensor loss = x.multiply(Tensor.full(2, ELEMENTS)).sum();
                    tape.backward(loss);
                    return loss;
                });
                afterTwo = i == 1 ? Tape.memoryBytes() : afterTwo;
            }
            assertThat(Tape.memoryBytes()).isLessThan(afterTwo + BYTES);
            assertThat(x.gradient().toArray()).containsOnly(10);
        }
    }

    /** Norms that a block sends away, to be made again in a backward pass, come back to the pool also without one. */
    @Test
    void blocksOfNormsTakeNoNewMemoryFromTheSecondStepOn() {
        Tensor images = uniform(1, 4, 16, 16, 32);
        long activation = images.shape().elements() * Float.BYTES;
        for (boolean backward : new boolean[] {false, true}) {
            Tape.releaseMemory();
            long two = normed(images, 2, backward);
            assertThat(normed(images, 2, backward)).as("again").isEqualTo(two);
            Tape.releaseMemory();
            long six = normed(images, 6, backward);
            assertThat(normed(images, 6, backward)).as("again").isEqualTo(six);
            // Of a block stay the products before the norm and after it, not the norm.
            assertThat(six - two).isBetween(4 * activation, 4 * 5 * activation / 2);
        }
    }

    private static long normed(Tensor images, int blocks, boolean backward) {
        Tensor w = uniform(2, 32, 32).asParameter();
        Tensor gamma = Tensor.full(1, 32).asParameter();
        BatchNormState state =
                new BatchNormState(gamma, Tensor.zeros(32), Tensor.zeros(32), Tensor.full(1, 32), 1e-5, 0.1);
        try (Tape tape = Tape.training(1)) {
            Tensor y = images;
            for (int i = 0; i < blocks; i++) {
                Tensor x = y;
                y = Tape.block(() -> x.pointwise(w, null)
                        .batchNorm(state, Activation.RELU, true)
                        .pointwise(w, null));
            }
            if (backward) {
                tape.backward(y.sum());
            }
            return Tape.memoryBytes();
        }
    }

    @Test
    void withoutATapeABlockIsItsBody() {
        Tensor y = x.scale(2);
        assertThat(Tape.block(() -> y)).isSameAs(y);
    }
}
