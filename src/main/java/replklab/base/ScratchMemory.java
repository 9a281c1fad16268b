package replklab.base;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Scratch memory of each thread that asks for some, by place: kept between calls and grown as needed. A thread gives its own back
 * when memory is wanted for something else, once it is in no operation.
 */
public final class ScratchMemory implements NativeCache {
    private static final List<ScratchMemory> ALL = new CopyOnWriteArrayList<>();

    private final int places;
    private final AtomicLong bytes = new AtomicLong();
    private final ThreadLocal<Own> own = ThreadLocal.withInitial(Own::new);

    /** How often everything was asked back. */
    private volatile long asked;

    /** Whether none was taken since. */
    private volatile boolean waiting = true;

    private final class Own {
        final NativePiece[] pieces = new NativePiece[places];
        final MemorySegment[] memory = new MemorySegment[places];
        long answered = asked;

        void free() {
            answered = asked;
            for (int i = 0; i < places; i++) {
                if (pieces[i] != null) {
                    pieces[i].free();
                    pieces[i] = null;
                    memory[i] = null;
                }
            }
        }
    }

    /**
     * @param places pieces that a thread may use at the same time
     */
    public ScratchMemory(int places) {
        this.places = places;
        ALL.add(this);
        NativeCaches.register(this);
    }

    /** At least so many bytes with undefined contents, valid until the thread asks for the same place again. */
    public MemorySegment get(int place, long atLeast) {
        Own mine = own.get();
        MemorySegment memory = mine.memory[place];
        return memory != null && memory.byteSize() >= atLeast ? memory : grown(mine, place, atLeast);
    }

    private MemorySegment grown(Own mine, int place, long atLeast) {
        if (mine.pieces[place] != null) {
            mine.pieces[place].free();
            mine.memory[place] = null;
        }
        mine.pieces[place] = NativeMemory.take(atLeast + atLeast / 4, bytes);
        mine.memory[place] = mine.pieces[place].memory();
        waiting = false;
        NativeCaches.grown();
        return mine.memory[place];
    }

    @Override
    public long bytes() {
        return bytes.get();
    }

    /** Every operation uses it, so it is the last to go. */
    @Override
    public long oldest(boolean all) {
        return all && !waiting ? NativeCaches.now() : Long.MAX_VALUE;
    }

    /** Asks the threads to give theirs back. */
    @Override
    public synchronized void evict(long then, boolean all) {
        if (then >= NativeCaches.now()) {
            asked++;
            waiting = true;
        }
    }

    /** Frees what this thread was asked for; to be called outside of any operation. */
    public static void atRest() {
        for (ScratchMemory memory : ALL) {
            Own mine = memory.own.get();
            if (mine.answered != memory.asked) {
                mine.free();
            }
        }
    }

    /** Frees the scratch memory of this thread and of the helpers, which are in no operation of this thread's; others follow. */
    static void free() {
        ALL.forEach(memory -> memory.evict(Long.MAX_VALUE, true));
        atRest();
        Parallel.onHelpers(ScratchMemory::atRest);
    }
}
