package replklab.tensor;

import replklab.base.UsageException;

/** What a {@link Backend} makes one number of, in double precision. */
public sealed interface Reduction {
    /**
     * Softmax cross-entropy, averaged over the rows that count, and its gradient with respect to the logits.
     *
     * @param logits rows of classes
     * @param targets what each row should be
     * @param dlogits shaped like the logits, or null: the gradient, zero in ignored rows
     */
    record CrossEntropy(Tensor logits, Targets targets, Tensor dlogits) implements Reduction {
        public CrossEntropy {
            if (logits.shape().rank() < 2) {
                throw new UsageException("logits have shape " + logits.shape() + "; they must be (..., classes)");
            }
            targets.requireFor(logits.shape().rows(), logits.shape().channels());
            Check.shape("gradient of the logits", dlogits, logits.shape());
        }
    }

    /** The sum of all elements. */
    record Sum(Tensor x) implements Reduction {}

    /** The sum of all elements' squares. */
    record SumOfSquares(Tensor x) implements Reduction {}
}
