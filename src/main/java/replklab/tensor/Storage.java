package replklab.tensor;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import replklab.base.Interrupts;
import replklab.base.LabException;
import replklab.base.NativeMemory;
import replklab.base.NativePiece;

/**
 * A piece of host memory, 64-byte aligned and a whole number of cache lines long. Several tensors may look at one
 * storage (a reshape does not copy). A storage that went back to its pool is refused from then on.
 *
 * <p>It counts who uses it: recorded operations that made it, recorded operations whose gradient will read it, and tensors
 * whose gradient it holds.
 */
final class Storage {
    private NativePiece pooled; // null unless a pool lends it
    private MemorySegment memory;
    private Runnable remake;
    private boolean away;
    private Returned returned;
    private boolean frozen;
    private boolean kept;
    private int makers;
    private int readers;
    private int gradients;
    private long version;

    /** How a storage went back to its pool. */
    enum Returned {
        BY_CLOSING("belonged to a tape that is closed"),
        BY_BACKWARD("was made by an operation that a backward pass went through"),
        BY_BLOCK("was made in a block that is over");

        private final String how;

        Returned(String how) {
            this.how = how;
        }
    }

    private Storage(MemorySegment memory, NativePiece pooled) {
        this.memory = memory;
        this.pooled = pooled;
    }

    /** Fresh memory, which the garbage collector frees; its contents are zero. */
    static Storage allocate(long bytes) {
        return new Storage(NativeMemory.allocate(bytes), null);
    }

    /** Fresh memory for a pool to lend, which {@link #free} gives back; its contents are zero. */
    static Storage take(long bytes, AtomicLong account) {
        NativePiece piece = NativeMemory.take(bytes, account);
        return new Storage(piece.memory(), piece);
    }

    /** Memory that belongs to somebody else, such as an array of ND4J's; {@code owner} is kept reachable by the segment. */
    static Storage of(MemorySegment memory) {
        return new Storage(memory, null);
    }

    /** What stands for memory where nothing is computed: it cannot be read or written. */
    static Storage symbolic() {
        return new Storage(null, null);
    }

    /** Whether there are no contents, because the backend at work does not compute. */
    boolean isSymbolic() {
        return memory == null;
    }

    /** The bytes of {@code elements} floats, rounded up to cache lines. */
    static long bytesFor(long elements) {
        return Math.ceilDiv(elements * Float.BYTES, NativeMemory.ALIGNMENT) * NativeMemory.ALIGNMENT;
    }

    MemorySegment memory() {
        if (memory == null) {
            throw new LabException(
                    "a tensor's numbers are asked for while a network is only looked at (counted, written as"
                            + " ONNX), not computed: a layer that reads numbers in its forward pass cannot be");
        }
        if (returned != null) {
            throw new IllegalStateException("this tensor " + returned.how + ": its memory is in use for something else;"
                    + " read it before, name it in Tape.keep(), or keep a copy() made outside the tape");
        }
        return memory;
    }

    /** The same memory under a new, live identity: what the pool hands out. */
    Storage reissue() {
        return new Storage(memory, pooled);
    }

    /** Gives a pool's memory back to the system, for good; this storage went back to the pool before. */
    void free() {
        pooled.free();
    }

    /** Says how to compute the contents again, from storages that are in use for as long as this one. */
    void remakeBy(Runnable computation) {
        remake = computation;
    }

    /** Whether nothing but a gradient waits for the contents, and they can be computed again for it. */
    boolean canWait() {
        return remake != null && !kept && gradients == 0;
    }

    /** Lets the memory go until {@link #comeBack}; under the identity that is returned, the pool takes it. */
    Storage goAway(Returned how) {
        away = true;
        returned = how;
        return new Storage(memory, pooled);
    }

    /** Computes the contents again, in other memory of the same size. */
    void comeBack(Storage other) {
        away = false;
        returned = null;
        memory = other.memory;
        pooled = other.pooled;
        long before = version;
        Interrupts.runInOrder(remake); // half of them would pass for all
        version = before; // the same contents as ever
    }

    /** Whether it went away and has not come back. */
    boolean isAway() {
        return away;
    }

    /** Bytes of memory, whether it is here or away. */
    long bytes() {
        return memory.byteSize();
    }

    /** Whether a tape lends this memory and takes it back. */
    boolean isPooled() {
        return pooled != null;
    }

    boolean isReturned() {
        return returned != null;
    }

    void giveBack(Returned how) {
        returned = how;
    }

    /** Whether the contents were promised never to change again. */
    boolean isFrozen() {
        return frozen;
    }

    void freeze() {
        frozen = true;
    }

    /** Counts the changes of the contents, so that a gradient finds out when what it wants to read is no longer there. */
    long version() {
        return version;
    }

    void change() {
        version++;
    }

    /** Whether its tape must not give it back before it closes. */
    boolean isKept() {
        return kept;
    }

    void keep() {
        kept = true;
    }

    /** Whether anything but the tensors themselves still counts on the contents. */
    boolean isInUse() {
        return kept || readers > 0 || gradients > 0;
    }

    /** One more recorded operation has this as its output. */
    void made() {
        makers++;
    }

    boolean isMade() {
        return makers > 0;
    }

    /** One of the operations that made this was passed; whether it was the last. */
    boolean unmade() {
        return --makers == 0;
    }

    /** One more recorded operation's gradient will read this. */
    void reserve() {
        readers++;
    }

    void unreserve() {
        readers--;
    }

    /** How many tensors' gradient this is. */
    int gradients() {
        return gradients;
    }

    void refer() {
        gradients++;
    }

    /** One tensor less has this as its gradient; whether it was the last. */
    boolean unrefer() {
        return --gradients == 0;
    }
}
