package replklab.tensor.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Scratch memory of the calling thread, kept between calls and grown as needed. */
final class ThreadScratch {
    private static final ThreadLocal<MemorySegment> OF_THREAD = ThreadLocal.withInitial(() -> MemorySegment.NULL);

    private ThreadScratch() {}

    /** Memory for so many floats, with undefined contents; the next call on this thread gives the same. */
    static MemorySegment get(long floats) {
        MemorySegment memory = OF_THREAD.get();
        if (memory.byteSize() < floats * Float.BYTES) {
            memory = Arena.ofAuto().allocate(floats * Float.BYTES * 5 / 4 + 64, 64);
            OF_THREAD.set(memory);
        }
        return memory;
    }
}
