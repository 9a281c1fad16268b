package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.tracking.FakeMlflow;
import replklab.tracking.RunTags;
import replklab.train.Trainer;

/** Sweeps on a real Slurm of two nodes, beside one process that does the same runs one after the other. */
@Tag("cluster")
class SlurmSweepTest {
    private static final int RUNS = 16;
    private static final long PATIENCE_MS = 400_000;

    @TempDir
    private Path folder;

    /** A node lost with its jobs, a daemon lost whose job lives on, a controller restarted: the numbers are the same to the last bit. */
    @Test
    void aSweepGivesWhatOneProcessGivesWhateverNodesDo() throws Exception {
        Slurm.require();
        Story story = new Story("slurm");
        try (Checkout checkout = Checkout.make(story, "one");
                FakeMlflow mlflow = new FakeMlflow();
                Slurm slurm = Slurm.start(folder, 2)) {
            Map<String, String> environment = new LinkedHashMap<>(slurm.environment());
            environment.putAll(mlflow.environment());
            // A lease that lasts longer than a busy machine may take: all is on one, which knows who is gone.
            LabProcess sweep = checkout.lab(
                    List.of("-Dreplklab.lease=600"),
                    environment,
                    "sweep",
                    "one",
                    "--profile",
                    "smoke",
                    "--seeds",
                    "8",
                    "--on",
                    "slurm",
                    "--wait");
            Path runs = checkout.runs("one");

            awaitJob(story, slurm, "n1", runs, sweep);
            slurm.killNode("n1");
            story.tell("n1 is gone with its jobs");
            awaiting(story, sweep, "the same job on n2", () -> {
                slurm.heal();
                return slurm.isRestartedOn("n2");
            });
            slurm.recover("n1");
            awaitJob(story, slurm, "n1", runs, sweep);
            slurm.restartController();
            story.tell("the controller is another one");
            List<ProcessHandle> alive = awaitJob(story, slurm, "n2", runs, sweep);
            signal(alive, "STOP"); // or it would be done before another attempt begins
            slurm.loseDaemon("n2");
            story.tell("n2's daemon is gone, and its job lives on: " + attempts(runs));
            awaiting(story, sweep, "a second attempt beside the live one", () -> {
                slurm.heal();
                return said(runs).contains("is being run already, by process");
            });
            signal(alive, "CONT");
            awaiting(story, sweep, "n2's job to end", () -> {
                slurm.heal();
                return slurm.jobsOn("n2").isEmpty();
            });
            slurm.recover("n2");
            awaiting(story, sweep, "the end", () -> {
                slurm.heal();
                return !sweep.alive();
            });
            assertThat(sweep.await(story)).as(sweep.said()).isZero();
            assertThat(sweep.output()).containsPattern("array \\d+\nreport \\d+\n");

            LabProcess alone = checkout.lab(mlflow.environment(), "run", "one", "--profile", "quick", "--seeds", "8");
            assertThat(alone.await(story)).as(alone.said()).isZero();
            Path quick = checkout.root().resolve("results/quick/one");
            assertThat(weights(runs)).hasSize(RUNS).isEqualTo(weights(quick.resolve("runs")));
            assertThat(numbers(checkout.results("one"))).isEqualTo(numbers(quick));
            assertThat(checkout.results("one").resolve("report.md")).content().doesNotContain("## Processors");
            requireInMlflow(mlflow);

            cancelledAndTriedAgain(story, checkout, slurm, runs);
            checkout.passed();
        }
    }

    /** What a cancelled sweep leaves goes on from its checkpoints. */
    private void cancelledAndTriedAgain(Story story, Checkout checkout, Slurm slurm, Path before) throws IOException {
        // Other runs, longer, so that some are met in the middle.
        String[] settings = {"one", "--profile", "smoke", "--seeds", "1", "--set", "training.epochs=30"};
        LabProcess sweep = checkout.lab(slurm.environment(), command("sweep", settings, "--on", "slurm"));
        assertThat(sweep.await(story)).as(sweep.said()).isZero();
        Path runs = checkout.root().resolve("results/smoke-set-training.epochs=30/one/runs");
        awaiting(
                story,
                sweep,
                "a run in the middle",
                () -> !checkpoints(runs).isEmpty() || weights(runs).size() > 1,
                true);
        LabProcess cancel = checkout.lab(slurm.environment(), command("sweep", settings, "--cancel"));
        assertThat(cancel.await(story)).as(cancel.said()).isZero();
        awaiting(
                story,
                cancel,
                "the queue to empty",
                () -> slurm.said("squeue", "-h").isBlank(),
                true);
        LabProcess status = checkout.lab(Map.of("PATH", "/usr/bin:/bin"), command("sweep", settings, "--status"));
        assertThat(status.await(story)).isZero();
        assertThat(status.output()).contains("one: 2 runs, ").containsPattern("1 (stopped|waiting)|2 waiting");
        assertThat(attempts(runs)).as("claims are given back").isEmpty();
        LabProcess again =
                checkout.lab(slurm.environment(), command("sweep", settings, "--retry-failed", "--on", "slurm"));
        assertThat(again.await(story)).as(again.said()).isZero();
        awaiting(story, again, "the report", () -> Files.exists(runs.resolveSibling("report.md")), true);
        assertThat(weights(runs)).hasSize(2);
        awaiting(
                story,
                again,
                "the queue to empty",
                () -> slurm.said("squeue", "-h").isBlank(),
                true);
        assertThat(before).isDirectory();
    }

    private static void signal(List<ProcessHandle> processes, String name) throws IOException {
        for (ProcessHandle process : processes) {
            Processes.signal(process.pid(), name);
        }
    }

    private static String[] command(String first, String[] settings, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(settings));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** Each run is there once, below one parent, though its attempts were several. */
    private static void requireInMlflow(FakeMlflow mlflow) {
        Map<String, Map<String, Object>> all = mlflow.runs();
        List<String> parents = all.keySet().stream()
                .filter(id -> all.get(id).containsKey("tag:" + RunTags.SHARED_KEY))
                .toList();
        assertThat(parents).hasSize(1);
        assertThat(all.get(parents.getFirst())).containsEntry("status", "FINISHED");
        List<Map<String, Object>> children = all.values().stream()
                .filter(run -> parents.getFirst().equals(run.get("tag:" + RunTags.PARENT)))
                .toList();
        assertThat(children).hasSize(RUNS);
        assertThat(children).allSatisfy(run -> assertThat(run).containsEntry("status", "FINISHED"));
    }

    /** Waits until a node's job is in the second of the four epochs of a task's first run; gives the job's processes. */
    private static List<ProcessHandle> awaitJob(Story story, Slurm slurm, String node, Path runs, LabProcess sweep)
            throws IOException {
        List<ProcessHandle> job = new ArrayList<>();
        awaiting(story, sweep, "a run in the middle on " + node, () -> {
            slurm.heal();
            job.clear();
            job.addAll(slurm.jobsOn(node));
            return attempts(runs).stream()
                    .filter(lease -> lease.toString().contains("kernels=3,"))
                    .filter(SlurmSweepTest::isInSecondEpoch)
                    .map(SlurmSweepTest::text)
                    .anyMatch(lease -> job.stream().anyMatch(process -> lease.contains(" " + process.pid() + " ")));
        });
        return job;
    }

    private static boolean isInSecondEpoch(Path lease) {
        Path folder = Path.of(lease.toString().replaceFirst("[.]lease$", ""));
        return Files.exists(folder.resolve(Trainer.CHECKPOINT))
                && Files.notExists(folder.resolve(Trainer.CHECKPOINT_BEFORE));
    }

    private static void awaiting(Story story, LabProcess program, String what, java.util.function.BooleanSupplier so)
            throws IOException {
        awaiting(story, program, what, so, false);
    }

    private static void awaiting(
            Story story, LabProcess program, String what, java.util.function.BooleanSupplier so, boolean over)
            throws IOException {
        boolean came = Processes.await(
                () -> {
                    Processes.pause(30);
                    return so.getAsBoolean() || (!over && !program.alive());
                },
                PATIENCE_MS);
        if (!came || (!so.getAsBoolean() && !over && !program.alive())) {
            throw story.failure("waited in vain for " + what + "; " + program.said());
        }
        story.tell("there is " + what);
    }

    /** The leases of attempts. */
    private static List<Path> attempts(Path runs) {
        return files(runs, ".attempts/[0-9]+[.]lease");
    }

    private static List<Path> checkpoints(Path runs) {
        return files(runs, "/checkpoint[.]safetensors");
    }

    private static List<Path> files(Path runs, String ending) {
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(runs)) {
            return files.filter(file -> file.toString().matches(".*" + ending)).toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            return List.of(); // it changes
        }
    }

    /** The weights of finished runs by the run's name. */
    private static Map<String, String> weights(Path runs) {
        Map<String, String> weights = new TreeMap<>();
        for (Path file : files(runs, "seed=[0-9]+/final[.]safetensors")) {
            weights.put(file.getParent().getFileName().toString(), text(file));
        }
        return weights;
    }

    /** What the report's table says, without ids, times and what was measured in seconds. */
    private static Map<String, Map<String, String>> numbers(Path results) throws IOException {
        Map<String, Map<String, String>> numbers = new TreeMap<>();
        Page.of(results).runs().forEach((plan, row) -> numbers.put(plan, Page.steady(row)));
        return numbers;
    }

    private static String said(Path runs) {
        StringBuilder said = new StringBuilder();
        files(runs.resolve("sweep"), "_[0-9]+[.]out").forEach(file -> said.append(text(file)));
        return said.toString();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // gone meanwhile
        }
    }
}
