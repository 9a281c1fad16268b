package replklab.base;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What the just-in-time compiler must be told about vector kernels.
 *
 * <p>Long bodies of Vector API calls can defeat HotSpot's first compiler ("out of virtual registers"), and the method may then
 * never reach the second one, in some runs only: a hundred times slower. So the first one is kept away from them, and the
 * second one is waited for, which takes a fraction of a second at the first call. The option {@code CompileThresholdScaling} among
 * the JVM's flags makes that call come early.
 */
public final class HotSpot {
    private HotSpot() {}

    private static String patterns(String prefix, Class<?>... kernels) {
        return Stream.of(kernels)
                .map(kernel -> '"' + prefix + kernel.getName().replace('.', '/') + ".*\"")
                .collect(Collectors.joining(", "));
    }

    /**
     * Sees to it that kernels are compiled well and at once. On a JVM that takes no such advice nothing happens: the kernels then
     * work all the same, most of the time as fast.
     *
     * <p>The advised methods should have no branch but their loops': code that was compiled before a branch was first taken is
     * thrown away when it is, and what follows is interpreted for a while.
     *
     * @param kernels classes of one package, with nothing in them but kernels
     */
    public static void optimise(Class<?>... kernels) {
        // A kernel that is inlined into its caller is compiled in one piece with it: the limits on a method's size are
        // soon reached then, and vectors begin to be boxed.
        String callers = kernels[0].getPackageName().replace('.', '/') + "/*.*";
        String directives = """
                [{ match: [%s], c1: { Exclude: true }, c2: { BackgroundCompilation: false } },
                 { match: ["%s"], c2: { inline: [%s] } }]
                """.formatted(patterns("", kernels), callers, patterns("-", kernels));
        try {
            Path file = Files.createTempFile("replklab-compiler", ".json");
            try {
                Files.writeString(file, directives);
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "compilerDirectivesAdd",
                                new Object[] {new String[] {file.toString()}},
                                new String[] {String[].class.getName()});
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (JMException | IOException e) {
            System.getLogger(HotSpot.class.getName())
                    .log(System.Logger.Level.DEBUG, "the JVM takes no compiler directives", e);
        }
    }
}
