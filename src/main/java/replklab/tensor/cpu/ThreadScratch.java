package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.base.NativeMemory;

/** Scratch memory of the calling thread, kept between calls and grown as needed. */
final class ThreadScratch {
    private static final ThreadLocal<MemorySegment> OF_THREAD = ThreadLocal.withInitial(() -> MemorySegment.NULL);

    private ThreadScratch() {}

    /** Memory for so many floats, with undefined contents; the next call on this thread gives the same. */
    static MemorySegment get(long floats) {
        MemorySegment memory = OF_THREAD.get();
        if (memory.byteSize() < floats * Float.BYTES) {
            memory = NativeMemory.allocate(floats * Float.BYTES * 5 / 4);
            OF_THREAD.set(memory);
        }
        return memory;
    }
}
