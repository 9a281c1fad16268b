package replklab.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** Whether the just-in-time compiler still works: then the next call may be a hundred times faster. */
final class JustInTime {
    private static final CompilationMXBean TIMES = ManagementFactory.getCompilationMXBean();

    /** The compiler is done when it worked less than this share of the time. */
    private static final double MUCH = 0.05;

    private long before = TIMES.getTotalCompilationTime();

    /** Starts to watch. */
    JustInTime() {
        queued(); // its first call compiles a good deal itself
    }

    /** A piece of work begins. */
    void begin() {
        before = TIMES.getTotalCompilationTime();
    }

    /** Whether something was compiled during a piece of work of {@code milliseconds}, or still is. */
    boolean isBusy(double milliseconds) {
        // A compilation is added to the total when it ends.
        return TIMES.getTotalCompilationTime() - before > MUCH * milliseconds || queued();
    }

    /** Whether HotSpot compiles something or has it in a queue: it lists one a line, under headings. */
    private static boolean queued() {
        try {
            ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
            Object queues = ManagementFactory.getPlatformMBeanServer().invoke(commands, "compilerQueue", null, null);
            return queues.toString()
                    .lines()
                    .map(String::strip)
                    .anyMatch(line -> !line.isEmpty() && !line.equals("Empty") && !line.endsWith(":"));
        } catch (JMException elsewhere) {
            return false; // another virtual machine
        }
    }
}
