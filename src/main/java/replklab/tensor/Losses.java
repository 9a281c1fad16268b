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
        Tensor dlogits = Tape.records(logits) ? Tensor.empty(logits.shape()) : null;
        Tensor loss = scalar(backend.crossEntropy(logits, targets, dlogits));
        return Tape.record(
                loss,
                (dy, wanted) -> {
                    Tensor dx = Tensor.empty(logits.shape());
                    backend.combine(dy.item(), dlogits, 0, dlogits, dx);
                    return new Tensor[] {dx};
                },
                logits);
    }

    static Tensor sum(Tensor x) {
        Backend backend = Backend.current();
        return Tape.record(
                scalar(backend.sum(x)),
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
