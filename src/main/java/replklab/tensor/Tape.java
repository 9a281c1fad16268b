package replklab.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import replklab.base.NativeCaches;
import replklab.base.NativeMemory;
import replklab.base.ScratchMemory;

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
 * <p>Tensors made inside, gradients included, must not be used after {@link #close()}; {@link Tensor} refuses that. What an
 * operation made goes back to the pool as soon as {@link #backward} has passed it, or at the end of its {@link #block}.
 * Without a tape nothing is recorded and the garbage collector frees the tensors: the way to try things in a notebook.
 */
public final class Tape implements AutoCloseable {
    private static final ThreadLocal<Tape> CURRENT = new ThreadLocal<>();
    private static final MemoryPool POOL = new MemoryPool();

    private final Tape outer;
    private final Thread owner = Thread.currentThread();
    private final RandomGenerator random;
    private final Recording recording; // null if this tape only lends memory
    private final List<Tensor> sources; // null if every parameter is one
    private final List<Storage> storages = new ArrayList<>();
    private boolean closed;
    private int unrecorded;

    private Tape(boolean records, RandomGenerator random, List<Tensor> sources) {
        this.outer = CURRENT.get();
        this.random = random;
        this.recording = records ? new Recording(this) : null;
        this.sources = sources;
        CURRENT.set(this);
        if (outer == null) {
            ScratchMemory.atRest();
            POOL.tapeOpens();
        }
    }

    /**
     * Opens a tape that records.
     *
     * @param seed decides everything random in the forward pass, such as drop path: a step repeats from its seed alone
     */
    public static Tape training(long seed) {
        return new Tape(true, new SplittableRandom(seed), null);
    }

    /**
     * Opens a tape that records what depends on {@code inputs}. Parameters are constants on it, so a backward pass leaves
     * gradients with the inputs alone and is spared the weights': for looking at a trained network. Nothing is random.
     *
     * @param inputs need not be parameters
     */
    public static Tape withRespectTo(Tensor... inputs) {
        return new Tape(true, null, List.of(inputs));
    }

    /** Opens a tape that only lends memory: for evaluation in a loop. */
    public static Tape inference() {
        return new Tape(false, null, null);
    }

    /**
     * Gives back all memory that nobody uses: what is kept for coming tapes, what was prepared beside weights, scratch memory,
     * and what the garbage collector finds. For the end of a run, or before a model of other shapes; not to be called from
     * within an operation.
     */
    public static void releaseMemory() {
        NativeMemory.giveBack();
        Backend.releaseDevice();
    }

    /** Bytes that open tapes use and closed ones left for the next ones. */
    public static long memoryBytes() {
        return POOL.takenBytes();
    }

    /** Memory outside the Java heap that the program holds: tensors, what tapes left, and all that is kept beside them. */
    public static MemoryUse memory() {
        long cached = NativeCaches.bytes();
        return new MemoryUse(NativeMemory.used() - cached, cached);
    }

    /**
     * Memory outside the Java heap.
     *
     * @param inUse bytes that somebody uses, or that the garbage collector has not found yet
     * @param cached bytes kept because they may be wanted again; {@link Tape#releaseMemory} gives them back
     */
    public record MemoryUse(long inUse, long cached) {
        /** Both together. */
        public long bytes() {
            return inUse + cached;
        }
    }

    /**
     * Runs a part of a network, such as a residual block, and gives back at its end the memory of everything made in it
     * but its result and what the gradient will read. What the gradient reads but a batch norm can cheaply make again is given
     * back, too, and made again in the backward pass. Nothing else made inside may be used afterwards; that is refused.
     * Without an open tape it does nothing more than run the body.
     */
    public static Tensor block(Supplier<Tensor> body) {
        Tape tape = CURRENT.get();
        if (tape == null) {
            return body.get();
        }
        int mark = tape.mark();
        Tensor result = body.get();
        Storage lasting = result.storage();
        tape.giveBackSince(mark, Storage.Returned.BY_BLOCK, storage -> storage == lasting);
        tape.sendAwaySince(mark, lasting);
        return result;
    }

    /** Keeps tensors readable after {@link #backward} and a {@link #block} until this tape closes. */
    public void keep(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            tensor.storage().keep();
        }
    }

    /** Memory for a new tensor: the open tape's, or the garbage collector's without one. Not zeroed. */
    static Storage allocate(long elements) {
        Backend backend = Backend.current();
        if (!backend.computes()) {
            return Storage.symbolic();
        }
        return backend.memory() == null
                ? allocateWithContents(elements)
                : owned(Storage.unplaced(Storage.bytesFor(elements), CURRENT.get() != null));
    }

    /** Host memory, also where the backend at work does not compute: for numbers that are there already. */
    static Storage allocateWithContents(long elements) {
        return CURRENT.get() == null ? Storage.allocate(Storage.bytesFor(elements)) : owned(POOL.acquire(elements));
    }

    /** The open tape's, if there is one. */
    private static Storage owned(Storage storage) {
        Tape tape = CURRENT.get();
        if (tape != null) {
            tape.storages.add(storage);
        }
        return storage;
    }

    /** Where the memory taken from now on begins, for {@link #giveBackSince}. */
    int mark() {
        return storages.size();
    }

    /** Gives back all memory taken since, but what is still in use or {@code kept} says. */
    void giveBackSince(int mark, Storage.Returned why, java.util.function.Predicate<Storage> kept) {
        int left = mark;
        for (int i = mark; i < storages.size(); i++) {
            Storage storage = storages.get(i);
            if (storage.isInUse() || kept.test(storage)) {
                storages.set(left++, storage);
            } else {
                giveBack(storage, why);
            }
        }
        storages.subList(left, storages.size()).clear();
    }

    /** Gives back the memory taken since whose contents can be computed again for the gradient. */
    private void sendAwaySince(int mark, Storage lasting) {
        storages.subList(mark, storages.size()).removeIf(storage -> {
            boolean away = storage != lasting && storage.canWait();
            if (away) {
                POOL.release(storage.goAway(Storage.Returned.BY_BLOCK), Storage.Returned.BY_BLOCK);
            }
            return away;
        });
    }

    /** Computes contents again that a block did not keep. */
    static void bringBack(Storage storage) {
        if (storage.isAway()) {
            CURRENT.get().storages.add(storage);
            long bytes = storage.bytes();
            storage.comeBack(
                    Backend.current().memory() == null ? POOL.acquireBytes(bytes) : Storage.unplaced(bytes, true));
        }
    }

    /** Gives back one storage, if it is lent and has not gone back yet. */
    static void giveBack(Storage storage, Storage.Returned why) {
        if (storage.isPooled() && !storage.isReturned()) {
            POOL.release(storage, why);
        }
    }

    /** Runs {@code body} without a tape: what it makes stays valid. */
    static <T> T withoutTape(Supplier<T> body) {
        Tape tape = CURRENT.get();
        CURRENT.remove();
        try {
            return body.get();
        } finally {
            CURRENT.set(tape);
        }
    }

    /** Runs {@code body} without recording what it does; what it makes still belongs to the open tape. */
    static void unrecorded(Runnable body) {
        Tape tape = CURRENT.get();
        if (tape == null) {
            body.run();
            return;
        }
        tape.unrecorded++;
        try {
            body.run();
        } finally {
            tape.unrecorded--;
        }
    }

    /** The tape that is open on this thread. */
    static Tape openForBackward() {
        Tape tape = CURRENT.get();
        if (tape == null) {
            throw new IllegalStateException(
                    "no tape is open that could have recorded what this was computed from: compute it"
                            + " and call backward() inside try (Tape tape = Tape.training(seed)) { ... }");
        }
        return tape;
    }

    /** Whether an operation with these inputs would be recorded now. */
    static boolean records(Tensor... inputs) {
        Tape tape = CURRENT.get();
        if (tape == null || tape.recording == null || tape.unrecorded > 0) {
            return false;
        }
        for (Tensor input : inputs) {
            if (input != null && tape.tracks(input)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this tape's backward pass leads to a gradient of {@code tensor}. */
    boolean tracks(Tensor tensor) {
        // By identity: tensors do not define another equality.
        return sources == null
                ? tensor.isTracked()
                : sources.contains(tensor) || (tensor.isTracked() && !tensor.isParameter());
    }

    /**
     * Records an operation, if a tape is open and one of the inputs needs its gradient.
     *
     * @param read the tensors whose contents {@code backward} reads, null for none in places
     */
    static Tensor record(Tensor output, Tensor[] read, Recording.Backward backward, Tensor... inputs) {
        if (records(inputs)) {
            record(new Tensor[] {output}, read, (dys, wanted) -> backward.apply(dys[0], wanted), inputs);
        }
        return output;
    }

    /** Records an operation with several outputs, each of which may be used or not. */
    static Tensor[] record(Tensor[] outputs, Tensor[] read, Recording.BackwardOfMany backward, Tensor... inputs) {
        if (records(inputs)) {
            CURRENT.get().recording.add(new Recording.Node(outputs, inputs, read, backward));
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

    /** Whether the tape that is open on this thread is one for training. */
    public static boolean isTraining() {
        Tape tape = CURRENT.get();
        return tape != null && tape.random != null;
    }

    /**
     * Computes the gradient of {@code loss} with respect to every tensor that requires one; read them with {@link
     * Tensor#gradient()} before the tape closes. Gradients of several losses add up.
     *
     * <p>On the way the memory of what the passed operations made goes back to the pool, but for the loss and for what
     * {@link #keep} named: so no second pass may go through the same operations. {@link #backwardKeeping} allows that.
     *
     * @param loss a scalar made on this tape
     */
    public void backward(Tensor loss) {
        backward(loss, false);
    }

    /** As {@link #backward}, but all memory stays, so that the same operations can be passed again. */
    public void backwardKeeping(Tensor loss) {
        backward(loss, true);
    }

    private void backward(Tensor loss, boolean keeping) {
        requireOpen();
        if (recording == null) {
            throw new IllegalStateException("an inference tape records nothing; open Tape.training(seed)");
        }
        recording.backward(loss, keeping);
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

    /** How many tapes are open on this thread, one inside the other. */
    public static int open() {
        int count = 0;
        for (Tape tape = CURRENT.get(); tape != null; tape = tape.outer) {
            count++;
        }
        return count;
    }

    /**
     * Closes every tape that is open on this thread, innermost first: those that were left open, such as by a snippet that threw,
     * on which everything would be recorded that comes.
     *
     * @return how many it closed
     */
    public static int closeAll() {
        return closeAll(0);
    }

    /**
     * Closes the innermost tapes of this thread.
     *
     * @param kept how many of the outermost ones stay open
     * @return how many it closed
     */
    public static int closeAll(int kept) {
        int count = Math.max(0, open() - kept);
        for (int i = 0; i < count; i++) {
            CURRENT.get().close();
        }
        return count;
    }

    /** Ends the recording and gives the memory of all tensors made since the start back to the pool. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        requireOpen();
        closed = true;
        if (recording != null) {
            recording.forgetGradients();
        }
        storages.forEach(storage -> giveBack(storage, Storage.Returned.BY_CLOSING));
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }
}
