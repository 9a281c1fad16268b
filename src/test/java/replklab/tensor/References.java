package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static replklab.tensor.Inputs.wave;

import java.util.List;

/**
 * What the tests against PyTorch 2.15 have in common. Their Javadoc carries the lines that made the expected numbers, in
 * double precision, after this preamble; PyTorch's images are (n, c, h, w), ours (n, h, w, c):
 *
 * <pre>{@code
 * import math, torch, torch.nn.functional as F
 * def wave(step, *shape):
 *     i = torch.arange(math.prod(shape), dtype=torch.float64)
 *     return torch.sin(i * step).float().double().reshape(shape).requires_grad_()
 * def images(x): return x.permute(0, 3, 1, 2)
 * def back(y): return y.permute(0, 2, 3, 1)
 * def run(y): (y * wave(0.9, *y.shape)).sum().backward()
 * }</pre>
 */
final class References {
    private References() {}

    /** The preamble's {@code run}: a scalar to which every element contributes differently. */
    static Tensor scalar(Tensor y) {
        return y.multiply(wave(0.9, y.shape().toArray())).sum();
    }

    /** Runs {@code scalar(y)} backwards. */
    static void run(Tape tape, Tensor y) {
        tape.keep(y);
        tape.backward(scalar(y));
    }

    static void assertClose(Tensor actual, List<Float> expected) {
        assertClose(actual, expected, 2e-6);
    }

    /** Every element is right to {@code tolerance}, relative to the expected element or, if that is small, to one. */
    static void assertClose(Tensor actual, List<Float> expected, double tolerance) {
        float[] values = actual.toArray();
        assertThat(values).hasSize(expected.size());
        for (int i = 0; i < values.length; i++) {
            double allowed = tolerance * Math.max(1, Math.abs(expected.get(i)));
            assertThat(Math.abs((double) values[i] - expected.get(i)))
                    .as("error of element %d, %s instead of %s", i, values[i], expected.get(i))
                    .isLessThanOrEqualTo(allowed);
        }
    }

    /** Expected numbers. */
    static List<Float> numbers(double... values) {
        return java.util.Arrays.stream(values).mapToObj(value -> (float) value).toList();
    }
}
