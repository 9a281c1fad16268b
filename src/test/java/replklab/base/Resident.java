package replklab.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What Linux says a process holds of the machine's memory, and the page that the long memory tests write. */
public final class Resident {
    private Resident() {}

    /** Resident memory of this process in MiB. */
    public static long mib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElseThrow();
    }

    /** Adds a line to {@code target/memory.md}. */
    public static void tell(String figures) throws IOException {
        Files.writeString(
                Path.of("target", "memory.md"),
                "- " + figures + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
