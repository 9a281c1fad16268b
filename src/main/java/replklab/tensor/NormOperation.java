package replklab.tensor;

import replklab.base.UsageException;

/** Batch norm and layer norm over the last axis, and their gradients. */
public sealed interface NormOperation extends Operation {
    /**
     * Batch norm by the batch's own statistics, then an activation.
     *
     * @param terms whose mean and variance are written: the batch's means and biased variances
     * @param y shaped like {@code x}
     */
    record BatchNorm(Tensor x, BatchNormTerms terms, Tensor y) implements NormOperation {
        public BatchNorm {
            requireTerms(x, terms);
            Check.shape("output of a batch norm", y, x.shape());
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, terms.gamma(), terms.beta()};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {terms.mean(), terms.variance(), y};
        }
    }

    /** The gradient of {@link BatchNorm}, through the statistics that it wrote. */
    record BatchNormGradient(Tensor x, BatchNormTerms terms, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta)
            implements NormOperation, Operation.Gradient {
        public BatchNormGradient {
            requireTerms(x, terms);
            requireGradients(x, dy, dx, dgamma, dbeta);
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, terms.gamma(), terms.beta(), terms.mean(), terms.variance(), dy};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {dx, dgamma, dbeta};
        }
    }

    /**
     * Batch norm by given statistics, which are constants, then an activation.
     *
     * @param y shaped like {@code x}
     */
    record BatchNormEvaluation(Tensor x, BatchNormTerms terms, Tensor y) implements NormOperation {
        public BatchNormEvaluation {
            requireTerms(x, terms);
            Check.shape("output of a batch norm", y, x.shape());
        }

        /** What it writes depends on mean and variance too; they are the norm's state, not a layer's output. */
        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, terms.gamma(), terms.beta()};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {y};
        }
    }

    /** The gradient of {@link BatchNormEvaluation}. */
    record BatchNormEvaluationGradient(
            Tensor x, BatchNormTerms terms, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta)
            implements NormOperation, Operation.Gradient {
        public BatchNormEvaluationGradient {
            requireTerms(x, terms);
            requireGradients(x, dy, dx, dgamma, dbeta);
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, terms.gamma(), terms.beta(), terms.mean(), terms.variance(), dy};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {dx, dgamma, dbeta};
        }
    }

    /**
     * Layer norm: each row by its own mean and biased variance, then y = gamma xhat + beta.
     *
     * @param gamma (channels)
     * @param beta (channels)
     * @param epsilon added to the variance
     * @param y shaped like {@code x}
     */
    record LayerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y) implements NormOperation {
        public LayerNorm {
            Check.channels("scale of a layer norm", gamma, x.shape().channels());
            Check.channels("shift of a layer norm", beta, x.shape().channels());
            Check.shape("output of a layer norm", y, x.shape());
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, gamma, beta};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {y};
        }
    }

    /** The gradient of {@link LayerNorm}. */
    record LayerNormGradient(Tensor x, Tensor gamma, double epsilon, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta)
            implements NormOperation, Operation.Gradient {
        public LayerNormGradient {
            Check.channels("scale of a layer norm", gamma, x.shape().channels());
            requireGradients(x, dy, dx, dgamma, dbeta);
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, gamma, dy};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {dx, dgamma, dbeta};
        }
    }

    private static void requireTerms(Tensor x, BatchNormTerms terms) {
        int channels = x.shape().channels();
        if (!terms.gamma().shape().equals(Shape.of(channels))) {
            throw new UsageException(
                    "batch norm over " + terms.gamma().shape() + " channels, input shape " + x.shape());
        }
        Check.channels("shift of a batch norm", terms.beta(), channels);
        Check.channels("mean of a batch norm", terms.mean(), channels);
        Check.channels("variance of a batch norm", terms.variance(), channels);
    }

    private static void requireGradients(Tensor x, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta) {
        Check.shape("output gradient of a norm", dy, x.shape());
        Check.shape("input gradient of a norm", dx, x.shape());
        Check.channels("scale gradient of a norm", dgamma, x.shape().channels());
        Check.channels("shift gradient of a norm", dbeta, x.shape().channels());
    }
}
