package replklab.base;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory outside the Java heap that the garbage collector frees, aligned to cache lines and zero at first.
 *
 * <p>On Linux, what fills pages of 2 MiB lies on such if the system allows (madvise(2), MADV_HUGEPAGE): a network's weights span
 * a hundred thousand pages of 4 KiB, far more than a processor remembers the addresses of. Ends stay on small pages, so no
 * memory is taken that was not asked for.
 */
public final class NativeMemory {
    /** Alignment in bytes of every piece. */
    public static final long ALIGNMENT = 64;

    private static final long HUGE_PAGE = 2L << 20;

    private static final long PAGE = 4 << 10;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_HUGEPAGE = 14;

    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /** Bytes in large pieces. */
    private static final AtomicLong MAPPED = new AtomicLong();

    /** The collector does not know how large the pieces are that its objects hold: beyond this many bytes it is called. */
    private static final AtomicLong LIMIT = new AtomicLong(Runtime.getRuntime().maxMemory() / 2);

    private NativeMemory() {}

    /** Memory of that length exactly, however much lies behind it. */
    public static MemorySegment allocate(long bytes) {
        return LINUX && bytes >= HUGE_PAGE ? mapped(bytes) : Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }

    private static MemorySegment mapped(long bytes) {
        long length = Math.ceilDiv(bytes, PAGE) * PAGE;
        if (MAPPED.addAndGet(length) > LIMIT.get()) {
            collect();
        }
        // A huge page more than needed, of which what lies before the first boundary and after the end goes back.
        MemorySegment whole = Calls.map(length + HUGE_PAGE);
        long start = Math.ceilDiv(whole.address(), HUGE_PAGE) * HUGE_PAGE - whole.address();
        Calls.unmap(whole, start);
        MemorySegment piece = MemorySegment.ofAddress(whole.address() + start);
        Calls.unmap(MemorySegment.ofAddress(piece.address() + length), HUGE_PAGE - start);
        Calls.adviseHugePages(piece, length);
        return piece.reinterpret(length, Arena.ofAuto(), _ -> {
                    Calls.unmap(piece, length);
                    MAPPED.addAndGet(-length);
                })
                .asSlice(0, bytes);
    }

    /** What the collector finds is given back by a thread of its own, a little later. If that is too little, the limit rises. */
    private static void collect() {
        System.gc();
        for (int wait = 0; wait < 50 && MAPPED.get() > LIMIT.get(); wait++) {
            LockSupport.parkNanos(2_000_000);
        }
        LIMIT.accumulateAndGet(MAPPED.get() * 3 / 2, Math::max);
    }

    /** The C library's functions. */
    private static final class Calls {
        private static final MethodHandle MMAP = function(
                "mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        private static final MethodHandle MUNMAP =
                function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        private static final MethodHandle MADVISE =
                function("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

        private static MethodHandle function(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
        }

        static MemorySegment map(long bytes) {
            try {
                MemorySegment found = (MemorySegment)
                        MMAP.invokeExact(MemorySegment.NULL, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
                if (found.address() == -1) {
                    throw new OutOfMemoryError("the system has no " + (bytes >> 20) + " MiB of memory left");
                }
                return found;
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        /** A system that refuses goes on with small pages. */
        static void adviseHugePages(MemorySegment start, long bytes) {
            try {
                int _ = (int) MADVISE.invokeExact(start, bytes, MADV_HUGEPAGE);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        static void unmap(MemorySegment start, long bytes) {
            if (bytes == 0) {
                return;
            }
            try {
                int _ = (int) MUNMAP.invokeExact(start, bytes);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
