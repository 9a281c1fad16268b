package replklab.tensor;

/** One step of an optimiser on one parameter, in place. */
public sealed interface OptimiserStep extends Operation {
    /**
     * SGD with momentum, as in every framework: g = scale * gradient + decay * w; v = momentum * v + g; w -= rate * v.
     *
     * @param scale factor on the gradient, for clipping by norm
     */
    record Sgd(Tensor w, Tensor gradient, Tensor velocity, float scale, float rate, float momentum, float decay)
            implements OptimiserStep {
        public Sgd {
            Check.shape("gradient", gradient, w.shape());
            Check.shape("velocity", velocity, w.shape());
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {gradient};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {w, velocity};
        }
    }

    /**
     * AdamW (Loshchilov and Hutter 2019) with bias correction: decay is decoupled from the gradient.
     *
     * @param scale factor on the gradient, for clipping by norm
     * @param step counted from 1
     */
    record AdamW(
            Tensor w,
            Tensor gradient,
            Tensor first,
            Tensor second,
            float scale,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float decay,
            long step)
            implements OptimiserStep {
        public AdamW {
            Check.shape("gradient", gradient, w.shape());
            Check.shape("first moment", first, w.shape());
            Check.shape("second moment", second, w.shape());
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {gradient};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {w, first, second};
        }
    }
}
