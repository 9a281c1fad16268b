package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static replklab.tensor.Inputs.uniform;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import replklab.base.OtherJvm;

/** What a training step takes: no new native memory from the second one on, and less than all its tensors together. */
class SteadyStepTest {
    private static final int BLOCKS = 8;
    private static final int CHANNELS = 24;

    private final Tensor images = uniform(1, 2, 16, 16, CHANNELS);
    private final List<Tensor> parameters = new ArrayList<>();

    SteadyStepTest() {
        for (int i = 0; i < BLOCKS; i++) {
            parameters.add(uniform(3 * i + 1, CHANNELS, CHANNELS).asParameter());
            parameters.add(uniform(3 * i + 2, 5, 5, CHANNELS).asParameter());
            parameters.add(uniform(3 * i + 3, CHANNELS).asParameter());
        }
    }

    @AfterEach
    void releaseMemory() {
        Tape.releaseMemory();
    }

    @Test
    void takesNoNewMemoryFromTheSecondStepOn() {
        step(true);
        long afterOne = Tape.memoryBytes();
        float loss = step(true);
        for (int i = 0; i < 5; i++) {
            assertThat(step(true)).isEqualTo(loss);
        }
        assertThat(Tape.memoryBytes()).isEqualTo(afterOne);
    }

    /** In a JVM of its own: what other tests did decides how HotSpot compiles what they share. */
    @Test
    void javaObjectsAreFewOnceItIsCompiled() throws IOException, InterruptedException {
        String output =
                OtherJvm.run(SteadyStepTest.class, List.of(OtherJvm.USUAL)).succeeded();
        Matcher least = Pattern.compile("least (\\d+) bytes").matcher(output);
        assertThat(least.find()).as(output).isTrue();
        // The activations alone are 8 x 5 x 49 KB.
        assertThat(Long.parseLong(least.group(1))).isLessThan(400_000);
    }

    public static void main(String[] args) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        SteadyStepTest test = new SteadyStepTest();
        long least = Long.MAX_VALUE;
        // Interpreted, vectors are objects; how long that goes on is HotSpot's to say, so the best step counts.
        for (int i = 0; i < 400 && least > 400_000; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            test.step(true);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        System.out.println("least " + least + " bytes");
    }

    /** Of a block's five activations the convolutions and the norm read three; gradients live one step only. */
    @Test
    void blocksTakeLessMemory() {
        Tape.releaseMemory();
        step(false);
        long without = Tape.memoryBytes();
        Tape.releaseMemory();
        step(true);
        long with = Tape.memoryBytes();
        long activation = images.shape().elements() * Float.BYTES;
        assertThat(without - with).isGreaterThan((BLOCKS - 2) * activation);
        assertThat(with).isLessThan((4 * BLOCKS + 6) * activation);
    }

    private float step(boolean inBlocks) {
        try (Tape tape = Tape.training(1)) {
            Tensor y = images;
            for (int i = 0; i < BLOCKS; i++) {
                Tensor x = y;
                int first = 3 * i;
                y = inBlocks ? Tape.block(() -> block(x, first)) : block(x, first);
            }
            Tensor loss = y.multiply(y).mean();
            tape.backward(loss);
            return loss.item() + parameters.getFirst().gradient().sum().item();
        }
    }

    private Tensor block(Tensor x, int first) {
        Tensor gamma = parameters.get(first + 2);
        BatchNormState norm =
                new BatchNormState(gamma, gamma, Tensor.zeros(CHANNELS), Tensor.full(1, CHANNELS), 1e-5, 0.1);
        Tensor y = x.pointwise(parameters.get(first), null)
                .batchNorm(norm, Activation.GELU, true)
                .depthwise(parameters.get(first + 1), null, 1, 1)
                .dropPath(0.1);
        return y.add(x);
    }
}
