package replklab.tensor;

import replklab.base.UsageException;

/** Operations on each element by itself, and on each with a factor of its channel or image; and their gradients. */
public sealed interface ElementwiseOperation extends Operation {
    /** Sets every element. */
    record Fill(Tensor y, float value) implements ElementwiseOperation {
        @Override
        public Tensor[] reads() {
            return new Tensor[0];
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {y};
        }
    }

    /** y = the activation of {@code x}. */
    record Activate(Activation kind, Tensor x, Tensor y) implements ElementwiseOperation, Operation.OfOne {
        public Activate {
            Check.shape("output of an activation", y, x.shape());
        }
    }

    /** dx = dy times the derivative at {@code x}; of a clamp, the output serves as well for {@code x}. */
    record ActivationGradient(Activation kind, Tensor x, Tensor dy, Tensor dx)
            implements ElementwiseOperation, Operation.GradientAt {
        public ActivationGradient {
            Check.shape("output gradient of an activation", dy, x.shape());
            Check.shape("input gradient of an activation", dx, x.shape());
        }
    }

    /** y = a function of each element of {@code x}. */
    record Apply(Function function, Tensor x, Tensor y) implements ElementwiseOperation, Operation.OfOne {
        /** A function that has no form as an activation. */
        public enum Function {
            /** The exponential. */
            EXP,
            /** The natural logarithm: NaN below 0. */
            LOG,
            /** The square root: NaN below 0. */
            SQRT
        }

        public Apply {
            Check.shape("output of " + function, y, x.shape());
        }
    }

    /** y = a * x + b * z, or a * x alone where b is zero, whatever z holds; {@code y} may be one of the inputs. */
    record Combine(float a, Tensor x, float b, Tensor z, Tensor y) implements ElementwiseOperation, Operation.OfTwo {
        public Combine {
            Check.same("sum", x, z);
            Check.shape("output of a sum", y, x.shape());
        }

        @Override
        public boolean mayWriteOverInputs() {
            return true;
        }
    }

    /** y = x * z. */
    record Multiply(Tensor x, Tensor z, Tensor y) implements ElementwiseOperation, Operation.OfTwo {
        public Multiply {
            Check.same("product", x, z);
            Check.shape("output of a product", y, x.shape());
        }
    }

    /** y = x times one factor an image (first axis). The factors are not to be changed. */
    record ScaleImages(Tensor x, float[] factors, Tensor y) implements ElementwiseOperation, Operation.OfOne {
        public ScaleImages {
            if (x.shape().rank() < 1 || x.size(0) != factors.length) {
                throw new UsageException(factors.length + " image factors for shape " + x.shape());
            }
            Check.shape("output of scaled images", y, x.shape());
        }
    }

    /** y = x (batch, ..., channels) times one factor an image and channel, {@code gate} (batch, channels). */
    record Gate(Tensor x, Tensor gate, Tensor y) implements ElementwiseOperation {
        public Gate {
            requireGate(x, gate);
            Check.shape("output of a gate", y, x.shape());
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, gate};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {y};
        }
    }

    /** The gradient of {@link Gate}. */
    record GateGradient(Tensor x, Tensor gate, Tensor dy, Tensor dx, Tensor dgate)
            implements ElementwiseOperation, Operation.Gradient {
        public GateGradient {
            requireGate(x, gate);
            Check.shape("output gradient of a gate", dy, x.shape());
            Check.shape("input gradient of a gate", dx, x.shape());
            Check.shape("gradient of a gate's factors", dgate, gate.shape());
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, gate, dy};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {dx, dgate};
        }
    }

    /** y = x times one factor a channel, {@code factors} (channels). */
    record ScaleChannels(Tensor x, Tensor factors, Tensor y) implements ElementwiseOperation {
        public ScaleChannels {
            requireFactors(x, factors);
            Check.shape("output of scaled channels", y, x.shape());
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, factors};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {y};
        }
    }

    /** The gradient of {@link ScaleChannels}. */
    record ScaleChannelsGradient(Tensor x, Tensor factors, Tensor dy, Tensor dx, Tensor dfactors)
            implements ElementwiseOperation, Operation.Gradient {
        public ScaleChannelsGradient {
            requireFactors(x, factors);
            Check.shape("output gradient of scaled channels", dy, x.shape());
            Check.shape("input gradient of scaled channels", dx, x.shape());
            Check.shape("gradient of channel factors", dfactors, factors.shape());
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, factors, dy};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {dx, dfactors};
        }
    }

    private static void requireGate(Tensor x, Tensor gate) {
        if (x.shape().rank() < 2 || !gate.shape().equals(Shape.of(x.size(0), x.size(-1)))) {
            throw new UsageException("gate of shape " + gate.shape() + " for an input of shape " + x.shape()
                    + "; it must be (batch, channels)");
        }
    }

    private static void requireFactors(Tensor x, Tensor factors) {
        if (!factors.shape().equals(Shape.of(x.shape().channels()))) {
            throw new UsageException("channel factors have shape " + factors.shape() + "; input shape " + x.shape()
                    + " needs one a channel");
        }
    }
}
