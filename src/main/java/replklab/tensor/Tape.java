package replklab.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Records the operations of one forward pass, runs them backwards for the gradients, and owns the memory of everything
 * made in between. While a tape is open, the operations of its thread are recorded on it:
 *
 * <pre>{@code
 * try (Tape tape = Tape.training(seed)) {
 *     Tensor loss = model.forward(images).crossEntropy(targets);
 *     tape.backward(loss);
 *     optimiser.step();
 * }   // every tensor made inside goes back to the pool
 * }</pre>
 *
 * <p>Tensors made inside, gradients included, must not be used after {@link #close()}; {@link Tensor} refuses that. Without
 * a tape nothing is recorded and the garbage collector frees the tensors: the way to try things in a notebook.
 */
public final class Tape implements AutoCloseable {
    private static final ThreadLocal<Tape> CURRENT = new ThreadLocal<>();
    private static final MemoryPool POOL = new MemoryPool();

    private final Tape outer;
    private final Thread owner = Thread.currentThread();
    private final RandomGenerator random;
    private final List<Node> nodes;
    private final List<Storage> storages = new ArrayList<>();
    private final List<Tensor> withGradient = new ArrayList<>();
    private boolean closed;

    /** The gradient of one operation. */
    @FunctionalInterface
    interface Backward {
        /**
         * The gradients with respect to the inputs.
         *
         * @param dy gradient with respect to the output; may be returned as it is, must not be changed
         * @param wanted which inputs' gradients are needed
         * @return one tensor an input, null where not wanted
         */
        Tensor[] apply(Tensor dy, boolean[] wanted);
    }

    /** The gradient of an operation with several outputs. */
    @FunctionalInterface
    interface BackwardOfMany {
        /**
         * The gradients with respect to the inputs.
         *
         * @param dys one gradient an output, null for one that the loss does not depend on, but not for all; none may be
         *     changed, and of an operation with one output it may be returned as it is
         * @param wanted which inputs' gradients are needed
         * @return one tensor an input, null where not wanted or zero
         */
        Tensor[] apply(Tensor[] dys, boolean[] wanted);
    }

    private record Node(Tensor[] outputs, Tensor[] inputs, BackwardOfMany backward) {
        boolean makes(Tensor tensor) {
            return Arrays.stream(outputs).anyMatch(output -> output == tensor);
        }

        /** The gradients of the outputs, or null if there is none. */
        Tensor[] gradients() {
            Tensor[] gradients = new Tensor[outputs.length];
            boolean any = false;
            for (int i = 0; i < gradients.length; i++) {
                gradients[i] = outputs[i].gradientOrNull();
                any |= gradients[i] != null;
            }
            return any ? gradients : null;
        }
    }

    private Tape(boolean recording, RandomGenerator random) {
        this.outer = CURRENT.get();
        this.random = random;
        this.nodes = recording ? new ArrayList<>() : null;
        CURRENT.set(this);
    }

    /**
     * Opens a tape that records.
     *
     * @param seed decides everything random in the forward pass, such as drop path: a step repeats from its seed alone
     */
    public static Tape training(long seed) {
        return new Tape(true, new SplittableRandom(seed));
    }

    /** Opens a tape that only lends memory: for evaluation in a loop. */
    public static Tape inference() {
        return new Tape(false, null);
    }

    /** Frees the memory kept for coming tapes: after the last step of a model. */
    public static void releaseMemory() {
        POOL.clear();
    }

    /** Bytes that all tapes took so far and hold for the next ones. */
    public static long memoryBytes() {
        return POOL.allocatedBytes();
    }

    /** Memory for a new tensor: the open tape's, or the garbage collector's without one. Not zeroed. */
    static Storage allocate(long elements) {
        Tape tape = CURRENT.get();
        if (tape == null) {
            return Storage.allocate(Storage.bytesFor(elements));
        }
        Storage storage = POOL.acquire(elements);
        tape.storages.add(storage);
        return storage;
    }

    /** Runs {@code body} without a tape: what it makes stays valid. */
    static <T> T withoutTape(java.util.function.Supplier<T> body) {
        Tape tape = CURRENT.get();
        CURRENT.remove();
        try {
            return body.get();
        } finally {
            CURRENT.set(tape);
        }
    }

    /** Whether an operation with these inputs would be recorded now. */
    static boolean records(Tensor... inputs) {
        Tape tape = CURRENT.get();
        if (tape == null || tape.nodes == null) {
            return false;
        }
        for (Tensor input : inputs) {
            if (input != null && input.isTracked()) {
                return true;
            }
        }
        return false;
    }

    /** Records an operation, if a tape is open and one of the inputs needs its gradient. */
    static Tensor record(Tensor output, Backward backward, Tensor... inputs) {
        if (records(inputs)) {
            record(new Tensor[] {output}, (dys, wanted) -> backward.apply(dys[0], wanted), inputs);
        }
        return output;
    }

    /** Records an operation with several outputs, each of which may be used or not. */
    static Tensor[] record(Tensor[] outputs, BackwardOfMany backward, Tensor... inputs) {
        if (records(inputs)) {
            for (Tensor output : outputs) {
                output.track();
            }
            CURRENT.get().nodes.add(new Node(outputs, inputs, backward));
        }
        return outputs;
    }

    /**
     * The random generator of the open training tape.
     *
     * @throws IllegalStateException without one
     */
    static RandomGenerator random() {
        Tape tape = CURRENT.get();
        if (tape == null || tape.random == null) {
            throw new IllegalStateException("something random, such as drop path, needs an open Tape.training(seed)");
        }
        return tape.random;
    }

    /** Whether a recording tape is open on this thread. */
    public static boolean isTraining() {
        Tape tape = CURRENT.get();
        return tape != null && tape.nodes != null;
    }

    /**
     * Computes the gradient of {@code loss} with respect to every tensor that requires one; read them with {@link
     * Tensor#gradient()} before the tape closes. Called again, gradients add up.
     *
     * @param loss a scalar made on this tape
     */
    public void backward(Tensor loss) {
        requireOpen();
        if (nodes == null) {
            throw new IllegalStateException("an inference tape records nothing; open Tape.training(seed)");
        }
        if (loss.shape().elements() != 1) {
            throw new IllegalArgumentException("backward starts at a scalar; this tensor has shape " + loss.shape());
        }
        if (!loss.isTracked()) {
            throw new IllegalArgumentException("the loss does not depend on anything that requires a gradient");
        }
        if (!loss.isParameter() && nodes.stream().noneMatch(node -> node.makes(loss))) {
            throw new IllegalArgumentException("the loss was not made on this tape");
        }
        Tensor one = Tensor.empty(loss.shape());
        Backend.current().fill(one, 1);
        accumulate(loss, one, true);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            Tensor[] dys = node.gradients();
            if (dys == null) {
                continue;
            }
            boolean[] wanted = new boolean[node.inputs.length];
            for (int k = 0; k < wanted.length; k++) {
                wanted[k] = node.inputs[k] != null && node.inputs[k].isTracked();
            }
            Tensor[] gradients = node.backward.apply(dys, wanted);
            for (int k = 0; k < wanted.length; k++) {
                if (wanted[k] && gradients[k] != null) {
                    boolean owned = dys[0] == null || gradients[k].storage() != dys[0].storage();
                    accumulate(node.inputs[k], gradients[k], owned);
                }
            }
            // What lies between is not read again; a second backward() must not add to it.
            for (Tensor output : node.outputs) {
                output.setGradient(null, false);
            }
        }
    }

    /** Adds to a tensor's gradient; a buffer that something else may still read is not added to in place. */
    private void accumulate(Tensor tensor, Tensor gradient, boolean owned) {
        Tensor before = tensor.gradientOrNull();
        if (before == null) {
            tensor.setGradient(gradient, owned);
            withGradient.add(tensor);
        } else {
            Tensor sum = tensor.ownsGradient() ? before : owned ? gradient : Tensor.empty(gradient.shape());
            Backend.current().combine(1, before, 1, gradient, sum);
            tensor.setGradient(sum, true);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this tape is closed");
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("this tape belongs to thread " + owner.getName());
        }
        if (CURRENT.get() != this) {
            throw new IllegalStateException("a tape opened inside this one is still open");
        }
    }

    /** Ends the recording and gives the memory of all tensors made since the start back to the pool. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        requireOpen();
        closed = true;
        withGradient.forEach(tensor -> tensor.setGradient(null, false));
        storages.forEach(POOL::release);
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }
}
