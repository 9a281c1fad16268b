package replklab.tensor;

import replklab.base.UsageException;
import replklab.tensor.ElementwiseOperation.Combine;
import replklab.tensor.NormOperation.BatchNorm;
import replklab.tensor.NormOperation.BatchNormEvaluation;
import replklab.tensor.NormOperation.BatchNormEvaluationGradient;
import replklab.tensor.NormOperation.BatchNormGradient;
import replklab.tensor.NormOperation.LayerNorm;
import replklab.tensor.NormOperation.LayerNormGradient;

/** Batch norm and layer norm as recorded operations. */
final class Normalisation {
    private Normalisation() {}

    static Tensor batchNorm(Tensor x, BatchNormState state, Activation activation, boolean training) {
        return training ? byBatch(x, state, activation) : byRunning(x, state, activation);
    }

    private static Tensor byBatch(Tensor x, BatchNormState state, Activation activation) {
        int rows = x.shape().rows();
        if (rows < 2) {
            throw new UsageException(
                    "batch norm in training needs at least 2 values a channel; input shape " + x.shape() + " has 1");
        }
        BatchNormTerms terms = new BatchNormTerms(
                state.gamma(),
                state.beta(),
                Tensor.empty(state.gamma().shape()),
                Tensor.empty(state.gamma().shape()),
                state.epsilon(),
                activation);
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new BatchNorm(x, terms, y));
        float fresh = (float) state.momentum();
        float unbiased = fresh * rows / (rows - 1);
        if (activation.isClamp() && Tape.records(x, terms.gamma(), terms.beta())) {
            // Read by the next convolution's gradient alone, and made again in one pass over x, which is kept anyway.
            y.storage().remakeBy(() -> {
                Tape.bringBack(x.storage());
                Backend.run(new BatchNormEvaluation(x, terms, y));
            });
        }
        move(state.runningMean(), fresh, terms.mean(), fresh);
        move(state.runningVariance(), fresh, terms.variance(), unbiased);
        return Tape.record(
                y,
                new Tensor[] {x, terms.gamma(), terms.beta(), terms.mean(), terms.variance()},
                (dy, wanted) -> {
                    Tensor[] g = Convolutions.like(wanted, x, terms.gamma(), terms.beta());
                    Backend.run(new BatchNormGradient(x, terms, dy, g[0], g[1], g[2]));
                    return g;
                },
                x,
                terms.gamma(),
                terms.beta());
    }

    /** running = (1 - fresh) running + weight batch. */
    private static void move(Tensor running, float fresh, Tensor batch, float weight) {
        Backend.run(new Combine(1 - fresh, running, weight, batch, running));
    }

    private static Tensor byRunning(Tensor x, BatchNormState state, Activation activation) {
        BatchNormTerms terms = new BatchNormTerms(
                state.gamma(), state.beta(), state.runningMean(), state.runningVariance(), state.epsilon(), activation);
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new BatchNormEvaluation(x, terms, y));
        return Tape.record(
                y,
                new Tensor[] {x, terms.gamma(), terms.beta(), terms.mean(), terms.variance()},
                (dy, wanted) -> {
                    Tensor[] g = Convolutions.like(wanted, x, terms.gamma(), terms.beta());
                    Backend.run(new BatchNormEvaluationGradient(x, terms, dy, g[0], g[1], g[2]));
                    return g;
                },
                x,
                terms.gamma(),
                terms.beta());
    }

    static Tensor layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new LayerNorm(x, gamma, beta, epsilon, y));
        return Tape.record(
                y,
                new Tensor[] {x, gamma},
                (dy, wanted) -> {
                    Tensor[] g = Convolutions.like(wanted, x, gamma, beta);
                    Backend.run(new LayerNormGradient(x, gamma, epsilon, dy, g[0], g[1], g[2]));
                    return g;
                },
                x,
                gamma,
                beta);
    }
}
