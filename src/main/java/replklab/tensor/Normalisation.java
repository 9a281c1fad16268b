package replklab.tensor;

import replklab.base.UsageException;

/** Batch norm as a recorded operation. */
final class Normalisation {
    private Normalisation() {}

    static Tensor batchNorm(Tensor x, BatchNormState state, Activation clamp, boolean training) {
        if (!clamp.isClamp()) {
            throw new UsageException(
                    "batch norm fuses NONE, RELU or RELU6, not " + clamp + "; apply that one after it");
        }
        if (!state.gamma().shape().equals(Shape.of(x.shape().channels()))) {
            throw new UsageException(
                    "batch norm over " + state.gamma().shape() + " channels, input shape " + x.shape());
        }
        return training ? byBatch(x, state, clamp) : byRunning(x, state, clamp);
    }

    private static Tensor byBatch(Tensor x, BatchNormState state, Activation clamp) {
        int rows = x.shape().rows();
        if (rows < 2) {
            throw new UsageException(
                    "batch norm in training needs at least 2 values a channel; input shape " + x.shape() + " has 1");
        }
        Backend backend = Backend.current();
        Tensor mean = Tensor.empty(state.gamma().shape());
        Tensor variance = Tensor.empty(state.gamma().shape());
        Tensor y = Tensor.empty(x.shape());
        backend.batchNorm(x, state.gamma(), state.beta(), state.epsilon(), clamp, mean, variance, y);
        float fresh = (float) state.momentum();
        float unbiased = fresh * rows / (rows - 1);
        backend.combine(1 - fresh, state.runningMean(), fresh, mean, state.runningMean());
        backend.combine(1 - fresh, state.runningVariance(), unbiased, variance, state.runningVariance());
        return Tape.record(
                y,
                (dy, wanted) -> {
                    Tensor[] g = Convolutions.like(wanted, x, state.gamma(), state.beta());
                    backend.batchNormGradient(
                            x,
                            state.gamma(),
                            state.beta(),
                            state.epsilon(),
                            clamp,
                            mean,
                            variance,
                            dy,
                            g[0],
                            g[1],
                            g[2]);
                    return g;
                },
                x,
                state.gamma(),
                state.beta());
    }

    private static Tensor byRunning(Tensor x, BatchNormState state, Activation clamp) {
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(x.shape());
        Tensor mean = state.runningMean();
        Tensor variance = state.runningVariance();
        backend.batchNormEvaluation(x, state.gamma(), state.beta(), state.epsilon(), clamp, mean, variance, y);
        return Tape.record(
                y,
                (dy, wanted) -> {
                    Tensor[] g = Convolutions.like(wanted, x, state.gamma(), state.beta());
                    backend.batchNormEvaluationGradient(
                            x,
                            state.gamma(),
                            state.beta(),
                            state.epsilon(),
                            clamp,
                            mean,
                            variance,
                            dy,
                            g[0],
                            g[1],
                            g[2]);
                    return g;
                },
                x,
                state.gamma(),
                state.beta());
    }
}
