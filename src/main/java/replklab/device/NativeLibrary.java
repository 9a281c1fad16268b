package replklab.device;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/** A shared library of somebody else's, loaded by name for as long as the program runs. */
final class NativeLibrary {
    private final String file;
    private final SymbolLookup symbols;

    private NativeLibrary(String file, SymbolLookup symbols) {
        this.file = file;
        this.symbols = symbols;
    }

    /** A call of the library; what it returns is an error code, 0 for none. */
    @FunctionalInterface
    interface Call {
        int run() throws Throwable;
    }

    /** The first of these that the system finds: names, or paths. */
    static Optional<NativeLibrary> open(List<String> files) {
        return files.stream().flatMap(file -> open(file).stream()).findFirst();
    }

    private static Optional<NativeLibrary> open(String file) {
        try {
            return Optional.of(new NativeLibrary(file, SymbolLookup.libraryLookup(file, Arena.global())));
        } catch (IllegalArgumentException absent) {
            return Optional.empty();
        }
    }

    /** A function that returns an int. */
    MethodHandle function(String name, MemoryLayout... arguments) {
        return find(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /** A function that returns a pointer. */
    MethodHandle maker(String name, MemoryLayout... arguments) {
        return find(name, FunctionDescriptor.of(ValueLayout.ADDRESS, arguments));
    }

    private MethodHandle find(String name, FunctionDescriptor type) {
        MemorySegment address = symbols.find(name)
                .orElseThrow(() -> new replklab.base.LabException(
                        file + " has no function " + name + ": it is too old, or something else than it is called"));
        return Linker.nativeLinker().downcallHandle(address, type);
    }

    /** Calls, and returns the code. */
    static int call(Call call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sets a variable of the process's environment, which C code reads; Java's copy does not change. */
    static void environment(String name, String value) {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
        if (setenv.isEmpty()) {
            return; // Windows, where there is no PoCL to be told
        }
        MethodHandle handle = linker.downcallHandle(
                setenv.get(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int _ = call(() -> (int) handle.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1));
        }
    }
}
