package replklab.base;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory outside the Java heap, aligned to cache lines and zero at first; all of it is counted. An owner that knows when it is
 * done takes a {@link NativePiece} and gives it back; the rest the garbage collector frees. It sees small objects only, so it is
 * called when what they hold has grown.
 *
 * <p>On Linux, what fills pages of 2 MiB lies on such if the system allows (madvise(2), MADV_HUGEPAGE): a network's weights span
 * a hundred thousand pages of 4 KiB, far more than a processor remembers the addresses of. Ends stay on small pages, so no
 * memory is taken that was not asked for. From 64 KiB on a piece has pages of its own, which go back to the system when it is
 * freed; what malloc is given back it keeps where something else still lies behind it.
 */
public final class NativeMemory {
    /** Alignment in bytes of every piece. */
    public static final long ALIGNMENT = 64;

    private static final long HUGE_PAGE = 2L << 20;
    private static final long PAGE = 4 << 10;
    private static final long LEAST_MAPPED = 64 << 10;

    /** Pieces without large pages begin at so many places of a page in turn: in one place they would compete for cache sets. */
    private static final int COLOURS = 32;

    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /** Bytes that are backed by memory. */
    private static final AtomicLong USED = new AtomicLong();

    /** Of these, bytes that only a collection gives back. */
    private static final AtomicLong COLLECTABLE = new AtomicLong();

    /** Mappings whose memory went back and whose addresses have not; Linux allows a process some 65,000. */
    private static final AtomicInteger EMPTY = new AtomicInteger();

    private static final int MOST_EMPTY = 20_000;

    private static final long LIMIT = findLimit();

    /** What may wait for a collection besides what the last one found in use. */
    private static final long GARBAGE = LIMIT / 16;

    private static final AtomicLong COLLECT_AT = new AtomicLong(GARBAGE);
    private static final AtomicInteger NEXT_COLOUR = new AtomicInteger();

    private NativeMemory() {}

    /** Memory of that length exactly, however much lies behind it; the garbage collector frees it. */
    public static MemorySegment allocate(long bytes) {
        return piece(bytes, new AtomicLong(), true).memory();
    }

    /**
     * Memory of that length that the caller gives back.
     *
     * @param account grows by the bytes until they are given back, by the owner or the collector
     */
    public static NativePiece take(long bytes, AtomicLong account) {
        return piece(bytes, account, false);
    }

    /** Bytes taken and not given back: what is in use, what caches keep, and what waits for the collector. */
    public static long used() {
        return USED.get();
    }

    /**
     * Bytes that all pieces together should not exceed: {@code -XX:MaxDirectMemorySize}, or three fifths of the memory of this
     * machine or container. Beyond them caches are emptied and garbage is collected before more is taken; nothing is refused.
     */
    public static long limit() {
        return LIMIT;
    }

    /**
     * Gives back all that nobody uses: what caches keep, what the collector finds, and what malloc holds free. For the end of
     * a piece of work whose shapes will not come again; not to be called from within an operation.
     */
    public static void giveBack() {
        NativeCaches.empty();
        ScratchMemory.free();
        if (COLLECTABLE.get() > 0 || EMPTY.get() > 0) {
            collect();
        }
        if (LINUX) {
            LibC.trim();
        }
    }

    private static long findLimit() {
        try {
            String asked = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption("MaxDirectMemorySize")
                    .getValue();
            if (Long.parseLong(asked) > 0) {
                return Long.parseLong(asked);
            }
        } catch (IllegalArgumentException | NullPointerException elsewhere) {
            // Another JVM than HotSpot.
        }
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / 5 * 3;
    }

    private static NativePiece piece(long bytes, AtomicLong account, boolean collected) {
        boolean mapped = LINUX && bytes >= LEAST_MAPPED;
        if (USED.get() + bytes > LIMIT) {
            NativeCaches.makeRoom(bytes);
        }
        if (COLLECTABLE.get() + bytes > COLLECT_AT.get() || EMPTY.get() > MOST_EMPTY) {
            collect();
        }
        return mapped ? mapped(bytes, account, collected) : allocated(bytes, account);
    }

    private static NativePiece allocated(long bytes, AtomicLong account) {
        Arena arena = Arena.ofAuto();
        MemorySegment memory = arena.allocate(bytes, ALIGNMENT);
        Backing backing = new Backing(0, 0, bytes, true, account);
        return new NativePiece(memory.reinterpret(bytes, arena, _ -> backing.collected()), backing);
    }

    private static NativePiece mapped(long bytes, AtomicLong account, boolean collected) {
        boolean huge = bytes >= HUGE_PAGE;
        long colour = huge ? 0 : Math.floorMod(NEXT_COLOUR.getAndIncrement(), COLOURS) * (PAGE / COLOURS);
        long length = Math.ceilDiv(bytes + colour, PAGE) * PAGE;
        long start = huge ? mapHuge(length) : LibC.map(length).address();
        Backing backing = new Backing(start, length, length, collected, account);
        MemorySegment memory =
                MemorySegment.ofAddress(start).reinterpret(length, Arena.ofAuto(), _ -> backing.collected());
        return new NativePiece(memory.asSlice(colour, bytes), backing);
    }

    private static long mapHuge(long length) {
        // A huge page more than needed, of which what lies before the first boundary and after the end goes back.
        long whole = LibC.map(length + HUGE_PAGE).address();
        long start = Math.ceilDiv(whole, HUGE_PAGE) * HUGE_PAGE;
        LibC.unmap(whole, start - whole);
        LibC.unmap(start + length, HUGE_PAGE - (start - whole));
        LibC.adviseHugePages(start, length);
        return start;
    }

    /** Runs the collector. What it finds is given back by a thread of its own, a little later. */
    private static synchronized void collect() {
        System.gc();
        long before = COLLECTABLE.get() + EMPTY.get();
        int quiet = 0;
        for (int wait = 0; wait < 100 && quiet < 5; wait++) {
            LockSupport.parkNanos(3_000_000);
            long now = COLLECTABLE.get() + EMPTY.get();
            quiet = now < before ? 0 : quiet + 1;
            before = now;
        }
        COLLECT_AT.set(Math.max(COLLECTABLE.get() * 3 / 2, COLLECTABLE.get() + GARBAGE));
    }

    /** What lies behind a piece; it knows nothing of the segment, whose end it lives to see. */
    static final class Backing {
        private final long address;
        private final long length;
        private final long bytes;
        private final boolean onlyCollected;
        private final AtomicLong account;
        private final AtomicBoolean free = new AtomicBoolean();

        /**
         * @param length of a mapping at {@code address}, 0 if there is none
         * @param bytes to be counted
         * @param onlyCollected whether nobody but the collector gives the memory back
         */
        Backing(long address, long length, long bytes, boolean onlyCollected, AtomicLong account) {
            this.address = address;
            this.length = length;
            this.bytes = bytes;
            this.onlyCollected = onlyCollected;
            this.account = account;
            count(bytes);
            account.addAndGet(bytes);
        }

        private void count(long more) {
            USED.addAndGet(more);
            if (onlyCollected) {
                COLLECTABLE.addAndGet(more);
            }
        }

        boolean isFree() {
            return free.get();
        }

        void free() {
            if (free.compareAndSet(false, true)) {
                account.addAndGet(-bytes);
                if (length > 0) {
                    LibC.empty(address, length);
                    EMPTY.incrementAndGet();
                    count(-bytes);
                }
            }
        }

        void collected() {
            boolean wasFree = free.getAndSet(true);
            if (!wasFree) {
                account.addAndGet(-bytes);
            }
            if (length > 0) {
                LibC.unmap(address, length);
                if (wasFree) {
                    EMPTY.decrementAndGet();
                    return;
                }
            }
            count(-bytes);
        }
    }
}
