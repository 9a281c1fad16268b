package replklab.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What a case took of a process's memory, as Linux counts it.
 *
 * @param baselineMib resident right before the case was prepared: runtime and libraries, NaN where it cannot be told
 * @param peakMib the most that was resident since the case was prepared, NaN where it cannot be told
 */
public record Memory(double baselineMib, double peakMib) {
    /** Where it cannot be told. */
    public static final Memory UNKNOWN = new Memory(Double.NaN, Double.NaN);

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long CLEANER_MS = 200;
    private static final Path COUNTER = Path.of("/proc/self/clear_refs");

    /** Weights, activations, gradients and scratch: the peak less what runtime and libraries took before. */
    public double ofTheCaseMib() {
        return Math.max(0, peakMib - baselineMib);
    }

    /** What this process has now in MiB; NaN where it cannot be told. */
    static double residentMib() {
        return status("VmRSS:");
    }

    /** The most that this process had since {@link #resetPeak}, in MiB; NaN where it cannot be told. */
    static double peakOfThisProcessMib() {
        return status("VmHWM:");
    }

    /** Starts the peak anew after {@link #giveBack}; where Linux refuses, it counts from the start of the process. */
    static void resetPeak() {
        giveBack();
        try {
            Files.writeString(COUNTER, "5");
        } catch (IOException refused) {
            // The peak then includes what preparing took, which is never too little.
        }
    }

    /** Collects garbage, native memory that hangs on it included, and gives what is free back to the system. */
    static void giveBack() {
        try {
            System.gc();
            Thread.sleep(CLEANER_MS); // the thread that frees native memory follows the collector
            System.gc();
            ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
            ManagementFactory.getPlatformMBeanServer().invoke(commands, "systemTrimNativeHeap", null, null);
        } catch (JMException elsewhere) {
            // Only HotSpot on Linux has the command; what is kept counts.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double status(String field) {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
