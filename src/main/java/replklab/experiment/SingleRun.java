package replklab.experiment;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import replklab.base.ExitActions;
import replklab.base.Provenance;
import replklab.base.SourceDiff;
import replklab.conv.DepthwisePlanner;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.tensor.Backend;
import replklab.tensor.Tape;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunRecord;
import replklab.tracking.RunSpec;
import replklab.tracking.RunStatus;
import replklab.tracking.Tracker;

/** Does one run of an experiment, or finds that it is done. */
final class SingleRun {
    /** Artifacts from which a run can be repeated. */
    static final String CONFIGURATION = "experiment.yaml";

    static final String SOURCE_DIFF = "source.diff";
    static final String DEPTHWISE_PLAN = "depthwise-plan.txt";

    private static final String ERROR = "replklab.error";

    private final Experiment experiment;
    private final RunWork.Maker works;
    private final Provenance provenance;
    private final Tracker tracker;
    private final Sweep sweep;
    private final RunnerListener listener;
    private final BooleanSupplier stopping;
    private Duration reused = Duration.ZERO;

    /** @param sweep which runs there are and what of them is done */
    SingleRun(
            Experiment experiment,
            RunWork.Maker works,
            Provenance provenance,
            Tracker tracker,
            Sweep sweep,
            RunnerListener listener,
            BooleanSupplier stopping) {
        this.experiment = experiment;
        this.works = works;
        this.provenance = provenance;
        this.tracker = tracker;
        this.sweep = sweep;
        this.listener = listener;
        this.stopping = stopping;
    }

    /** The result of a run; a stop leaves its checkpoint and counts as killed. */
    RunRow run(RunPlan plan, int index, ActiveRun parent) {
        Optional<StoredRun> done = sweep.done(plan);
        listener.runBegins(plan, index, done.isPresent());
        if (done.isPresent()) {
            RunRow row = done.get().row();
            reused = reused.plusMillis(Math.round(1000 * row.seconds()));
            listener.runEnds(plan, row);
            return row;
        }
        ActiveRun run = begin(plan, parent);
        DepthwisePlanner.current().forget(); // what is used from here on belongs to this run
        RunRow row = row(plan, run, null, RunEnd.FAILED);
        try {
            try (SystemMetrics _ = experiment.spec().isMeasured()
                    ? SystemMetrics.none(run)
                    : SystemMetrics.start(run, run.record().nextStep(SystemMetrics.MEMORY))) {
                row = work(plan, run);
            }
        } finally {
            run.end(inMlflow(row.status()));
            Tape.releaseMemory(); // the next variant has other shapes
        }
        listener.runEnds(plan, row);
        return row;
    }

    /** MLflow has no word for a run that diverged: it has done what it could, and its tags say the rest. */
    private static RunStatus inMlflow(RunEnd status) {
        return status.isResult() ? RunStatus.FINISHED : RunStatus.valueOf(status.name());
    }

    /** How long the runs took that earlier executions had finished. */
    Duration reused() {
        return reused;
    }

    private RunRow work(RunPlan plan, ActiveRun run) {
        RunWork work = null;
        try {
            work = works.make(plan, run);
            run.params(RunConfig.params(experiment, plan));
            if (!RunIdentity.currentDevice().isEmpty()) {
                run.params(Map.of("device", Backend.current().description()));
            }
            work.describe();
            run.artifactText(CONFIGURATION, experiment.logged());
            SourceDiff.current().ifPresent(patch -> run.artifactText(SOURCE_DIFF, patch));
            RunWork.Ending ending = work.work(stopping);
            keepPlan(run);
            if (ending == RunWork.Ending.STOPPED) {
                return row(plan, run, work, RunEnd.KILLED);
            }
            boolean diverged = ending == RunWork.Ending.DIVERGED;
            RunRow finished = row(plan, run, work, diverged ? RunEnd.DIVERGED : RunEnd.FINISHED);
            work.keep(finished);
            StoredRun.write(run, finished);
            RunArtifacts.forgetCheckpoints(run.folder()); // they have served: the weights stay
            return finished;
        } catch (Exception | OutOfMemoryError | StackOverflowError | AssertionError e) {
            // The JVM refuses things by now, or a call did not like the interrupt; what is really wrong is met again
            // later.
            if (ExitActions.stopping()
                    || stopping.getAsBoolean()
                    || Thread.currentThread().isInterrupted()) {
                listener.notice(plan.name() + " stopped: " + message(e));
                return row(plan, run, work, RunEnd.KILLED);
            }
            // Whatever it is, it is the end of this run and not of the others.
            fail(plan, run, e);
            return row(plan, run, work, RunEnd.FAILED);
        } finally {
            if (work != null) {
                work.close();
            }
        }
    }

    private void fail(RunPlan plan, ActiveRun run, Throwable error) {
        String message = message(error);
        listener.notice(plan.name() + " failed: " + message);
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        try {
            run.tags(Map.of(ERROR, message));
            run.artifactText("error.txt", trace.toString());
            keepPlan(run);
        } catch (RuntimeException e) {
            error.addSuppressed(e); // a full disk, perhaps the reason of it all; the notice has told
        }
    }

    private static String message(Throwable error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }

    private static void keepPlan(ActiveRun run) {
        run.artifactText(DEPTHWISE_PLAN, DepthwisePlanner.current().used().text());
    }

    /** The run that the folder holds, if it is this one and was stopped; else a new one. */
    private ActiveRun begin(RunPlan plan, ActiveRun parent) {
        Path folder = sweep.folder(plan);
        if (sweep.goesOn(plan)) {
            Optional<ActiveRun> resumed = tracker.resumeRun(folder);
            if (resumed.isPresent()) {
                RunRecord record = resumed.get().record();
                Optional.ofNullable(record.tags().get(ERROR))
                        .filter(error -> !error.startsWith("gone on after: "))
                        .ifPresent(error -> resumed.get().tags(Map.of(ERROR, "gone on after: " + error)));
                return resumed.get();
            }
        }
        if (sweep.isDamaged(plan)) {
            listener.notice(plan.name() + ": the log in " + folder
                    + " is damaged, so the run is done again; what is there is kept beside it");
        }
        RunSpec spec = ExperimentRunner.tagged(
                        RunSpec.of(experiment.name(), plan.name())
                                .variant(plan.label())
                                .seed(plan.seed()),
                        experiment,
                        provenance)
                .tags(sweep.identity(plan).tags());
        return tracker.startChild(parent, spec, folder);
    }

    /** The row of a run as it stands; {@code work} is null if it could not even begin. */
    private RunRow row(RunPlan plan, ActiveRun run, RunWork work, RunEnd status) {
        return new RunRow(
                plan.variant(),
                plan.seed(),
                status,
                status.isResult() ? work.result() : Map.of(),
                work == null ? List.of() : work.curve(),
                work == null ? 0 : work.seconds(),
                run.runId().orElse(""),
                provenance.shortCommit(),
                work == null ? "" : work.divergence());
    }
}
