package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.tracking.DatasetInput;
import replklab.tracking.RunLogger;
import replklab.tracking.RunStatus;

/** Samples of processor and memory, from a {@code /proc} of this test's own. */
class SystemMetricsTest {
    @TempDir
    Path proc;

    private final List<Map<String, Double>> samples = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> steps = Collections.synchronizedList(new ArrayList<>());
    private boolean failing;
    private final CountDownLatch three = new CountDownLatch(3);

    private final RunLogger run = new RunLogger() {
        @Override
        public void metrics(Map<String, Double> values, long step) {
            if (failing) {
                throw new LabException("cannot write: no space left on device");
            }
            samples.add(values);
            steps.add(step);
            three.countDown();
        }

        @Override
        public void params(Map<String, ?> params) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void tags(Map<String, String> tags) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void dataset(DatasetInput input) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void artifact(Path file, String folder) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void artifactText(String path, String text) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void end(RunStatus status) {
            throw new AssertionError("not asked for");
        }
    };

    private void write(String cpu) throws IOException {
        Files.writeString(proc.resolve("stat"), cpu + "\ncpu0 1 2 3\n");
        Files.writeString(proc.resolve("meminfo"), "MemTotal: 4000000 kB\nMemFree: 9 kB\nMemAvailable: 1000000 kB\n");
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(proc.resolve("self/status"), "Name: java\nVmRSS:\t  250000 kB\n");
    }

    @Test
    void aSampleTellsOfTheTimeSinceTheOneBefore() throws IOException {
        write("cpu  100 0 50 800 50 0 0 0 7 7");
        try (SystemMetrics _ = SystemMetrics.start(run, 5, Duration.ofHours(1), proc)) {
            write("cpu  160 0 65 820 55 0 0 0 7 7"); // 75 of 100 ticks busy
        }
        assertThat(steps).containsExactly(5L);
        assertThat(samples.getFirst())
                .containsOnly(
                        entry(SystemMetrics.CPU, 75.0),
                        entry(SystemMetrics.MEMORY, 3072.0),
                        entry(SystemMetrics.MEMORY_SHARE, 75.0),
                        entry(SystemMetrics.PROCESS, 256.0));
    }

    @Test
    void samplesGoOnUntilTheEnd() throws Exception {
        write("cpu  100 0 50 800 50 0 0 0");
        try (SystemMetrics _ = SystemMetrics.start(run, 0, Duration.ofMillis(1), proc)) {
            assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
        }
        int all = samples.size();
        assertThat(steps.subList(0, 3)).containsExactly(0L, 1L, 2L);
        assertThat(steps).doesNotHaveDuplicates();
        assertThat(samples.getFirst()).as("no time has passed").doesNotContainKey(SystemMetrics.CPU);
        assertThat(samples).hasSize(all);
    }

    @Test
    void withoutProcTheJvmIsAsked() {
        try (SystemMetrics _ = SystemMetrics.start(run, 0, Duration.ofHours(1), proc.resolve("none"))) {
            assertThat(samples).isEmpty();
        }
        assertThat(samples.getFirst().get(SystemMetrics.MEMORY)).isPositive();
        assertThat(samples.getFirst().get(SystemMetrics.MEMORY_SHARE)).isBetween(0.0, 100.0);
        assertThat(samples.getFirst()).doesNotContainKey(SystemMetrics.PROCESS);
    }

    /** A full disk is the run's to tell. */
    @Test
    void aSampleThatCannotBeWrittenEndsTheSamplesAlone() {
        failing = true;
        try (SystemMetrics _ = SystemMetrics.start(run, 0, Duration.ofHours(1), proc)) {
            assertThat(samples).isEmpty();
        }
        assertThat(samples).isEmpty();
    }

    @Test
    void mlflowsOwnVariablesAreHeeded() {
        assertThat(SystemMetrics.interval(Map.of())).isEqualTo(Duration.ofSeconds(10));
        assertThat(SystemMetrics.interval(Map.of("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.5")))
                .isEqualTo(Duration.ofMillis(500));
        Duration none = SystemMetrics.interval(Map.of("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "False"));
        try (SystemMetrics _ = SystemMetrics.start(run, 0, none, proc)) {
            assertThat(none).isZero();
        }
        assertThat(samples).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "often", "0", "-1", "NaN", "1e9"})
    void anIntervalIsANumberOfSeconds(String text) {
        assertThatThrownBy(() -> SystemMetrics.interval(Map.of("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", text)))
                .isInstanceOf(LabException.class)
                .hasMessage("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL=" + text
                        + " must be a number of seconds above 0, up to a day");
    }
}
