package replklab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether something else uses the processor: a benchmark beside it says little. */
final class Load {
    private static final Path STAT = Path.of("/proc/stat");
    private static final long WATCH_MS = 400;
    /** Columns of the line "cpu" that count idle time: idle, and waiting for input or output. */
    private static final int IDLE = 4;

    private static final int WAITING = 5;

    private Load() {}

    /** The share of all processors that is in use while this thread sleeps, 0 to 1; NaN where it cannot be told. */
    static double now() {
        try {
            long[] before = times();
            Thread.sleep(WATCH_MS);
            long[] after = times();
            double all = after[0] - before[0];
            return all > 0 ? 1 - (after[1] - before[1]) / all : Double.NaN;
        } catch (IOException elsewhere) {
            return Double.NaN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Double.NaN;
        }
    }

    /** All time and idle time since the system started, in ticks. */
    private static long[] times() throws IOException {
        String[] fields = Files.readAllLines(STAT).getFirst().split(" +");
        long all = 0;
        for (int i = 1; i <= 8; i++) {
            all += Long.parseLong(fields[i]);
        }
        return new long[] {all, Long.parseLong(fields[IDLE]) + Long.parseLong(fields[WAITING])};
    }
}
