package replklab.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.cluster.ClusterProfile;
import replklab.cluster.LocalSweep;
import replklab.cluster.SlurmSweep;
import replklab.cluster.SweepJob;
import replklab.cluster.SweepRecord;
import replklab.experiment.Experiment;
import replklab.experiment.ExperimentRunner;
import replklab.experiment.Profile;
import replklab.experiment.RunIds;
import replklab.experiment.RunState;
import replklab.experiment.Stale;
import replklab.tracking.Tracker;

/** {@code ./lab sweep}: the runs of experiments on many machines, or many at once on this one. */
@Command(
        name = "sweep",
        description = "Runs experiments on a Slurm cluster, or several runs at once on this machine.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "On Slurm it submits an array and a job after it that reports, prints their ids and ends; here it stays until all is "
                    + "done. What is finished is not run again. What a cluster wants to know stands in cluster.yaml, or after "
                    + "--slurm. docs/cluster.md says the rest."
        })
final class SweepCommand implements Callable<Integer> {
    /** Where runs are carried. */
    enum On {
        SLURM,
        LOCAL;

        static On of(String word) {
            return switch (word) {
                case SweepRecord.SLURM -> SLURM;
                case SweepRecord.LOCAL -> LOCAL;
                default -> throw UsageException.unknown("place", word, List.of(SweepRecord.SLURM, SweepRecord.LOCAL));
            };
        }
    }

    @Mixin
    private ExperimentOptions options;

    @Option(names = "--on", paramLabel = "slurm|local", description = "Where: a Slurm cluster, or this machine.")
    String where;

    private On on;

    @Option(names = "--jobs", paramLabel = "N", description = "With --on local: how many runs at once (1 without).")
    Integer jobs;

    @Option(
            names = "--slurm",
            paramLabel = "KEY=VALUE",
            description = "Goes over what cluster.yaml says, such as partition=long or gres=gpu:1; may be repeated.")
    List<String> slurm = new ArrayList<>();

    @Option(
            names = "--offline",
            description =
                    "Let runs tell MLflow nothing, and the report all: for more runs at a time than MLflow can bear.")
    boolean offline;

    @Option(names = "--wait", description = "On Slurm: stay until the report is there, and end with its exit code.")
    boolean await;

    @Option(names = "--status", description = "Show where the runs stand, from any machine that has the folder.")
    boolean status;

    @Option(names = "--cancel", description = "Stop the sweep; what is computed stays.")
    boolean cancel;

    @Option(names = "--retry-failed", description = "Try again what failed or was stopped, and what was never begun.")
    boolean retry;

    @Option(names = "--fresh", description = "Run again what is finished already.")
    boolean fresh;

    @Option(
            names = "--keep",
            description = "Count finished runs that were made by another version of the library, or on other data.")
    boolean keep;

    @Option(names = "--replace", description = "Run again what does not match, also in full.")
    boolean replace;

    @Override
    public Integer call() throws InterruptedException {
        if (options.names.isEmpty()) {
            throw new UsageException("say which experiments; ./lab list shows them");
        }
        if ((status ? 1 : 0) + (cancel ? 1 : 0) + (retry ? 1 : 0) + (fresh ? 1 : 0) > 1) {
            throw new UsageException("--status, --cancel, --retry-failed and --fresh: one of them at a time");
        }
        if (keep && (fresh || replace)) {
            throw new UsageException(
                    "--keep goes with neither --fresh nor --replace: they run again what it would keep");
        }
        if (jobs != null) {
            UsageException.requireAtLeast("--jobs", jobs, 1);
        }
        List<Experiment> experiments = options.load(options.names, null);
        int code = 0;
        if (status || cancel) {
            for (Experiment experiment : experiments) {
                if (status) {
                    System.out.print(SweepStatus.of(LabHome.resolve("results"), experiment));
                } else {
                    cancel(experiment);
                }
            }
            return code;
        }
        on = place(experiments.getFirst());
        List<SweepJob> begun = begun(experiments);
        for (SweepJob job : begun) {
            code = Math.max(code, on == On.LOCAL ? local(job) : submit(job));
        }
        if (await && on == On.SLURM) {
            code = 0;
            for (SweepJob job : begun) {
                code = Math.max(code, SlurmSweep.await(record(job.experiment()), folder(job.experiment())));
            }
            deliver();
        }
        return code;
    }

    private List<SweepJob> begun(List<Experiment> experiments) {
        ClusterProfile profile = profile();
        List<SweepJob> begun = new ArrayList<>();
        for (int i = 0; i < experiments.size(); i++) {
            Experiment experiment = experiments.get(i);
            requireNothingQueued(experiment);
            if (fresh) {
                ExperimentRunner.afresh(LabHome.resolve("results"), experiment);
            }
            List<String> arguments = options.arguments(options.names.get(i));
            if (keep || replace) {
                arguments.add(keep ? "--keep" : "--replace");
            }
            SweepJob job = SweepJob.of(
                    LabHome.resolve("results"),
                    experiment,
                    arguments,
                    on == On.LOCAL ? ClusterProfile.Tasks.RUN : profile.tasks(),
                    offline);
            requireSettled(job);
            begun.add(job);
        }
        return begun;
    }

    /** Each task would ask, where nobody can answer. */
    private void requireSettled(SweepJob job) {
        long stale = job.states().stream()
                .filter(state -> state.kind() == RunState.Kind.STALE)
                .count();
        if (stale > 0 && job.experiment().profile() == Profile.FULL && !keep && !replace) {
            throw new UsageException(
                    stale + " finished runs of " + job.experiment().name()
                            + " were made by another version of the library, or at other settings: --keep counts them, --replace runs"
                            + " them again");
        }
    }

    private ClusterProfile profile() {
        return ClusterProfile.read(LabHome.resolve(ClusterProfile.FILE), slurm);
    }

    /** What a retry does not say again is as it was. */
    private On place(Experiment first) {
        On said = where != null
                ? On.of(where)
                : retry
                        ? SweepRecord.read(folder(first))
                                .map(record -> On.of(record.engine()))
                                .orElse(null)
                        : null;
        if (said == null) {
            throw new UsageException("say where: --on slurm, or --on local --jobs N");
        }
        if (said == On.SLURM && jobs != null) {
            throw new UsageException(
                    "--jobs is for --on local; atOnce in cluster.yaml, or --slurm atOnce=N, is for Slurm");
        }
        return said;
    }

    private int local(SweepJob job) throws InterruptedException {
        tell(job);
        new LocalSweep(job, jobs == null ? 1 : jobs, System.err::println).run();
        return PartOptions.collect(job.experiment(), keep ? Stale.KEEP : replace ? Stale.REPLACE : Stale.ASK, false);
    }

    private int submit(SweepJob job) {
        tell(job);
        if (Tracker.isNamed(System.getenv())) {
            try (Tracker tracker = Tracker.open();
                    RunProgress progress = new RunProgress(1, 1)) {
                new ExperimentRunner(tracker, LabHome.resolve("results"), progress)
                        .announce(
                                job.experiment(),
                                "lab sweep " + job.experiment().name());
            }
        }
        SweepRecord record = SlurmSweep.submit(job, profile());
        if (!record.array().isEmpty()) {
            System.out.println("array " + record.array());
        }
        System.out.println("report " + record.collector());
        return 0;
    }

    private static void tell(SweepJob job) {
        long done = job.states().stream().filter(RunState::isDone).count();
        int tasks = job.tasks().size();
        System.err.println("%s: %d runs, %d of them done; %d %s"
                .formatted(
                        job.experiment().name(),
                        job.states().size(),
                        done,
                        tasks,
                        (tasks == 1 ? "task" : "tasks")
                                + (job.perTask() > 1 ? " of " + job.perTask() + " runs each, those of a seed" : "")));
    }

    /** Two sweeps at once would do each other's runs, or wait for them. */
    private void requireNothingQueued(Experiment experiment) {
        Optional<SweepRecord> last = SweepRecord.read(folder(experiment));
        if (last.isEmpty()) {
            return;
        }
        boolean local = last.get().engine().equals(SweepRecord.LOCAL);
        boolean goesOn = local
                ? LocalSweep.isAlive(last.get())
                : !SlurmSweep.queued(last.get()).isEmpty();
        if (goesOn) {
            throw new UsageException("the last sweep of " + experiment.name() + " goes on ("
                    + (local
                            ? "process " + last.get().pid() + " on "
                                    + last.get().host()
                            : "Slurm's jobs " + last.get().array() + " and "
                                    + last.get().collector())
                    + "): wait for it, or --cancel it first");
        }
    }

    private void cancel(Experiment experiment) {
        SweepRecord record = record(experiment);
        if (record.engine().equals(SweepRecord.LOCAL)) {
            LocalSweep.cancel(record);
        } else {
            SlurmSweep.cancel(record);
        }
        System.err.println(
                "cancelled; what runs stops with its checkpoint written, and --retry-failed goes on from there");
    }

    private static SweepRecord record(Experiment experiment) {
        return SweepRecord.read(folder(experiment))
                .orElseThrow(
                        () -> new UsageException("nothing was swept of " + experiment.name() + " at these settings"));
    }

    private static Path folder(Experiment experiment) {
        return SweepRecord.folder(LabHome.resolve("results"), experiment);
    }

    /** What the nodes could not tell MLflow, this machine can. */
    private static void deliver() {
        try (Tracker tracker = Tracker.open()) {
            tracker.sendKept(LabHome.resolve("results"));
        }
        RunIds.complete(LabHome.resolve("results"));
    }
}
