package replklab.conv;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import replklab.base.NativeMemory;

/** A thread's scratch memory, kept between calls and grown as needed; aligned to cache lines. */
final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    /** What a piece of scratch memory is for. Pieces of different use never overlap. */
    enum Use {
        IMAGE,
        FILTER,
        OUTPUT,
        PART,
        START,
        LINE,
        PAIRS,
        SECOND_PAIRS,
        THIRD_PAIRS,
        COLUMNS,
        SECOND_COLUMNS,
        THIRD_COLUMNS,
        FOURTH_COLUMNS,
        /** Memory of the calling thread that its helpers write into. */
        SHARED,
        SECOND_SHARED,
        THIRD_SHARED,
        FOURTH_SHARED
    }

    private final Map<Use, MemorySegment> segments = new EnumMap<>(Use.class);

    private Scratch() {}

    /** At least {@code bytes} bytes with undefined contents, valid until the thread asks for the same use again. */
    static MemorySegment get(Use use, long bytes) {
        Map<Use, MemorySegment> own = OF_THREAD.get().segments;
        MemorySegment segment = own.get(use);
        if (segment == null || segment.byteSize() < bytes) {
            segment = NativeMemory.allocate(bytes + bytes / 4);
            own.put(use, segment);
        }
        return segment;
    }
}
