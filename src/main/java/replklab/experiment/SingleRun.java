package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import replklab.base.LabException;
import replklab.base.Provenance;
import replklab.conv.DepthwisePlanner;
import replklab.report.RunRow;
import replklab.tensor.Tape;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunSpec;
import replklab.tracking.RunStatus;
import replklab.tracking.Tracker;
import replklab.train.Trainer;

/** Does one run of an experiment, or finds that it is done. */
final class SingleRun {
    private static final String CONFIG = "config.sha256";

    private final Experiment experiment;
    private final RunWork.Maker works;
    private final Provenance provenance;
    private final Tracker tracker;
    private final ActiveRun parent;
    private final RunnerListener listener;
    private final AtomicBoolean stopping;
    private Duration reused = Duration.ZERO;

    SingleRun(
            Experiment experiment,
            RunWork.Maker works,
            Provenance provenance,
            Tracker tracker,
            ActiveRun parent,
            RunnerListener listener,
            AtomicBoolean stopping) {
        this.experiment = experiment;
        this.works = works;
        this.provenance = provenance;
        this.tracker = tracker;
        this.parent = parent;
        this.listener = listener;
        this.stopping = stopping;
    }

    /** The result of a run; a stop leaves its checkpoint and counts as killed. */
    RunRow run(RunPlan plan, int index, Path folder) {
        String config = RunConfig.hash(experiment, plan);
        Optional<StoredRun> done = StoredRun.read(folder, config);
        listener.runBegins(plan, index, done.isPresent());
        if (done.isPresent()) {
            RunRow row = done.get().row();
            if (!row.commit().equals(provenance.shortCommit())) {
                listener.notice(plan.name() + " was run at commit " + row.commit() + ", this is "
                        + provenance.shortCommit() + "; --fresh runs it again");
            }
            reused = reused.plusMillis(Math.round(1000 * row.seconds()));
            listener.runEnds(plan, row);
            return row;
        }
        Optional<ActiveRun> resumed = resume(folder, config);
        ActiveRun run = resumed.isPresent() ? resumed.get() : start(plan, folder, config);
        DepthwisePlanner.current().forget(); // what is used from here on belongs to this run
        RunRow row = row(plan, run, null, RunStatus.FAILED);
        try {
            try (SystemMetrics _ =
                    experiment.spec().isMeasured() ? SystemMetrics.none(run) : SystemMetrics.start(run, 0)) {
                row = work(plan, run, config, resumed.isPresent());
            }
        } finally {
            run.end(RunStatus.valueOf(row.status().name()));
            Tape.releaseMemory(); // the next variant has other shapes
        }
        listener.runEnds(plan, row);
        return row;
    }

    /** How long the runs took that earlier executions had finished. */
    Duration reused() {
        return reused;
    }

    private RunRow work(RunPlan plan, ActiveRun run, String config, boolean resumed) {
        RunWork work = null;
        try {
            work = works.make(plan, run);
            if (!resumed) {
                run.params(RunConfig.params(experiment, plan));
                work.describe();
                run.artifactText("experiment.yaml", experiment.yaml());
            }
            if (!work.work(stopping::get)) {
                return row(plan, run, work, RunStatus.KILLED);
            }
            RunRow finished = row(plan, run, work, RunStatus.FINISHED);
            work.keep(finished);
            new StoredRun(config, finished).write(run.folder());
            RunArtifacts.forgetCheckpoints(run.folder()); // they have served: the best weights stay
            return finished;
        } catch (LabException | IOException e) {
            run.tags(Map.of("replklab.error", String.valueOf(e.getMessage())));
            listener.notice(plan.name() + " failed: " + e.getMessage());
            return row(plan, run, work, RunStatus.FAILED);
        } finally {
            run.artifactText(
                    "depthwise-plan.txt", DepthwisePlanner.current().used().text());
            if (work != null) {
                work.close();
            }
        }
    }

    /** The run that the folder holds, if it is this one and was stopped. */
    private Optional<ActiveRun> resume(Path folder, String config) {
        try {
            Path mark = folder.resolve(CONFIG);
            if (Files.exists(folder.resolve(Trainer.CHECKPOINT))
                    && Files.exists(mark)
                    && Files.readString(mark).equals(config)) {
                return tracker.resumeRun(folder);
            }
            RunArtifacts.forget(folder);
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private ActiveRun start(RunPlan plan, Path folder, String config) {
        RunSpec spec = ExperimentRunner.tagged(
                RunSpec.of(experiment.name(), plan.name()).variant(plan.label()).seed(plan.seed()),
                experiment,
                provenance);
        ActiveRun run = tracker.startChild(parent, spec, folder);
        try {
            Files.writeString(folder.resolve(CONFIG), config);
            return run;
        } catch (IOException e) {
            run.end(RunStatus.FAILED);
            throw unusable(folder, e);
        }
    }

    private static LabException unusable(Path folder, IOException e) {
        return new LabException("cannot use the run's folder " + folder + ": " + e.getMessage(), e);
    }

    /** The row of a run as it stands; {@code work} is null if it could not even begin. */
    private RunRow row(RunPlan plan, ActiveRun run, RunWork work, RunStatus status) {
        return new RunRow(
                plan.variant(),
                plan.seed(),
                replklab.report.RunStatus.valueOf(status.name()),
                status == RunStatus.FINISHED ? work.result() : Map.of(),
                work == null ? List.of() : work.curve(),
                work == null ? 0 : work.seconds(),
                run.runId().orElse(""),
                provenance.shortCommit());
    }
}
