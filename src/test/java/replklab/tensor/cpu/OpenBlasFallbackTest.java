package replklab.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import replklab.base.OtherJvm;
import replklab.tensor.Activation;
import replklab.tensor.Precision;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * Where oneDNN does not load, OpenBLAS computes the same, in bfloat16 too: a second JVM without it computes what this one
 * does.
 */
class OpenBlasFallbackTest {
    @Test
    void openBlasComputesTheSame() throws IOException, InterruptedException {
        assertThat(OneDnn.isAvailable()).as("oneDNN on this system").isTrue();
        List<String> options = new ArrayList<>(OtherJvm.PLAIN);
        options.add("-D" + OneDnn.PROPERTY + "=openblas");
        String output = OtherJvm.run(Products.class, options).succeeded();
        double[] theirs = Arrays.stream(output.split("\\s+"))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(theirs[0]).as("oneDNN there").isZero();
        double[] ours = Products.compute();
        assertThat(ours[0]).isOne();
        assertThat(theirs).hasSameSizeAs(ours);
        for (int i = 1; i < ours.length; i++) {
            assertThat(theirs[i]).as("number %d", i).isCloseTo(ours[i], within(1e-4));
        }
    }

    /** Some numbers of each operation that is a matrix product, also a program that prints them. */
    static final class Products {
        private Products() {}

        public static void main(String[] args) {
            for (double number : compute()) {
                System.out.println(number);
            }
        }

        static double[] compute() {
            SplittableRandom random = new SplittableRandom(1);
            Tensor x = Tensor.normal(random, 1, 3, 9, 11, 37).asParameter();
            Tensor w = Tensor.normal(random, 0.2, 150, 37).asParameter();
            Tensor filters = Tensor.normal(random, 0.1, 20, 3, 3, 37).asParameter();
            Tensor bias = Tensor.normal(random, 1, 150).asParameter();
            Tensor residual = Tensor.normal(random, 1, 3, 9, 11, 150);
            List<Double> numbers = new ArrayList<>();
            numbers.add(OneDnn.isAvailable() ? 1.0 : 0.0);
            for (Activation kind : Activation.values()) {
                add(numbers, x.pointwise(w, bias, kind, residual));
                add(numbers, x.pointwise(w, null, kind, null));
                add(numbers, x.convolution(filters, null, 2, 1, kind));
            }
            for (Precision precision : Precision.values()) {
                precision.in(() -> {
                    add(numbers, x.pointwise(w.copy().freeze(), bias, Activation.GELU, residual));
                    add(numbers, x.convolution(filters, null, 2, 1, Activation.RELU));
                    addGradients(numbers, x, w, filters, bias);
                    return null;
                });
            }
            return numbers.stream().mapToDouble(Double::doubleValue).toArray();
        }

        private static void addGradients(List<Double> numbers, Tensor x, Tensor w, Tensor filters, Tensor bias) {
            try (Tape tape = Tape.training(1)) {
                Tensor y = x.pointwise(w, bias)
                        .sum()
                        .add(x.convolution(filters, null, 1, 1).sum());
                tape.backward(y.scale(0.01f));
                for (Tensor input : new Tensor[] {x, w, filters, bias}) {
                    add(numbers, input.gradient());
                }
            }
        }

        private static void add(List<Double> numbers, Tensor tensor) {
            float[] values = tensor.toArray();
            for (int i = 0; i < values.length; i += 1 + values.length / 7) {
                numbers.add((double) values[i]);
            }
        }
    }
}
