package replklab.tensor;

import replklab.base.UsageException;

/** Throws {@link UsageException} where the tensors of an operation do not fit each other. */
final class Check {
    static final String IMAGE = "(batch, height, width, channels)";

    private Check() {}

    /** A tensor has so many axes. */
    static void rank(String what, Tensor tensor, int rank, String axes) {
        if (tensor.shape().rank() != rank) {
            throw new UsageException(what + " has shape " + tensor.shape() + "; it must be " + axes);
        }
    }

    /** A tensor, if there is one, has this shape. */
    static void shape(String what, Tensor tensor, Shape shape) {
        if (tensor != null && !tensor.shape().equals(shape)) {
            throw new UsageException(what + " has shape " + tensor.shape() + "; it must be " + shape);
        }
    }

    /** A tensor, if there is one, has one number a channel. */
    static void channels(String what, Tensor tensor, int channels) {
        shape(what, tensor, Shape.of(channels));
    }

    /** Two tensors have the same shape. */
    static void same(String operation, Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape())) {
            throw new UsageException(
                    operation + " of shapes " + a.shape() + " and " + b.shape() + ": they must be equal");
        }
    }
}
