package replklab.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import replklab.tensor.ElementwiseOperation.Combine;
import replklab.tensor.ElementwiseOperation.Fill;

/** The operations that a tape recorded, and the pass back through them. */
final class Recording {
    private final Tape tape;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Shadow> shadows = new ArrayList<>();

    Recording(Tape tape) {
        this.tape = tape;
    }

    /** The gradient of one operation. */
    @FunctionalInterface
    interface Backward {
        /**
         * The gradients with respect to the inputs.
         *
         * @param dy gradient with respect to the output; may be returned as it is, must not be changed
         * @param wanted which inputs' gradients are needed
         * @return one tensor an input, null where not wanted; each {@code dy} or freshly made
         */
        Tensor[] apply(Tensor dy, boolean[] wanted);

        /**
         * Of an operation with one input, whose gradient another operation writes.
         *
         * @param gradient gets the output's gradient and where the input's goes
         */
        static Backward of(Tensor x, BiFunction<Tensor, Tensor, Operation> gradient) {
            return (dy, wanted) -> {
                Tensor dx = Tensor.empty(x.shape());
                Backend.run(gradient.apply(dy, dx));
                return new Tensor[] {dx};
            };
        }
    }

    /** The gradient of an operation with several outputs. */
    @FunctionalInterface
    interface BackwardOfMany {
        /**
         * The gradients with respect to the inputs.
         *
         * @param dys one gradient an output, null for one that the loss does not depend on, but not for all; may be
         *     returned as they are, must not be changed
         * @param wanted which inputs' gradients are needed
         * @return one tensor an input, null where not wanted or zero; each one of {@code dys} or freshly made
         */
        Tensor[] apply(Tensor[] dys, boolean[] wanted);
    }

    /** One operation. */
    static final class Node {
        private final Tensor[] outputs;
        private final Tensor[] inputs;
        private final Tensor[] read;
        private final long[] versions;
        private final BackwardOfMany backward;
        private boolean passed;

        /**
         * An operation to record.
         *
         * @param read the tensors whose contents {@code backward} reads; some may be null
         */
        Node(Tensor[] outputs, Tensor[] inputs, Tensor[] read, BackwardOfMany backward) {
            this.outputs = outputs;
            this.inputs = inputs;
            this.read = read;
            this.versions = Arrays.stream(read).mapToLong(Node::version).toArray();
            this.backward = backward;
        }

        private static long version(Tensor tensor) {
            return tensor == null ? 0 : tensor.storage().version();
        }

        private void requireUnchanged() {
            for (int i = 0; i < read.length; i++) {
                if (version(read[i]) != versions[i]) {
                    throw new IllegalStateException("a tensor of shape " + read[i].shape() + " was changed in place (by"
                            + " assign, an optimiser's step or the like) between an operation that read it and the"
                            + " backward pass, which reads it again: the gradient would be wrong. Change it after"
                            + " backward, or compute with a copy()");
                }
            }
        }

        private boolean makes(Tensor tensor) {
            return Arrays.stream(outputs).anyMatch(output -> output == tensor);
        }

        private boolean isView(Tensor output) {
            return Arrays.stream(inputs).anyMatch(input -> input != null && input.storage() == output.storage());
        }
    }

    /** A gradient that another tape left at a tensor, to be put back when this one closes. */
    private record Shadow(Tensor tensor, Tensor gradient, Recording owner) {}

    void add(Node node) {
        for (Tensor output : node.outputs) {
            output.track();
            // A view of memory that no operation made, such as a parameter's reshape, does not own it either.
            if (!node.isView(output) || output.storage().isMade()) {
                output.storage().made();
            }
        }
        for (Tensor read : node.read) {
            if (read != null) {
                read.storage().reserve();
            }
        }
        nodes.add(node);
    }

    void backward(Tensor loss, boolean keeping) {
        if (loss.shape().elements() != 1) {
            throw new IllegalArgumentException("backward starts at a scalar; this tensor has shape " + loss.shape());
        }
        if (!loss.isTracked()) {
            throw new IllegalArgumentException("the loss does not depend on anything that requires a gradient");
        }
        if (!loss.isParameter() && nodes.stream().noneMatch(node -> node.makes(loss))) {
            throw new IllegalArgumentException("the loss was not made on this tape");
        }
        loss.storage().keep();
        Tensor one = Tensor.empty(loss.shape());
        Backend.run(new Fill(one, 1));
        accumulate(loss, one);
        try {
            passAll(keeping);
        } catch (RuntimeException | Error e) {
            // Half-way gradients must not be taken for parts of a later pass.
            for (Node node : nodes) {
                for (Tensor output : node.outputs) {
                    set(output, null);
                }
            }
            throw e;
        }
    }

    private void passAll(boolean keeping) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            Tensor[] dys = gradients(node);
            if (dys != null) {
                if (node.passed) {
                    throw new IllegalStateException("an earlier backward pass went through a part of this loss and gave"
                            + " its memory back; let that one be backwardKeeping(loss)");
                }
                pass(node, dys);
                if (!keeping) {
                    release(node);
                }
            }
        }
    }

    /** The gradients that the node's outputs got in this recording, or null if there is none. */
    private Tensor[] gradients(Node node) {
        Tensor[] gradients = new Tensor[node.outputs.length];
        boolean any = false;
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = own(node.outputs[i]);
            any |= gradients[i] != null;
        }
        return any ? gradients : null;
    }

    private void pass(Node node, Tensor[] dys) {
        boolean[] wanted = new boolean[node.inputs.length];
        for (int k = 0; k < wanted.length; k++) {
            wanted[k] = node.inputs[k] != null && tape.tracks(node.inputs[k]);
        }
        node.requireUnchanged();
        for (Tensor read : node.read) {
            if (read != null) {
                Tape.bringBack(read.storage());
            }
        }
        int mark = tape.mark();
        Tensor[] gradients = node.backward.apply(dys, wanted);
        for (int k = 0; k < wanted.length; k++) {
            if (wanted[k] && gradients[k] != null) {
                accumulate(node.inputs[k], gradients[k]);
            }
        }
        // What lies between is not read again; a second pass must not add to it.
        for (Tensor output : node.outputs) {
            set(output, null);
        }
        tape.giveBackSince(mark, Storage.Returned.BY_BACKWARD, storage -> false);
    }

    /** All operations that read these outputs have been passed, for they came later. */
    private static void release(Node node) {
        node.passed = true;
        for (Tensor read : node.read) {
            if (read != null) {
                read.storage().unreserve();
            }
        }
        for (Tensor output : node.outputs) {
            Storage storage = output.storage();
            if (storage.isMade() && storage.unmade() && !storage.isKept()) {
                Tape.giveBack(storage, Storage.Returned.BY_BACKWARD);
            }
        }
    }

    /** Adds to a tensor's gradient; a buffer that something else may still read is not added to in place. */
    private void accumulate(Tensor tensor, Tensor gradient) {
        Tensor before = own(tensor);
        if (before == null) {
            set(tensor, gradient);
            return;
        }
        Tensor sum = before.storage().gradients() == 1
                ? before
                : gradient.storage().gradients() == 0 ? gradient : Tensor.empty(gradient.shape());
        Backend.run(new Combine(1, before, 1, gradient, sum));
        set(tensor, sum);
    }

    /** The gradient that this recording left at a tensor, or null. */
    private Tensor own(Tensor tensor) {
        return tensor.gradientOwner() == this ? tensor.gradientOrNull() : null;
    }

    /** Sets or, with null, clears a tensor's gradient; one that nothing refers to any more goes back to the pool. */
    private void set(Tensor tensor, Tensor gradient) {
        Tensor before = own(tensor);
        if (before == gradient) {
            return;
        }
        if (tensor.gradientOwner() != this) {
            shadows.add(new Shadow(tensor, tensor.gradientOrNull(), tensor.gradientOwner()));
        }
        if (gradient != null) {
            gradient.storage().refer();
        }
        tensor.setGradient(gradient, this);
        if (before != null && before.storage().unrefer()) {
            Tape.giveBack(before.storage(), Storage.Returned.BY_BACKWARD);
        }
    }

    /** Leaves each tensor with the gradient it had before. */
    void forgetGradients() {
        for (int i = shadows.size() - 1; i >= 0; i--) {
            Shadow shadow = shadows.get(i);
            shadow.tensor.setGradient(shadow.gradient, shadow.owner);
        }
    }
}
