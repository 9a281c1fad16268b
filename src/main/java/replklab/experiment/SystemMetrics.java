package replklab.experiment;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import replklab.base.LabException;
import replklab.tracking.RunLogger;

/**
 * Processor and memory while a run works, by the names under which MLflow's page shows system metrics: a sample at each
 * interval and one at the end, each of the time since the one before.
 *
 * <p>As MLflow's own clients do, it heeds {@code MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING} ({@code false} for none) and {@code
 * MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL} (seconds, 10 by default).
 */
final class SystemMetrics implements AutoCloseable {
    static final String CPU = "system/cpu_utilization_percentage";
    static final String MEMORY = "system/system_memory_usage_megabytes";
    static final String MEMORY_SHARE = "system/system_memory_usage_percentage";
    static final String PROCESS = "system/process_resident_megabytes";

    private static final String ENABLED = "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING";
    private static final String INTERVAL = "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL";
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final double MEGABYTE = 1e6;

    private final RunLogger run;
    private final Duration interval;
    private final Path proc;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private long step;
    private long[] ticksBefore;

    private SystemMetrics(RunLogger run, long firstStep, Duration interval, Path proc) {
        this.run = run;
        this.interval = interval;
        this.proc = proc;
        this.step = firstStep;
        this.ticksBefore = ticks();
        this.thread = interval.isZero()
                ? null
                : Thread.ofPlatform().daemon().name("system-metrics").start(this::loop);
    }

    /**
     * Begins to take samples.
     *
     * @param run is told of them; it must not end before this is closed
     * @param firstStep number of samples that the run has already, where it is resumed
     */
    static SystemMetrics start(RunLogger run, long firstStep) {
        return start(run, firstStep, interval(System.getenv()), Path.of("/proc"));
    }

    /** No samples: while something is measured, nothing may come in between. */
    static SystemMetrics none(RunLogger run) {
        return start(run, 0, Duration.ZERO, Path.of("/proc"));
    }

    /**
     * The same with everything given.
     *
     * @param interval zero for no samples at all
     * @param proc Linux's {@code /proc}; where it is missing, the JVM is asked
     */
    static SystemMetrics start(RunLogger run, long firstStep, Duration interval, Path proc) {
        return new SystemMetrics(run, firstStep, interval, proc);
    }

    /** What MLflow's variables ask for; zero for no samples. */
    static Duration interval(Map<String, String> environment) {
        if (environment.getOrDefault(ENABLED, "true").equalsIgnoreCase("false")) {
            return Duration.ZERO;
        }
        String text = environment.get(INTERVAL);
        if (text == null) {
            return USUAL;
        }
        try {
            double seconds = Double.parseDouble(text);
            if (seconds > 0 && seconds <= TimeUnit.DAYS.toSeconds(1)) {
                return Duration.ofNanos(Math.round(seconds * TimeUnit.SECONDS.toNanos(1)));
            }
        } catch (NumberFormatException e) {
            throw unusable(text, e);
        }
        throw unusable(text, null);
    }

    private static LabException unusable(String text, Exception cause) {
        return new LabException(INTERVAL + "=" + text + " must be a number of seconds above 0, up to a day", cause);
    }

    private void loop() {
        try {
            while (!over.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                trySample();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void trySample() {
        try {
            run.metrics(values(), step);
            step++;
        } catch (LabException e) {
            // What keeps a sample from being written keeps the run's own numbers, too, and the run says so.
            over.countDown();
        }
    }

    private Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long[] ticks = ticks();
        double cpu = ticks.length == 0 ? 100 * system.getCpuLoad() : load(ticks);
        ticksBefore = ticks;
        if (cpu >= 0) { // the JVM gives less where it does not know
            values.put(CPU, rounded(cpu));
        }
        long total = kilobytes("meminfo", "MemTotal:") * 1024;
        long used = total - kilobytes("meminfo", "MemAvailable:") * 1024;
        if (total <= 0) {
            total = system.getTotalMemorySize();
            used = total - system.getFreeMemorySize();
        }
        values.put(MEMORY, rounded(used / MEGABYTE));
        values.put(MEMORY_SHARE, rounded(100.0 * used / total));
        long resident = kilobytes("self/status", "VmRSS:") * 1024;
        if (resident > 0) {
            values.put(PROCESS, rounded(resident / MEGABYTE));
        }
        return values;
    }

    /** Share of the processors' time since the sample before that was not idle, in percent; -1 if no time has passed. */
    private double load(long[] now) {
        if (ticksBefore.length == 0 || now[1] <= ticksBefore[1]) {
            return -1;
        }
        return 100.0 * (now[0] - ticksBefore[0]) / (now[1] - ticksBefore[1]);
    }

    /** Busy and all ticks of all processors since the system's start; none where there is no {@code /proc/stat}. */
    private long[] ticks() {
        try {
            String line =
                    Files.readString(proc.resolve("stat")).lines().findFirst().orElse("");
            String[] fields = line.strip().split("\\s+");
            long all = 0;
            long idle = 0;
            for (int i = 1; i < Math.min(fields.length, 9); i++) { // the guests' time that follows is in user's
                long ticks = Long.parseLong(fields[i]);
                all += ticks;
                idle += i == 4 || i == 5 ? ticks : 0; // idle and waiting for a disk
            }
            return new long[] {all - idle, all};
        } catch (IOException | NumberFormatException e) {
            return new long[0];
        }
    }

    /** A line such as {@code MemTotal: 24 kB}; 0 if there is none. */
    private long kilobytes(String file, String key) {
        try {
            return Files.readString(proc.resolve(file))
                    .lines()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private static double rounded(double value) {
        return Math.round(10 * value) / 10.0;
    }

    /** Takes the last sample. */
    @Override
    public void close() {
        if (thread == null) {
            return;
        }
        boolean stopped = over.getCount() == 0;
        over.countDown();
        boolean interrupted = Thread.interrupted();
        try {
            thread.join();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!stopped) {
            trySample();
        }
    }
}
