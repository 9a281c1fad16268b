package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a run whose process ends without having ended it. */
class ProcessDeathTest {
    @TempDir
    Path folder;

    private final FakeMlflow mlflow = new FakeMlflow();

    @AfterEach
    void stop() {
        mlflow.close();
    }

    /**
     * The program of the other process: starts a run, logs to it, and waits for its end. Its arguments are the tracking
     * URI, empty for the embedded server, the folder to work in, and the run's folder in it.
     */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws InterruptedException {
            Path folder = Path.of(arguments[1]);
            Tracker tracker = Tracker.open(
                    Map.of("MLFLOW_TRACKING_URI", arguments[0]),
                    folder.resolve("mlruns"),
                    folder,
                    line -> System.out.println(line));
            ActiveRun run = tracker.startRun(RunSpec.of("shortcut", "doomed"), folder.resolve(arguments[2]));
            run.metric("loss", 1, 1);
            tracker.flush(Duration.ofSeconds(20));
            run.metric("loss", 2, 2);
            System.out.println("logged");
            Thread.sleep(600_000);
        }
    }

    /** Starts the other process and waits until it has logged. */
    static Process start(String trackingUri, Path folder, String run) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-D" + PythonEnvironment.PROPERTY + "=" + System.getProperty(PythonEnvironment.PROPERTY, ""),
                        Program.class.getName(),
                        trackingUri,
                        folder.toString(),
                        run))
                .redirectErrorStream(true)
                .start();
        StringBuilder said = new StringBuilder();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        while (line != null && !line.equals("logged")) {
            said.append(line).append('\n');
            line = output.readLine();
        }
        assertThat(line).as("after " + said).isEqualTo("logged");
        return process;
    }

    @Test
    void oneToldToStopEndsItsRunsAsKilled() throws Exception {
        Process process = start(mlflow.uri(), folder, "run");
        process.destroy();
        process.waitFor();
        assertThat(mlflow.told("metric")).containsExactly("metric loss=1.0@1", "metric loss=2.0@2");
        assertThat(mlflow.of("doomed", "status")).isEqualTo("KILLED");
        assertThat(RunRecord.read(folder.resolve("run")).orElseThrow().status()).isEqualTo(RunStatus.KILLED);
    }

    @Test
    void theNextStartEndsTheRunsOfOneThatWasShotAsKilled() throws Exception {
        Process process = start(mlflow.uri(), folder, "run");
        try (Tracker tracker = Tracker.open(mlflow.environment(), folder, folder, line -> {})) {
            assertThat(tracker.sendKept(folder)).isEqualTo(new Tracker.Kept(0, 0, 0, 0)); // it lives
            process.destroyForcibly().waitFor();
            assertThat(tracker.sendKept(folder)).isEqualTo(new Tracker.Kept(1, 1, 0, 0));
        }
        assertThat(mlflow.told("metric")).contains("metric loss=2.0@2");
        assertThat(mlflow.of("doomed", "status")).isEqualTo("KILLED");
        RunRecord record = RunRecord.read(folder.resolve("run")).orElseThrow();
        assertThat(record.status()).isEqualTo(RunStatus.KILLED);
        assertThat(record.metrics()).containsEntry("loss", 2.0);
    }
}
