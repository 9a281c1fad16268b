package replklab.conv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A thread's scratch memory, kept between calls and grown as needed; aligned to cache lines. */
final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    private MemorySegment image = MemorySegment.NULL;
    private MemorySegment filter = MemorySegment.NULL;
    private MemorySegment output = MemorySegment.NULL;
    private MemorySegment part = MemorySegment.NULL;
    private MemorySegment shared = MemorySegment.NULL;

    private Scratch() {}

    static Scratch get() {
        return OF_THREAD.get();
    }

    MemorySegment image(long bytes) {
        image = grown(image, bytes);
        return image;
    }

    MemorySegment filter(long bytes) {
        filter = grown(filter, bytes);
        return filter;
    }

    MemorySegment output(long bytes) {
        output = grown(output, bytes);
        return output;
    }

    MemorySegment part(long bytes) {
        part = grown(part, bytes);
        return part;
    }

    /** Memory of the calling thread that its helpers write into. */
    MemorySegment shared(long bytes) {
        shared = grown(shared, bytes);
        return shared;
    }

    private static MemorySegment grown(MemorySegment old, long bytes) {
        return old.byteSize() >= bytes ? old : Arena.ofAuto().allocate(bytes + bytes / 4, 64);
    }
}
