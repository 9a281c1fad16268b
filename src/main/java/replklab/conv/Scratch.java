package replklab.conv;

import java.lang.foreign.MemorySegment;
import replklab.base.ScratchMemory;

/** A thread's scratch memory, kept between calls and grown as needed; aligned to cache lines. */
final class Scratch {
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

    private static final ScratchMemory MEMORY = new ScratchMemory(Use.values().length);

    private Scratch() {}

    /** At least {@code bytes} bytes with undefined contents, valid until the thread asks for the same use again. */
    @SuppressWarnings("EnumOrdinal") // a place for each; nothing is stored by it
    static MemorySegment get(Use use, long bytes) {
        return MEMORY.get(use.ordinal(), bytes);
    }
}
