package replklab.base;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Collectors;

/** The options that this JVM was started with, as far as they may be told to others. */
public final class JvmFlags {
    private JvmFlags() {}

    /** In one line: no paths, and of the properties only this program's own. */
    public static String current() {
        return shown(ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    static String shown(List<String> arguments) {
        return arguments.stream().filter(JvmFlags::mayBeTold).sorted().collect(Collectors.joining(" "));
    }

    private static boolean mayBeTold(String argument) {
        if (argument.startsWith("--add-") || argument.startsWith("--enable-")) {
            return true; // the slash in these parts a module from a package
        }
        if (argument.startsWith("-Dreplklab.stderr=")) {
            return false; // where lab has put standard error while Java starts
        }
        boolean known = argument.startsWith("-X") || argument.startsWith("-Dreplklab.") || argument.equals("-ea");
        return known && !argument.contains("/") && !argument.contains("\\");
    }
}
