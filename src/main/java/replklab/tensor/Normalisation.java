package replklab.tensor;

import replklab.base.UsageException;

/** Batch norm and layer norm as recorded operations. */
final class Normalisation {
    private Normalisation() {}

    static Tensor batchNorm(Tensor x, BatchNormState state, Activation activation, boolean training) {
        if (!state.gamma().shape().equals(Shape.of(x.shape().channels()))) {
            throw new UsageException(
                    "batch norm over " + state.gamma().shape() + " channels, input shape " + x.shape());
        }
        return training ? byBatch(x, state, activation) : byRunning(x, state, activation);
    }

    private static Tensor byBatch(Tensor x, BatchNormState state, Activation activation) {
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
                activation);
        Tensor y = Tensor.empty(x.shape());
        backend.batchNorm(x, terms, y);
        float fresh = (float) state.momentum();
        float unbiased = fresh * rows / (rows - 1);
        if (activation.isClamp()) {
            // Read by the next convolution's gradient alone, and made again in one pass over x, which is kept anyway.
            y.storage().remakeBy(() -> {
                Tape.bringBack(x.storage());
                backend.batchNormEvaluation(x, terms, y);
            });
        }
        move(state.runningMean(), fresh, terms.mean(), fresh);
        move(state.runningVariance(), fresh, terms.variance(), unbiased);
        return Tape.record(
                y,
                new Tensor[] {x, terms.gamma(), terms.beta(), terms.mean(), terms.variance()},
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

    private static Tensor byRunning(Tensor x, BatchNormState state, Activation activation) {
        Backend backend = Backend.current();
        BatchNormTerms terms = new BatchNormTerms(
                state.gamma(), state.beta(), state.runningMean(), state.runningVariance(), state.epsilon(), activation);
        Tensor y = Tensor.empty(x.shape());
        backend.batchNormEvaluation(x, terms, y);
        return Tape.record(
                y,
                new Tensor[] {x, terms.gamma(), terms.beta(), terms.mean(), terms.variance()},
                (dy, wanted) -> {
                    Tensor[] g = Convolutions.like(wanted, x, terms.gamma(), terms.beta());
                    backend.batchNormEvaluationGradient(x, terms, dy, g[0], g[1], g[2]);
                    return g;
                },
                x,
                terms.gamma(),
                terms.beta());
    }

    static Tensor layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
        Shape channels = Shape.of(x.shape().channels());
        if (!gamma.shape().equals(channels) || !beta.shape().equals(channels)) {
            throw new UsageException("layer norm with scale " + gamma.shape() + " and shift " + beta.shape()
                    + ", input shape " + x.shape() + ": they must have its channels");
        }
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(x.shape());
        backend.layerNorm(x, gamma, beta, epsilon, y);
        return Tape.record(
                y,
                new Tensor[] {x, gamma},
                (dy, wanted) -> {
                    Tensor[] g = Convolutions.like(wanted, x, gamma, beta);
                    backend.layerNormGradient(x, gamma, epsilon, dy, g[0], g[1], g[2]);
                    return g;
                },
                x,
                gamma,
                beta);
    }
}
