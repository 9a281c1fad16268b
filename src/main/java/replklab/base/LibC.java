package replklab.base;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The C library's functions for memory, on Linux. */
final class LibC {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;

    private static final MethodHandle MMAP = required(
            "mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = required("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle MADVISE =
            required("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    /** Only glibc has it. */
    private static final Optional<MethodHandle> MALLOC_TRIM =
            function("malloc_trim", FunctionDescriptor.of(JAVA_INT, ValueLayout.JAVA_LONG));

    private LibC() {}

    private static Optional<MethodHandle> function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, type));
    }

    private static MethodHandle required(String name, FunctionDescriptor type) {
        return function(name, type)
                .orElseThrow(() -> new IllegalStateException("the C library has no function " + name));
    }

    /** Fresh pages of zeros. */
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

    static void unmap(long address, long bytes) {
        if (bytes == 0) {
            return;
        }
        try {
            int _ = (int) MUNMAP.invokeExact(MemorySegment.ofAddress(address), bytes);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** A system that refuses goes on with small pages. */
    static void adviseHugePages(long address, long bytes) {
        advise(address, bytes, MADV_HUGEPAGE);
    }

    /** Gives the memory behind the pages back at once; the addresses stay valid, and read as zero. */
    static void empty(long address, long bytes) {
        advise(address, bytes, MADV_DONTNEED);
    }

    private static void advise(long address, long bytes, int advice) {
        try {
            int _ = (int) MADVISE.invokeExact(MemorySegment.ofAddress(address), bytes, advice);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives back what malloc holds free, where the C library can. */
    static void trim() {
        if (MALLOC_TRIM.isPresent()) {
            try {
                int _ = (int) MALLOC_TRIM.get().invokeExact(0L);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
