package replklab.tensor;

import replklab.base.UsageException;

/** Operations that end in a scalar, recorded. */
final class Losses {
    private Losses() {}

    static Tensor crossEntropy(Tensor logits, Targets targets) {
        if (logits.shape().rank() < 2) {
            throw new UsageException("logits have shape " + logits.shape() + "; they must be (..., classes)");
        }
        targets.requireFor(logits.shape().rows(), logits.shape().channels());
        Backend backend = Backend.current();
        return Tape.record(
                scalar(backend.crossEntropy(logits, targets, null)),
                new Tensor[] {logits},
                (dy, wanted) -> {
                    // Computed when it is wanted: kept from the forward pass on, it would take memory all the time.
                    Tensor dx = Tensor.empty(logits.shape());
                    backend.crossEntropy(logits, targets, dx);
                    backend.combine(dy.item(), dx, 0, dx, dx);
                    return new Tensor[] {dx};
                },
                logits);
    }

    static Tensor sum(Tensor x) {
        Backend backend = Backend.current();
        return Tape.record(
                scalar(backend.sum(x)),
                new Tensor[] {},
                (dy, wanted) -> {
                    Tensor dx = Tensor.empty(x.shape());
                    backend.fill(dx, dy.item());
                    return new Tensor[] {dx};
                },
                x);
    }

    private static Tensor scalar(double value) {
        Tensor scalar = Tensor.empty(Shape.SCALAR);
        Backend.current().fill(scalar, (float) value);
        return scalar;
    }
}
