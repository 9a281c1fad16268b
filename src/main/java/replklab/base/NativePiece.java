package replklab.base;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * A piece of memory outside the Java heap that its owner gives back. One that nobody gives back is the garbage collector's.
 *
 * <p>{@link #free} returns the memory itself at once, but not its addresses: those wait for the collector. So whoever still holds
 * the segment against the rules reads zeros instead of ending the process.
 */
public final class NativePiece {
    private final MemorySegment memory;
    private final NativeMemory.Backing backing;

    NativePiece(MemorySegment memory, NativeMemory.Backing backing) {
        this.memory = memory;
        this.backing = backing;
    }

    /**
     * The memory.
     *
     * @throws IllegalStateException after {@link #free}
     */
    public MemorySegment memory() {
        if (backing.isFree()) {
            throw new IllegalStateException("this memory was given back");
        }
        return memory;
    }

    /** Gives the memory back; a second call does nothing. Nobody may be using it. */
    public void free() {
        try {
            backing.free();
        } finally {
            Reference.reachabilityFence(
                    memory); // or the collector might take back the addresses before their memory is
        }
    }
}
