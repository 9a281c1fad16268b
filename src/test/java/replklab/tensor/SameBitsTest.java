package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static replklab.tensor.Inputs.uniform;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import replklab.base.OtherJvm;
import replklab.base.Parallel;
import replklab.tensor.Reduction.Sum;
import replklab.tensor.Reduction.SumOfSquares;

/**
 * Every operation gives the same bits whatever the number of threads, and whether HotSpot has compiled it yet: a second JVM
 * without the optimising compiler, with another number of threads, computes what this one does.
 */
class SameBitsTest {
    /** More than a machine that runs this test has. */
    private static final int MANY_THREADS = 64;

    @Test
    void neitherThreadsNorTheCompilerChangeABit() throws IOException, InterruptedException {
        Map<String, Integer> first = Digests.compute();
        for (int i = 0; i < 12; i++) {
            assertThat(Digests.compute()).as("repetition %d", i).isEqualTo(first);
        }
        for (int threads : new int[] {Parallel.threads() == 1 ? 3 : 1, MANY_THREADS}) {
            assertThat(computedWithoutOptimising(threads))
                    .as("%d threads", threads)
                    .isEqualTo(first.toString());
        }
    }

    private static String computedWithoutOptimising(int threads) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(OtherJvm.PLAIN);
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dreplklab.threads=" + threads));
        return OtherJvm.run(Digests.class, options).succeeded();
    }

    /** The bits of each operation's results, hashed; also a program. */
    static final class Digests {
        private final Map<String, Integer> hashes = new TreeMap<>();

        private Digests() {}

        public static void main(String[] args) {
            System.out.println(compute());
        }

        static Map<String, Integer> compute() {
            Digests digests = new Digests();
            digests.all();
            return digests.hashes;
        }

        private void all() {
            Tensor x = uniform(1, 4, 24, 23, 19).asParameter();
            Tensor bias = uniform(2, 19).asParameter();
            Tensor square = uniform(3, 19, 19).asParameter();
            Tensor depthwise = uniform(4, 3, 3, 19).asParameter();
            Tensor full = uniform(5, 3, 3, 3, 19).asParameter();
            Tensor gamma = uniform(6, 19).asParameter();
            Tensor rows = uniform(7, 4000, 19).asParameter();
            Tensor narrow = uniform(8, 5, 19).asParameter();
            BatchNormState state = new BatchNormState(gamma, bias, Tensor.zeros(19), Tensor.full(1, 19), 1e-5, 0.1);
            try (Tape tape = Tape.training(1)) {
                add(tape, "pointwise", x.pointwise(square, bias), x, square, bias);
                add(tape, "linear", rows.pointwise(narrow, null), rows, narrow);
                Precision.BF16.in(() -> {
                    add(tape, "pointwise in bfloat16", x.pointwise(square, bias), x, square, bias);
                    add(tape, "linear in bfloat16", rows.pointwise(narrow, null), rows, narrow);
                    add(tape, "convolution in bfloat16", x.convolution(full, null, 2, 1), x, full);
                    return null;
                });
                add(tape, "depthwise", x.depthwise(depthwise, bias, 1, 1), x, depthwise, bias);
                add(tape, "convolution", x.convolution(full, null, 2, 1), x, full);
                add(tape, "batchNorm", x.batchNorm(state, Activation.RELU6, true), x, gamma, bias);
                add(tape, "gelu", x.gelu(), x);
                add(tape, "sigmoid", x.sigmoid(), x);
                add(tape, "gate", x.gate(x.globalAveragePool()), x);
                add(tape, "resize", x.resizeBilinear(9, 14), x);
                add(tape, "layerNorm", x.layerNorm(gamma, bias, 1e-6), x, gamma, bias);
                add(tape, "layerNorm of rows", rows.layerNorm(gamma, bias, 1e-6), rows, gamma, bias);
                add(tape, "scaleChannels", rows.scaleChannels(gamma), rows, gamma);
                add(tape, "adaptivePool", x.adaptiveAveragePool(5, 4), x);
                add(tape, "patches", x.patches(5), x);
                add(tape, "concatenate", Tensor.concatenate(x, x.gelu()), x);
                Tensor deep = uniform(10, 31, 31, 19).asParameter();
                Tensor[] pair = x.depthwisePair(deep, depthwise);
                add(tape, "depthwisePair", pair[0].add(pair[1]), x, deep, depthwise);
                add(tape, "strided", x.depthwise(depthwise, bias, 2, 3), x, depthwise, bias);
                add(tape, "broadcast", x.multiply(gamma).divide(x.slice(0, 0, 1).exp()), x, gamma);
                add(tape, "reductions", x.sum(1, 2).add(x.mean(1, 2)).add(x.max(1, 2)), x);
                add(tape, "softmax", rows.softmax(), rows);
                add(tape, "functions", x.exp().add(x.multiply(x).sqrt()), x);
                add(tape, "transpose", x.transpose(0, 3, 1, 2), x);
                add(tape, "maxPool", x.maxPool(3, 2, 1), x);
                int[] labels = new int[4000];
                add(
                        tape,
                        "crossEntropy",
                        rows.crossEntropy(Targets.labels(labels).smoothed(0.1)),
                        rows);
            }
            Tensor large = uniform(9, 133_001);
            hashes.put("sum", Double.hashCode(Backend.reduce(new Sum(large))));
            hashes.put("sumOfSquares", Double.hashCode(Backend.reduce(new SumOfSquares(large))));
        }

        private void add(Tape tape, String name, Tensor y, Tensor... inputs) {
            tape.keep(y);
            tape.backward(y.multiply(y).sum());
            int hash = hash(y);
            for (Tensor input : inputs) {
                hash = 31 * hash + hash(input.gradient());
            }
            hashes.put(name, hash);
        }

        private static int hash(Tensor tensor) {
            int hash = 1;
            for (float value : tensor.toArray()) {
                hash = 31 * hash + Float.floatToRawIntBits(value);
            }
            return hash;
        }
    }
}
