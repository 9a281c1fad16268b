package replklab.base;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;

/** While it is open, what native libraries write to the process's standard error goes nowhere. On Linux. */
public final class QuietErrors implements AutoCloseable {
    private static final int STANDARD_ERROR = 2;
    private static final int WRITE_ONLY = 1;

    private final int kept;

    public QuietErrors() {
        kept = call("dup", STANDARD_ERROR);
        int nowhere;
        try (Arena arena = Arena.ofConfined()) {
            nowhere = call("open", arena.allocateFrom("/dev/null"), WRITE_ONLY);
        }
        call("dup2", nowhere, STANDARD_ERROR);
        call("close", nowhere);
    }

    @Override
    public void close() {
        call("dup2", kept, STANDARD_ERROR);
        call("close", kept);
    }

    private static int call(String name, Object... arguments) {
        MemoryLayout[] types = new MemoryLayout[arguments.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = arguments[i] instanceof Integer ? JAVA_INT : ADDRESS;
        }
        Linker linker = Linker.nativeLinker();
        MethodHandle function =
                linker.downcallHandle(linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, types));
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(name, e);
        }
    }
}
