package replklab.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.LabHome;

/**
 * NVIDIA's compiler of CUDA C++ as a library. It needs neither a card nor a driver, and makes machine code (CUBIN) of one
 * architecture: its intermediate code, PTX, would be refused by a driver older than the compiler.
 */
public final class Nvrtc {
    /** Names the library to load, or the folder it lies in, before any other place. */
    static final String LIBRARY = "REPLKLAB_NVRTC";

    private static final List<String> NAMES = List.of("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so");

    private final MethodHandle createProgram;
    private final MethodHandle compileProgram;
    private final MethodHandle destroyProgram;
    private final MethodHandle logSize;
    private final MethodHandle log;
    private final MethodHandle cubinSize;
    private final MethodHandle cubin;
    private final MethodHandle version;

    private Nvrtc(NativeLibrary library) {
        createProgram = library.function("nvrtcCreateProgram", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        compileProgram = library.function("nvrtcCompileProgram", ADDRESS, JAVA_INT, ADDRESS);
        destroyProgram = library.function("nvrtcDestroyProgram", ADDRESS);
        logSize = library.function("nvrtcGetProgramLogSize", ADDRESS, ADDRESS);
        log = library.function("nvrtcGetProgramLog", ADDRESS, ADDRESS);
        cubinSize = library.function("nvrtcGetCUBINSize", ADDRESS, ADDRESS);
        cubin = library.function("nvrtcGetCUBIN", ADDRESS, ADDRESS);
        version = library.function("nvrtcVersion", ADDRESS, ADDRESS);
    }

    /**
     * Loads the library from where {@value #LIBRARY} says, from the system's places, or from the checkout's Python packages
     * ({@code pip install nvidia-cuda-nvrtc}); empty where there is none.
     */
    public static Optional<Nvrtc> load() {
        List<String> files = new ArrayList<>();
        String given = System.getenv(LIBRARY);
        if (given != null) {
            files.addAll(under(Path.of(given)));
        }
        files.addAll(NAMES);
        files.addAll(under(LabHome.resolve(".venv")));
        files.addAll(under(LabHome.resolve(".venv-nvrtc")));
        return NativeLibrary.open(files).map(Nvrtc::new);
    }

    /** The library if it is a file, else those in a folder, the newest first. */
    private static List<String> under(Path place) {
        if (!Files.isDirectory(place)) {
            return Files.exists(place) ? List.of(place.toString()) : List.of();
        }
        try (Stream<Path> files =
                Files.find(place, 8, (file, _) -> file.getFileName().toString().matches("libnvrtc\\.so\\.\\d+"))) {
            return files.map(Path::toString).sorted((a, b) -> b.compareTo(a)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(String what, int code) {
        if (code != 0) {
            throw new LabException("NVRTC refused the " + what + " with code " + code);
        }
    }

    /** Such as {@code 13.0}. */
    public String version() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(JAVA_INT);
            MemorySegment minor = arena.allocate(JAVA_INT);
            require("question for its version", NativeLibrary.call(() -> (int) version.invokeExact(major, minor)));
            return major.get(JAVA_INT, 0) + "." + minor.get(JAVA_INT, 0);
        }
    }

    /**
     * Machine code of a program.
     *
     * @param architecture such as {@code sm_90}
     * @throws LabException with the compiler's words if it does not compile
     */
    public byte[] compile(KernelSource source, String architecture) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ADDRESS);
            MemorySegment text = arena.allocateFrom(source.text());
            MemorySegment name = arena.allocateFrom(source.name());
            require("program " + source.name(), NativeLibrary.call(() ->
                    (int) createProgram.invokeExact(place, text, name, 0, MemorySegment.NULL, MemorySegment.NULL)));
            MemorySegment program = place.get(ADDRESS, 0);
            try {
                return compiled(arena, source, program, architecture);
            } finally {
                require("end of a program", NativeLibrary.call(() -> (int) destroyProgram.invokeExact(place)));
            }
        }
    }

    private byte[] compiled(Arena arena, KernelSource source, MemorySegment program, String architecture) {
        // Products are not contracted with sums behind our back; where it is wanted, the source says FMA.
        List<String> options = List.of("--gpu-architecture=" + architecture, "--fmad=false", "--std=c++17");
        MemorySegment list = arena.allocate(ADDRESS, options.size());
        for (int i = 0; i < options.size(); i++) {
            list.setAtIndex(ADDRESS, i, arena.allocateFrom(options.get(i)));
        }
        int code = NativeLibrary.call(() -> (int) compileProgram.invokeExact(program, options.size(), list));
        if (code != 0) {
            byte[] words = fetched(arena, "log", program, logSize, log);
            throw new LabException(source.name() + " does not compile for " + architecture + " (NVRTC " + version()
                    + ", code " + code + "):\n" + new String(words, StandardCharsets.UTF_8).replace("\0", ""));
        }
        return fetched(arena, "CUBIN", program, cubinSize, cubin);
    }

    private static byte[] fetched(
            Arena arena, String what, MemorySegment program, MethodHandle size, MethodHandle contents) {
        MemorySegment bytes = arena.allocate(JAVA_LONG);
        require("size of its " + what, NativeLibrary.call(() -> (int) size.invokeExact(program, bytes)));
        MemorySegment to = arena.allocate(Math.max(1, bytes.get(JAVA_LONG, 0)));
        require(what, NativeLibrary.call(() -> (int) contents.invokeExact(program, to)));
        return to.toArray(JAVA_BYTE);
    }
}
