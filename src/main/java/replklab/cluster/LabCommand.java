package replklab.cluster;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import replklab.base.LabHome;

/**
 * How this program is started again.
 *
 * @param java the program and Java's arguments before its own
 */
record LabCommand(List<String> java) {
    private static final String MAIN = "replklab.cli.Main";

    LabCommand {
        java = List.copyOf(java);
    }

    /** As it runs here: the same Java with the same options. */
    static LabCommand here() {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.matches(
                        "-(agentlib|agentpath|javaagent|Xrun|XX:MaxDirectMemorySize|Dreplklab[.]stderr).*"))
                .forEach(java::add);
        java.add("-Dreplklab.home=" + LabHome.root());
        java.add("-cp");
        java.add(System.getProperty("java.class.path"));
        java.add(MAIN);
        return new LabCommand(java);
    }

    /** As it is started elsewhere: by the script {@code lab}, which knows what another machine needs. */
    static LabCommand elsewhere() {
        Path script = LabHome.resolve("lab");
        return Files.isExecutable(script) ? new LabCommand(List.of(script.toString())) : here();
    }

    /** The same with a property of the JVM, unless the script starts it. */
    LabCommand with(String property, String value) {
        if (java.size() == 1) {
            return this;
        }
        List<String> more = new ArrayList<>(java);
        more.add(1, "-D" + property + "=" + value);
        return new LabCommand(more);
    }

    /** The whole command. */
    List<String> with(List<String> arguments) {
        List<String> whole = new ArrayList<>(java);
        whole.addAll(arguments);
        return whole;
    }

    /** The whole command as a shell takes it. */
    String shell(List<String> arguments) {
        return with(arguments).stream().map(LabCommand::quoted).collect(Collectors.joining(" "));
    }

    static String quoted(String argument) {
        return argument.matches("[\\w.,:=/+@%-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
