package replklab.tensor;

import java.util.random.RandomGenerator;
import replklab.base.UsageException;

/** Elementwise operations, recorded. */
final class Elementwise {
    /** What the gradient of a linear operation reads. */
    private static final Tensor[] NOTHING = {};

    private Elementwise() {}

    static Tensor activation(Tensor x, Activation kind) {
        if (kind == Activation.NONE) {
            return x;
        }
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(x.shape());
        backend.activation(kind, x, y);
        // A clamp's output lies inside its bounds where its input does; the next operation reads that one anyway.
        Tensor at = kind.isClamp() ? y : x;
        return Tape.record(
                y,
                new Tensor[] {at},
                (dy, wanted) -> {
                    Tensor dx = Tensor.empty(x.shape());
                    backend.activationGradient(kind, at, dy, dx);
                    return new Tensor[] {dx};
                },
                x);
    }

    /** {@code a * x + b * z}. */
    static Tensor combine(float a, Tensor x, float b, Tensor z) {
        Tensor.requireSameShape("sum", x, z);
        Tensor y = Tensor.empty(x.shape());
        Backend.current().combine(a, x, b, z, y);
        return Tape.record(
                y,
                NOTHING,
                (dy, wanted) -> new Tensor[] {wanted[0] ? scaled(dy, a) : null, wanted[1] ? scaled(dy, b) : null},
                x,
                z);
    }

    static Tensor scale(Tensor x, float factor) {
        Tensor y = Tensor.empty(x.shape());
        Backend.current().combine(factor, x, 0, x, y);
        return Tape.record(y, NOTHING, (dy, wanted) -> new Tensor[] {scaled(dy, factor)}, x);
    }

    static Tensor multiply(Tensor x, Tensor z) {
        if (!z.shape().equals(x.shape())) {
            return gate(x, z);
        }
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(x.shape());
        backend.multiply(x, z, y);
        return Tape.record(
                y,
                new Tensor[] {x, z},
                (dy, wanted) -> {
                    Tensor[] gradients = Convolutions.like(wanted, x, z);
                    if (wanted[0]) {
                        backend.multiply(dy, z, gradients[0]);
                    }
                    if (wanted[1]) {
                        backend.multiply(dy, x, gradients[1]);
                    }
                    return gradients;
                },
                x,
                z);
    }

    private static Tensor gate(Tensor x, Tensor gate) {
        if (x.shape().rank() < 3 || !gate.shape().equals(Shape.of(x.size(0), x.size(-1)))) {
            throw new UsageException("product of shapes " + x.shape() + " and " + gate.shape()
                    + ": the second must be equal, or (batch, channels)");
        }
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(x.shape());
        backend.gate(x, gate, y);
        return Tape.record(
                y,
                new Tensor[] {x, gate},
                (dy, wanted) -> {
                    Tensor[] gradients = Convolutions.like(wanted, x, gate);
                    backend.gateGradient(x, gate, dy, gradients[0], gradients[1]);
                    return gradients;
                },
                x,
                gate);
    }

    static Tensor scaleChannels(Tensor x, Tensor factors) {
        if (!factors.shape().equals(Shape.of(x.shape().channels()))) {
            throw new UsageException("channel factors have shape " + factors.shape() + "; input shape " + x.shape()
                    + " needs one a channel");
        }
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(x.shape());
        backend.scaleChannels(x, factors, y);
        return Tape.record(
                y,
                new Tensor[] {x, factors},
                (dy, wanted) -> {
                    Tensor[] gradients = Convolutions.like(wanted, x, factors);
                    backend.scaleChannelsGradient(x, factors, dy, gradients[0], gradients[1]);
                    return gradients;
                },
                x,
                factors);
    }

    static Tensor dropPath(Tensor x, double probability) {
        if (isOff("drop path", probability)) {
            return x;
        }
        float[] factors = survivors(x.size(0), probability);
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(x.shape());
        backend.scaleImages(x, factors, y);
        return Tape.record(
                y,
                NOTHING,
                (dy, wanted) -> {
                    Tensor dx = Tensor.empty(x.shape());
                    backend.scaleImages(dy, factors, dx);
                    return new Tensor[] {dx};
                },
                x);
    }

    static Tensor dropChannels(Tensor x, double probability) {
        if (isOff("channel dropout", probability)) {
            return x;
        }
        int channels = x.shape().channels();
        return gate(x, Tensor.of(survivors(x.size(0) * channels, probability), x.size(0), channels));
    }

    private static boolean isOff(String what, double probability) {
        if (!(probability >= 0 && probability < 1)) {
            throw new UsageException(
                    what + " probability is " + probability + "; allowed is 0 up to, not including, 1");
        }
        return probability == 0 || !Tape.isTraining();
    }

    /** Zero with this probability, else 1 / (1 - probability). */
    private static float[] survivors(int count, double probability) {
        RandomGenerator random = Tape.random();
        float[] factors = new float[count];
        for (int i = 0; i < count; i++) {
            factors[i] = random.nextDouble() < probability ? 0 : (float) (1 / (1 - probability));
        }
        return factors;
    }

    /** {@code factor * x}; {@code x} itself for a factor of one. */
    private static Tensor scaled(Tensor x, float factor) {
        if (factor == 1) {
            return x;
        }
        Tensor y = Tensor.empty(x.shape());
        Backend.current().combine(factor, x, 0, x, y);
        return y;
    }
}
