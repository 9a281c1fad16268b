package replklab.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A piece of host memory, 64-byte aligned and a whole number of cache lines long. Several tensors may look at one
 * storage (a reshape does not copy). A storage that went back to its pool is refused from then on.
 */
final class Storage {
    static final long ALIGNMENT = 64;

    private final MemorySegment memory;
    private final boolean pooled;
    private boolean released;
    private boolean frozen;

    private Storage(MemorySegment memory, boolean pooled) {
        this.memory = memory;
        this.pooled = pooled;
    }

    /** Fresh memory, which the garbage collector frees; its contents are zero. */
    static Storage allocate(long bytes) {
        return new Storage(Arena.ofAuto().allocate(bytes, ALIGNMENT), false);
    }

    /** Memory that belongs to somebody else, such as an array of ND4J's; {@code owner} is kept reachable by the segment. */
    static Storage of(MemorySegment memory) {
        return new Storage(memory, false);
    }

    /** The bytes of {@code elements} floats, rounded up to cache lines. */
    static long bytesFor(long elements) {
        return Math.ceilDiv(elements * Float.BYTES, ALIGNMENT) * ALIGNMENT;
    }

    MemorySegment memory() {
        if (released) {
            throw new IllegalStateException("this tensor belonged to a tape that is closed: its memory is in use for"
                    + " something else; read it before the tape closes, or keep a copy() made outside the tape");
        }
        return memory;
    }

    /** The same memory under a new, live identity: what the pool hands out. */
    Storage reissue() {
        return new Storage(memory, true);
    }

    /** Whether a tape lends this memory and takes it back. */
    boolean isPooled() {
        return pooled;
    }

    void release() {
        released = true;
    }

    /** Whether the contents were promised never to change again. */
    boolean isFrozen() {
        return frozen;
    }

    void freeze() {
        frozen = true;
    }
}
