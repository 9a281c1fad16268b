package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.base.ScratchMemory;

/** Scratch memory of the calling thread, kept between calls and grown as needed. */
final class ThreadScratch {
    private static final int PRODUCTS = 0;
    private static final int VECTORS = 1;
    private static final int LIBRARY = 2;
    private static final ScratchMemory MEMORY = new ScratchMemory(5);

    /** The two matrices of a product. */
    enum Operand {
        LEFT(3),
        RIGHT(4);

        private final int place;

        Operand(int place) {
            this.place = place;
        }
    }

    private ThreadScratch() {}

    /** Memory for so many floats, with undefined contents; the next call on this thread gives the same. */
    static MemorySegment get(long floats) {
        return MEMORY.get(PRODUCTS, floats * Float.BYTES);
    }

    /** Memory for so many vectors, with undefined contents, apart from that of {@link #get}. */
    static MemorySegment vectors(int count) {
        return MEMORY.get(VECTORS, (long) count * Lanes.SPECIES.vectorByteSize());
    }

    /** So many bytes for a matrix in another format than its tensor's, with undefined contents, apart from the others. */
    static MemorySegment operand(Operand operand, long bytes) {
        return MEMORY.get(operand.place, bytes);
    }

    /** So many bytes for a library's function while it runs, with undefined contents, apart from the others. */
    static MemorySegment library(long bytes) {
        return MEMORY.get(LIBRARY, bytes);
    }
}
