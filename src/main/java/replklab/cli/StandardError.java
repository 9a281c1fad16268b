package replklab.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Standard error, which {@code lab} lends to a filter while Java starts: an incubator module among those that Java is asked for
 * makes it print a line about that, which nothing switches off.
 */
final class StandardError {
    /** The file descriptor that still is what the user's shell calls standard error. */
    private static final String PROPERTY = "replklab.stderr";

    private static final int STANDARD_ERROR = 2;

    private StandardError() {}

    /** Makes file descriptor 2 what it was before, for this program and those it starts. The filter's input ends by that. */
    static void restore() {
        Integer original = Integer.getInteger(PROPERTY);
        if (original == null) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT);
        FunctionDescriptor closing = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
        try {
            MethodHandle dup2 = linker.downcallHandle(linker.defaultLookup().findOrThrow("dup2"), type);
            MethodHandle close = linker.downcallHandle(linker.defaultLookup().findOrThrow("close"), closing);
            int _ = (int) dup2.invokeExact(
                    (int) original, STANDARD_ERROR); // refused, standard error goes on through the filter
            int _ = (int) close.invokeExact((int) original);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        System.clearProperty(PROPERTY); // not for programs that inherit properties
    }
}
