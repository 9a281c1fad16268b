package replklab.base;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The computer a result was made on.
 *
 * @param cpu the processor's model, or the architecture where the system does not tell
 * @param cores processors that the JVM may use
 * @param memoryGib memory that the JVM's container has, in GiB, rounded
 * @param os name, version and architecture of the system
 */
public record Machine(String cpu, int cores, long memoryGib, String os) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final double GIB = 1L << 30;

    /** This computer. */
    public static Machine current() {
        String arch = System.getProperty("os.arch");
        long bytes =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return new Machine(
                cpu(CPUINFO, arch),
                Runtime.getRuntime().availableProcessors(),
                Math.round(bytes / GIB),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + arch);
    }

    /** The first "model name" of a file like Linux's {@code /proc/cpuinfo}. */
    static String cpu(Path cpuinfo, String otherwise) {
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("model name") && line.contains(":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException e) {
            return otherwise;
        }
    }

    /** In one line: {@code "AMD EPYC 9R14, 2 cores, 23 GiB, Linux 6.8 amd64"}. */
    @Override
    public String toString() {
        return "%s, %d %s, %d GiB, %s".formatted(cpu, cores, cores == 1 ? "core" : "cores", memoryGib, os);
    }
}
