package replklab.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.ProcessPlace;
import replklab.base.WholeFile;
import replklab.experiment.ExperimentRunner;
import replklab.tracking.Tracker;

/** A sweep as jobs of Slurm: an array of tasks, and a job after it that reports. */
public final class SlurmSweep {
    private static final long LOOK_EVERY_MS = 1_000;

    /** How many looks at the folder come to one at the queue. */
    private static final int LOOKS = 5;

    private SlurmSweep() {}

    /** Submits a sweep's jobs, and writes down which they are. */
    public static SweepRecord submit(SweepJob job, ClusterProfile profile) {
        Path folder = job.folder();
        List<Integer> tasks = job.tasks();
        String array = "";
        try {
            Files.createDirectories(folder);
            if (!tasks.isEmpty()) {
                Path script = script(folder.resolve("task.sh"), profile, """
                        first=$((SLURM_ARRAY_TASK_ID * %d))
                        exec %s "$first-$((first + %d))"
                        """.formatted(
                                job.perTask(), command(job.ofTasks()), job.perTask() - 1));
                array = submit(job, profile, tasks, script);
            }
            String collector = collector(job, profile, array);
            SweepRecord record = new SweepRecord(
                    SweepRecord.SLURM, array, collector, ProcessPlace.current().host(), 0, System.currentTimeMillis());
            record.write(folder);
            return record;
        } catch (IOException e) {
            throw new LabException("cannot write into " + folder + ": " + e.getMessage(), e);
        }
    }

    private static String command(List<String> arguments) {
        return LabCommand.elsewhere().shell(arguments);
    }

    private static String submit(SweepJob job, ClusterProfile profile, List<Integer> tasks, Path script) {
        List<String> command = new ArrayList<>(List.of(
                "sbatch",
                "--parsable",
                "--job-name=" + name(job),
                "--array=" + ranges(tasks) + (profile.atOnce() == 0 ? "" : "%" + profile.atOnce()),
                "--output=" + job.folder().resolve("%A_%a.out"),
                "--open-mode=append", // a task that is requeued goes on in it
                "--requeue",
                "--signal=B:TERM@30"));
        command.addAll(profile.ofTask());
        if (ExperimentRunner.indices(job.experiment()) == 1) {
            command.add("--exclusive"); // it measures times
        }
        command.add(script.toString());
        return id(command);
    }

    private static String collector(SweepJob job, ClusterProfile profile, String array) throws IOException {
        Path script = script(job.folder().resolve("collect.sh"), profile, """
                %s
                code=$?
                cd %s
                echo "$code" >".collected-$SLURM_JOB_ID" && mv ".collected-$SLURM_JOB_ID" "collected-$SLURM_JOB_ID"
                exit "$code"
                """.formatted(
                command(ofCollector(job)), LabCommand.quoted(job.folder().toString())));
        List<String> command = new ArrayList<>(List.of(
                "sbatch",
                "--parsable",
                "--job-name=" + name(job) + "-report",
                "--output=" + job.folder().resolve("%A.out"),
                "--open-mode=append",
                "--requeue"));
        if (!array.isEmpty()) {
            command.add("--dependency=afterany:" + array);
        }
        command.addAll(profile.ofCollector());
        command.add(script.toString());
        return id(command);
    }

    /** No node starts an MLflow of its own. */
    private static List<String> ofCollector(SweepJob job) {
        return Tracker.isNamed(System.getenv()) ? job.told("--collect") : job.told("--collect", "--offline");
    }

    private static String name(SweepJob job) {
        return "lab-" + job.experiment().name().replaceAll("\\s", "_");
    }

    private static Path script(Path file, ClusterProfile profile, String body) throws IOException {
        String text = """
                #!/bin/bash
                # Written by ./lab sweep.
                cd %s
                export JAVA_HOME=%s
                export REPLKLAB_THREADS=${SLURM_CPUS_PER_TASK:-${SLURM_CPUS_ON_NODE:-}}
                %s
                """.formatted(
                                LabCommand.quoted(LabHome.root().toString()),
                                LabCommand.quoted(System.getProperty("java.home")),
                                String.join("\n", profile.setup()))
                + body;
        WholeFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    /** As sbatch writes them: {@code 0-3,7}. */
    static String ranges(List<Integer> numbers) {
        List<String> ranges = new ArrayList<>();
        for (int from = 0; from < numbers.size(); ) {
            int to = from;
            while (to + 1 < numbers.size() && numbers.get(to + 1) == numbers.get(to) + 1) {
                to++;
            }
            ranges.add(numbers.get(from) + (to == from ? "" : "-" + numbers.get(to)));
            from = to + 1;
        }
        return String.join(",", ranges);
    }

    private static String id(List<String> command) {
        Said said = Said.by(command);
        if (said.code() != 0) {
            throw new LabException("sbatch refused it: " + said.words());
        }
        return said.out().strip().split(";")[0]; // a federation names the cluster behind it
    }

    /** The states of what of a sweep is in the queue, a task an element; empty where Slurm cannot be asked. */
    public static List<String> queued(SweepRecord record) {
        String jobs = record.array().isEmpty() ? record.collector() : record.array() + "," + record.collector();
        Said said;
        try {
            said = Said.by(List.of("squeue", "--noheader", "--array", "--jobs=" + jobs, "--format=%T"));
        } catch (LabException e) {
            return List.of(); // no machine of the cluster's
        }
        return said.code() != 0
                ? List.of()
                : said.out().lines().filter(line -> !line.isBlank()).toList();
    }

    /**
     * Waits for the job that reports.
     *
     * @return its exit code
     * @throws LabException if it is gone without a report
     */
    public static int await(SweepRecord record, Path folder) throws InterruptedException {
        Path ended = record.ended(folder);
        for (long look = 0; ; look++) {
            if (Files.exists(ended)) {
                try {
                    return Integer.parseInt(Files.readString(ended).strip());
                } catch (IOException | NumberFormatException e) {
                    throw new LabException("cannot read " + ended + ": " + e.getMessage(), e);
                }
            }
            if (look % LOOKS == LOOKS - 1 && isGone(record) && Files.notExists(ended)) {
                throw new LabException(
                        "Slurm's job " + record.collector() + ", which was to report, is gone; what it said is in "
                                + folder.resolve(record.collector() + ".out"));
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    /** Whether Slurm says so; a controller that does not answer says nothing. */
    private static boolean isGone(SweepRecord record) {
        Said said = Said.by(List.of("squeue", "--noheader", "--jobs=" + record.collector(), "--format=%T"));
        return said.code() == 0 ? said.out().isBlank() : said.err().contains("Invalid job id");
    }

    /** Takes a sweep's jobs out of the queue; what runs stops with its checkpoint written. */
    public static void cancel(SweepRecord record) {
        List<String> command = new ArrayList<>(List.of("scancel", record.collector()));
        if (!record.array().isEmpty()) {
            command.add(record.array());
        }
        Said said = Said.by(command);
        if (said.code() != 0) {
            throw new LabException("scancel refused it: " + said.words());
        }
    }

    /** What a command said. */
    private record Said(int code, String out, String err) {
        private static final Duration PATIENCE = Duration.ofMinutes(2);

        static Said by(List<String> command) {
            try {
                Process process = new ProcessBuilder(command).start();
                process.getOutputStream().close();
                String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(PATIENCE)) {
                    process.destroyForcibly();
                }
                return new Said(process.waitFor(), out, err);
            } catch (IOException e) {
                throw new LabException(
                        "cannot start " + command.getFirst()
                                + ", a command of Slurm's: is this a machine of the cluster? (" + e.getMessage() + ")",
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("stopped while waiting for " + command.getFirst(), e);
            }
        }

        String words() {
            return (out + err).lines().filter(line -> !line.isBlank()).collect(Collectors.joining("; "));
        }
    }
}
