package replklab.tensor;

import replklab.tensor.ElementwiseOperation.Combine;
import replklab.tensor.ElementwiseOperation.Fill;
import replklab.tensor.Reduction.CrossEntropy;
import replklab.tensor.Reduction.Sum;

/** Operations that end in a scalar, recorded. */
final class Losses {
    private Losses() {}

    static Tensor crossEntropy(Tensor logits, Targets targets) {
        return Tape.record(
                Backend.reduceToScalar(new CrossEntropy(logits, targets, null)),
                new Tensor[] {logits},
                (dy, wanted) -> {
                    // Computed when it is wanted: kept from the forward pass on, it would take memory all the time.
                    Tensor dx = Tensor.empty(logits.shape());
                    Backend.reduceToScalar(new CrossEntropy(logits, targets, dx));
                    Backend.run(new Combine(dy.item(), dx, 0, dx, dx));
                    return new Tensor[] {dx};
                },
                logits);
    }

    static Tensor sum(Tensor x) {
        return Tape.record(
                Backend.reduceToScalar(new Sum(x)),
                new Tensor[] {},
                (dy, wanted) -> {
                    Tensor dx = Tensor.empty(x.shape());
                    Backend.run(new Fill(dx, dy.item()));
                    return new Tensor[] {dx};
                },
                x);
    }
}
