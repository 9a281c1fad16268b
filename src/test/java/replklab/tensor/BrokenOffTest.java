package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.tensor.Inputs.uniform;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import replklab.base.Interrupts;

/** An interrupt breaks a long operation off between two of its parts, and leaves nothing behind that another one would meet. */
class BrokenOffTest {
    /** Each operation is broken off once, and then done again. */
    @Test
    void theNextOneComputesWhatItAlwaysDoes() {
        Map<String, Integer> undisturbed = SameBitsTest.Digests.compute();
        BreakingOff breaking = new BreakingOff();
        Backend.with(breaking, () -> assertThat(SameBitsTest.Digests.compute()).isEqualTo(undisturbed));
        // The helpers may be through with one's parts before this thread asks.
        assertThat(breaking.brokenOff).hasSizeGreaterThan(10);
        assertThat(SameBitsTest.Digests.compute()).isEqualTo(undisturbed);
    }

    /** What was there before would be lost half. */
    @Test
    void aChangeOfWhatIsThereGoesOnToItsEnd() {
        Tensor parameter = uniform(1, 1_000_001).asParameter();
        Tensor rate = Tensor.full(0.5f, 1_000_001);
        float[] wanted = parameter.add(rate).toArray();
        Backend.with(new Interrupting(), () -> {
            Backend.run(new ElementwiseOperation.Combine(1, parameter, 1, rate, parameter));
            assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
        });
        assertThat(parameter.toArray()).isEqualTo(wanted);
    }

    @Test
    void theThreadStaysInterrupted() {
        Tensor x = uniform(1, 2, 64, 64, 32);
        Tensor w = uniform(2, 5, 5, 32);
        Backend.with(new Interrupting(), () -> {
            // The helpers may be through with the first before this thread asks; then the second does not begin.
            assertThatThrownBy(() -> x.depthwise(w, null, 1, 1).depthwise(w, null, 1, 1))
                    .isInstanceOf(Interrupts.Interrupted.class);
            assertThat(Thread.interrupted()).isTrue();
        });
    }

    /** Interrupts each operation once it has begun. */
    private static class Interrupting extends ForwardingBackend {
        Interrupting() {
            super(Backend.current());
        }

        @Override
        public void execute(Operation operation) {
            Thread.currentThread().interrupt();
            super.execute(operation);
        }

        final void redo(Operation operation) {
            super.execute(operation);
        }
    }

    /** Interrupts each operation that writes new memory once it has begun, and does it again. */
    private static final class BreakingOff extends Interrupting {
        private final Set<String> brokenOff = new TreeSet<>();

        @Override
        public void execute(Operation operation) {
            boolean toItsEnd = Interrupts.isInOrder(Thread.currentThread());
            try {
                super.execute(operation);
            } catch (Interrupts.Interrupted e) {
                assertThat(toItsEnd).as(operation.toString()).isFalse();
                brokenOff.add(operation.getClass().getSimpleName());
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            if (!toItsEnd) {
                redo(operation);
            }
        }
    }
}
