package replklab.tensor;

import java.util.random.RandomGenerator;
import replklab.base.UsageException;
import replklab.tensor.ArrayOperation.Binary;
import replklab.tensor.ElementwiseOperation.Activate;
import replklab.tensor.ElementwiseOperation.ActivationGradient;
import replklab.tensor.ElementwiseOperation.Apply;
import replklab.tensor.ElementwiseOperation.Apply.Function;
import replklab.tensor.ElementwiseOperation.Combine;
import replklab.tensor.ElementwiseOperation.Gate;
import replklab.tensor.ElementwiseOperation.GateGradient;
import replklab.tensor.ElementwiseOperation.Multiply;
import replklab.tensor.ElementwiseOperation.ScaleChannels;
import replklab.tensor.ElementwiseOperation.ScaleChannelsGradient;
import replklab.tensor.ElementwiseOperation.ScaleImages;

/** Elementwise operations, recorded. */
final class Elementwise {
    /** What the gradient of a linear operation reads. */
    private static final Tensor[] NOTHING = {};

    private Elementwise() {}

    static Tensor activation(Tensor x, Activation kind) {
        if (kind == Activation.NONE) {
            return x;
        }
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new Activate(kind, x, y));
        // A clamp's output lies inside its bounds where its input does; the next operation reads that one anyway.
        Tensor at = kind.isClamp() ? y : x;
        return Tape.record(
                y,
                new Tensor[] {at},
                Recording.Backward.of(x, (dy, dx) -> new ActivationGradient(kind, at, dy, dx)),
                x);
    }

    static Tensor add(Tensor x, Tensor z) {
        return z.shape().equals(x.shape()) ? combine(1, x, 1, z) : Broadcasting.binary(Binary.Arithmetic.ADD, x, z);
    }

    static Tensor subtract(Tensor x, Tensor z) {
        return z.shape().equals(x.shape())
                ? combine(1, x, -1, z)
                : Broadcasting.binary(Binary.Arithmetic.SUBTRACT, x, z);
    }

    static Tensor exp(Tensor x) {
        Tensor y = applied(Function.EXP, x);
        return Tape.record(y, new Tensor[] {y}, (dy, wanted) -> new Tensor[] {product(dy, y)}, x);
    }

    static Tensor log(Tensor x) {
        Tensor y = applied(Function.LOG, x);
        return Tape.record(
                y,
                new Tensor[] {x},
                (dy, wanted) -> new Tensor[] {Broadcasting.of(Binary.Arithmetic.DIVIDE, dy, x)},
                x);
    }

    static Tensor sqrt(Tensor x) {
        Tensor y = applied(Function.SQRT, x);
        return Tape.record(
                y,
                new Tensor[] {y},
                (dy, wanted) -> new Tensor[] {scaled(Broadcasting.of(Binary.Arithmetic.DIVIDE, dy, y), 0.5f)},
                x);
    }

    private static Tensor applied(Function function, Tensor x) {
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new Apply(function, x, y));
        return y;
    }

    /** Not recorded. */
    static Tensor product(Tensor x, Tensor z) {
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new Multiply(x, z, y));
        return y;
    }

    /** {@code a * x + b * z}. */
    private static Tensor combine(float a, Tensor x, float b, Tensor z) {
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new Combine(a, x, b, z, y));
        return Tape.record(
                y,
                NOTHING,
                (dy, wanted) -> new Tensor[] {wanted[0] ? scaled(dy, a) : null, wanted[1] ? scaled(dy, b) : null},
                x,
                z);
    }

    static Tensor scale(Tensor x, float factor) {
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new Combine(factor, x, 0, x, y));
        return Tape.record(y, NOTHING, (dy, wanted) -> new Tensor[] {scaled(dy, factor)}, x);
    }

    static Tensor multiply(Tensor x, Tensor z) {
        if (!z.shape().equals(x.shape())) {
            return Broadcasting.binary(Binary.Arithmetic.MULTIPLY, x, z);
        }
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new Multiply(x, z, y));
        return Tape.record(
                y,
                new Tensor[] {x, z},
                (dy, wanted) -> {
                    Tensor[] gradients = Convolutions.like(wanted, x, z);
                    if (wanted[0]) {
                        Backend.run(new Multiply(dy, z, gradients[0]));
                    }
                    if (wanted[1]) {
                        Backend.run(new Multiply(dy, x, gradients[1]));
                    }
                    return gradients;
                },
                x,
                z);
    }

    static Tensor gate(Tensor x, Tensor gate) {
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new Gate(x, gate, y));
        return Tape.record(
                y,
                new Tensor[] {x, gate},
                (dy, wanted) -> {
                    Tensor[] gradients = Convolutions.like(wanted, x, gate);
                    Backend.run(new GateGradient(x, gate, dy, gradients[0], gradients[1]));
                    return gradients;
                },
                x,
                gate);
    }

    static Tensor scaleChannels(Tensor x, Tensor factors) {
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new ScaleChannels(x, factors, y));
        return Tape.record(
                y,
                new Tensor[] {x, factors},
                (dy, wanted) -> {
                    Tensor[] gradients = Convolutions.like(wanted, x, factors);
                    Backend.run(new ScaleChannelsGradient(x, factors, dy, gradients[0], gradients[1]));
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
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new ScaleImages(x, factors, y));
        return Tape.record(y, NOTHING, Recording.Backward.of(x, (dy, dx) -> new ScaleImages(dy, factors, dx)), x);
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
    static Tensor scaled(Tensor x, float factor) {
        if (factor == 1) {
            return x;
        }
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new Combine(factor, x, 0, x, y));
        return y;
    }
}
