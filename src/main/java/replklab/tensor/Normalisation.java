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
        BatchNormTerms terms = new BatchNormTerms(
                state.gamma(),
                state.beta(),
                Tensor.empty(state.gamma().shape()),
                Tensor.empty(state.gamma().shape()),
                state.epsilon(),
                clamp);
        Tensor y = Tensor.empty(x.shape());
        backend.batchNorm(x, terms, y);
        float fresh = (float) state.momentum();
        float unbiased = fresh * rows / (rows - 1);
        move(state.runningMean(), fresh, terms.mean(), fresh);
        move(state.runningVariance(), fresh, terms.variance(), unbiased);
        return Tape.record(
                y,
                (dy, wanted) -> {
                    Tensor[] g = Convolutions.like(wanted, x, terms.gamma(), terms.beta());
                    backend.batchNormGradient(x, terms, dy, g[0], g[1], g[2]);
                    return g;
                },
                x,
                terms.gamma(),
                terms.beta());
    }

    /** running = (1 - fresh) running + weight batch. */
    private static void move(Tensor running, float fresh, Tensor batch, float weight) {
        running.requireChangeable();
        Backend.current().combine(1 - fresh, running, weight, batch, running);
    }

    private static Tensor byRunning(Tensor x, BatchNormState state, Activation clamp) {
        Backend backend = Backend.current();
        BatchNormTerms terms = new BatchNormTerms(
                state.gamma(), state.beta(), state.runningMean(), state.runningVariance(), state.epsilon(), clamp);
        Tensor y = Tensor.empty(x.shape());
        backend.batchNormEvaluation(x, terms, y);
        return Tape.record(
                y,
                (dy, wanted) -> {
                    Tensor[] g = Convolutions.like(wanted, x, terms.gamma(), terms.beta());
                    backend.batchNormEvaluationGradient(x, terms, dy, g[0], g[1], g[2]);
                    return g;
                },
                x,
                terms.gamma(),
                terms.beta());
    }
}
