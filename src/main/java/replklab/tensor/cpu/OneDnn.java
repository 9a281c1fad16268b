package replklab.tensor.cpu;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;

/**
 * The oneDNN library, on the calling thread alone: callers cut the work themselves, by shape, so that the number of threads
 * changes no bit, and the library's threads never spin beside Java's. It is missing where its build does not load, as
 * beside ND4J's CUDA build, which needs an older JavaCPP.
 */
final class OneDnn {
    /** System property that, set to {@code openblas}, leaves matrix products to that library: for comparisons. */
    static final String PROPERTY = "replklab.gemm";

    private OneDnn() {}

    /** Whether the library loads here; the first call takes some hundred milliseconds. */
    static boolean isAvailable() {
        return Library.FOUND != null;
    }

    /** Whether this processor multiplies numbers of bfloat16, and the library knows how. */
    static boolean multipliesBfloat16() {
        return isAvailable() && Library.FOUND.bfloat16;
    }

    /** Loads the library in the background, so that the first operation need not wait for all of it. */
    static void preload() {
        Thread.ofPlatform().daemon().name("replklab-onednn").start(OneDnn::isAvailable);
    }

    static engine engine() {
        return Library.FOUND.cpu;
    }

    /** Runs a primitive on this thread and returns when it is done. */
    static void execute(dnnl_primitive primitive, int count, dnnl_exec_arg_t arguments) {
        Library library = Library.FOUND;
        int before = library.threads();
        if (before != 1) {
            library.setThreads(1);
        }
        int status = dnnl.dnnl_primitive_execute(primitive, library.queueHandle, count, arguments);
        if (before != 1) {
            library.setThreads(before);
        }
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN refused to execute a primitive: status " + status);
        }
    }

    /**
     * What is held of the library.
     *
     * @param queue kept beside its handle, whose memory it owns
     * @param bfloat16 whether the processor multiplies such numbers
     * @param getThreads OpenMP's number of threads for regions that the calling thread starts
     */
    private record Library(
            engine cpu,
            stream queue,
            dnnl_stream queueHandle,
            boolean bfloat16,
            MethodHandle getThreads,
            MethodHandle setThreads) {
        /** Null where it does not load. */
        private static final Library FOUND = load();

        private static Library load() {
            if ("openblas".equals(System.getProperty(PROPERTY))) {
                return null;
            }
            try {
                // Ours keeps what is in use; the library's own would keep the rest, too.
                dnnl.dnnl_set_primitive_cache_capacity(0);
                engine cpu = new engine(dnnl.dnnl_cpu, 0);
                stream queue = new stream(cpu);
                SymbolLookup loaded = SymbolLookup.loaderLookup();
                Linker linker = Linker.nativeLinker();
                MethodHandle get = linker.downcallHandle(
                        loaded.findOrThrow("omp_get_max_threads"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT),
                        Linker.Option.critical(false));
                MethodHandle set = linker.downcallHandle(
                        loaded.findOrThrow("omp_set_num_threads"),
                        FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT),
                        Linker.Option.critical(false));
                int bfloat16 = dnnl.dnnl_cpu_isa_avx512_core_bf16;
                boolean hasBfloat16 = (dnnl.dnnl_get_effective_cpu_isa() & bfloat16) == bfloat16;
                return new Library(cpu, queue, queue.get(), hasBfloat16, get, set);
            } catch (LinkageError | RuntimeException missing) {
                return null;
            }
        }

        int threads() {
            try {
                return (int) getThreads.invokeExact();
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        void setThreads(int count) {
            try {
                setThreads.invokeExact(count);
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
