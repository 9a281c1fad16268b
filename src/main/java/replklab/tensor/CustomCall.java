package replklab.tensor;

import java.util.Arrays;
import replklab.base.LabException;

/**
 * A user's operation on some tensors.
 *
 * @param inputs not to be changed
 * @param y of the shape that the operation says
 */
public record CustomCall(CustomOperation operation, Tensor[] inputs, Tensor y) implements Operation {
    public CustomCall {
        Check.shape("output of " + operation.name(), y, output(operation, inputs));
    }

    static Shape output(CustomOperation operation, Tensor... inputs) {
        if (inputs.length == 0) {
            throw new replklab.base.UsageException(operation.name() + " without an input; it needs at least one");
        }
        return operation.outputShape(shapes(inputs));
    }

    private static Shape[] shapes(Tensor... tensors) {
        return Arrays.stream(tensors).map(Tensor::shape).toArray(Shape[]::new);
    }

    /** Multiply-accumulates, as the operation says. */
    public long macs() {
        return operation.macs(shapes(inputs));
    }

    /** For backends: lets the operation compute, and copies its result to {@code y}. Nothing that it does is recorded. */
    public void compute() {
        Tape.unrecorded(() -> {
            Tensor result = operation.forward(inputs.clone());
            if (result == null || !result.shape().equals(y.shape())) {
                throw new LabException(
                        operation.name() + ".forward returned " + (result == null ? "null" : "shape " + result.shape())
                                + "; its outputShape says " + y.shape());
            }
            y.assign(result);
        });
    }

    @Override
    public Tensor[] reads() {
        return inputs.clone();
    }

    @Override
    public Tensor[] writes() {
        return new Tensor[] {y};
    }

    /** The recorded call. */
    static Tensor of(CustomOperation operation, Tensor... given) {
        Tensor[] inputs = given.clone();
        Tensor y = Tensor.empty(output(operation, inputs));
        Backend.run(new CustomCall(operation, inputs, y));
        Tensor[] read = Arrays.copyOf(inputs, inputs.length + 1);
        read[inputs.length] = y;
        return Tape.record(y, read, (dy, wanted) -> gradients(operation, inputs, y, dy), inputs);
    }

    private static Tensor[] gradients(CustomOperation operation, Tensor[] inputs, Tensor y, Tensor dy) {
        Tensor[] found = new Tensor[inputs.length];
        Tape.unrecorded(() -> {
            Tensor[] gradients = operation.gradient(dy, y, inputs.clone());
            if (gradients == null || gradients.length != inputs.length) {
                throw new LabException(operation.name() + ".gradient returned "
                        + (gradients == null ? "null" : gradients.length + " tensors") + "; one is needed for each of "
                        + inputs.length + " inputs, null where there is no gradient");
            }
            for (int i = 0; i < inputs.length; i++) {
                if (gradients[i] != null) {
                    if (!gradients[i].shape().equals(inputs[i].shape())) {
                        throw new LabException(operation.name() + ".gradient returned shape " + gradients[i].shape()
                                + " for input " + i + ", whose shape is " + inputs[i].shape());
                    }
                    // A tensor of the user's, or one that is read elsewhere, must not become a sum of gradients.
                    found[i] = Tensor.empty(inputs[i].shape());
                    found[i].assign(gradients[i]);
                }
            }
        });
        return found;
    }
}
