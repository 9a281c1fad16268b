package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Holds the tape's gradients against central finite differences of fourth order.
 *
 * <p>The output is made a scalar by a random projection, summed in double precision. Small inputs are probed element by
 * element; of large ones some elements, and some random directions in which all of them move. The step is large enough
 * that the rounding of the float32 forward pass, divided by it, stays far below the tolerance, which counts relative to
 * the gradient's largest element.
 */
final class GradientCheck {
    private static final long SEED = 11;
    private static final int SMALL = 40;
    private static final int SAMPLED = 12;
    private static final int DIRECTIONS = 4;

    private final Function<Tensor[], Tensor> forward;
    private final Tensor[] inputs;
    private final SplittableRandom random = new SplittableRandom(5);
    private double step = 1.0 / 32;
    private double tolerance = 5e-4;
    private boolean kinks;
    private float[] projection;

    private GradientCheck(Function<Tensor[], Tensor> forward, Tensor[] inputs) {
        this.forward = forward;
        this.inputs = inputs;
    }

    /** A check of every input's gradient; {@code forward} gets the inputs as they are here. */
    static GradientCheck of(Function<Tensor[], Tensor> forward, Tensor... inputs) {
        return new GradientCheck(forward, inputs);
    }

    /** How far an element moves; the difference reads values at one and two steps. */
    GradientCheck step(double newStep) {
        step = newStep;
        return this;
    }

    /** Largest error as a share of the gradient's largest element. */
    GradientCheck tolerance(double newTolerance) {
        tolerance = newTolerance;
        return this;
    }

    /**
     * The function has kinks that cannot be kept away from. A probe that crosses one shows it, for its differences with
     * the whole and with half the step disagree; it then says nothing about the gradient. Most probes must remain.
     */
    GradientCheck withKinks() {
        kinks = true;
        return this;
    }

    void holds() {
        float[][] gradients = gradients();
        for (int i = 0; i < inputs.length; i++) {
            check(i, gradients[i]);
        }
    }

    private float[][] gradients() {
        float[][] gradients = new float[inputs.length][];
        try (Tape tape = Tape.training(SEED)) {
            for (Tensor input : inputs) {
                input.asParameter();
            }
            Tensor y = forward.apply(inputs);
            projection = new float[Math.toIntExact(y.shape().elements())];
            for (int i = 0; i < projection.length; i++) {
                projection[i] = (float) random.nextDouble(-1, 1);
            }
            tape.backward(y.multiply(Tensor.of(projection, y.shape().toArray())).sum());
            for (int i = 0; i < inputs.length; i++) {
                gradients[i] = inputs[i].gradient().toArray();
                assertThat(inputs[i].gradient().shape()).isEqualTo(inputs[i].shape());
            }
        }
        return gradients;
    }

    private void check(int input, float[] gradient) {
        double largest = 0;
        for (float g : gradient) {
            largest = Math.max(largest, Math.abs(g));
        }
        assertThat(largest).as("largest gradient of input %d", input).isPositive();
        int probes = 0;
        int compared = 0;
        boolean small = gradient.length <= SMALL;
        for (int k = 0; k < (small ? gradient.length : SAMPLED); k++, probes++) {
            int element = small ? k : random.nextInt(gradient.length);
            float[] direction = new float[gradient.length];
            direction[element] = 1;
            compared += compare(input, "element " + element, direction, gradient, largest) ? 1 : 0;
        }
        for (int k = 0; !small && k < DIRECTIONS; k++, probes++) {
            float[] direction = new float[gradient.length];
            for (int i = 0; i < direction.length; i++) {
                direction[i] = random.nextBoolean() ? 1 : -1;
            }
            double scale = largest * Math.sqrt(gradient.length);
            compared += compare(input, "direction " + k, direction, gradient, scale) ? 1 : 0;
        }
        assertThat(compared)
                .as("probes of input %d without a kink, of %d", input, probes)
                .isGreaterThan(probes / 2);
    }

    private boolean compare(int input, String probe, float[] direction, float[] gradient, double scale) {
        double expected = 0;
        for (int i = 0; i < direction.length; i++) {
            expected += (double) direction[i] * gradient[i];
        }
        double measured = difference(inputs[input], direction, step);
        if (kinks && Math.abs(measured - difference(inputs[input], direction, step / 2)) > tolerance * scale / 2) {
            return false;
        }
        assertThat(measured)
                .as("derivative of input %d %s at %s", input, inputs[input].shape(), probe)
                .isCloseTo(expected, within(tolerance * scale));
        return true;
    }

    /** (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h. */
    private double difference(Tensor input, float[] direction, double h) {
        float[] at = input.toArray();
        double near = value(input, at, direction, h) - value(input, at, direction, -h);
        double far = value(input, at, direction, 2 * h) - value(input, at, direction, -2 * h);
        input.assign(at);
        return (8 * near - far) / (12 * h);
    }

    private double value(Tensor input, float[] at, float[] direction, double move) {
        float[] moved = at.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (move * direction[i]);
        }
        input.assign(moved);
        // The same seed, so that what is random in the forward pass repeats.
        try (Tape _ = Tape.training(SEED)) {
            float[] y = forward.apply(inputs).toArray();
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += (double) y[i] * projection[i];
            }
            return sum;
        }
    }
}
