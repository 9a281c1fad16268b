package replklab.experiment;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import replklab.base.ExitActions;
import replklab.base.LabException;
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

    static final String ERROR = "replklab.error";
    private static final int LOOK_EVERY_MS = 500;

    private final Experiment experiment;
    private final RunWork.Maker works;
    private final Provenance provenance;
    private final Tracker tracker;
    private final Sweep sweep;
    private final RunnerListener listener;
    private final BooleanSupplier stopping;
    private final AttemptProgress progress;
    private Duration reused = Duration.ZERO;

    /**
     * @param sweep which runs there are and what of them is done
     * @param listener hears how it goes, and tells it to whoever looks from elsewhere
     */
    SingleRun(
            Experiment experiment,
            RunWork.Maker works,
            Provenance provenance,
            Tracker tracker,
            Sweep sweep,
            AttemptProgress listener,
            BooleanSupplier stopping) {
        this.experiment = experiment;
        this.works = works;
        this.provenance = provenance;
        this.tracker = tracker;
        this.sweep = sweep;
        this.listener = listener;
        this.progress = listener;
        this.stopping = stopping;
    }

    /**
     * The result of a run; a stop leaves its checkpoint and counts as killed. While another process has the run, this one waits.
     *
     * @param parent key of the run in MLflow that it lies below
     */
    RunRow run(RunPlan plan, int index, String parent) {
        Optional<Attempt> begun = sweep.done(plan).isPresent() ? Optional.empty() : begin(plan);
        Optional<StoredRun> done = sweep.done(plan);
        listener.runBegins(plan, index, done.isPresent());
        if (done.isPresent()) {
            begun.ifPresent(Attempt::close);
            RunRow row = done.get().row();
            reused = reused.plusMillis(Math.round(1000 * row.seconds()));
            listener.runEnds(plan, row);
            return row;
        }
        try (Attempt attempt = begun.orElseThrow()) {
            RunRow row = attempt(plan, attempt, parent);
            listener.runEnds(plan, row);
            return row;
        }
    }

    /** Takes the run as soon as nobody else has it; empty if somebody else has finished it. */
    private Optional<Attempt> begin(RunPlan plan) {
        Attempts attempts = new Attempts(sweep.folder(plan));
        boolean told = false;
        try {
            while (true) {
                Optional<Attempt> begun = attempts.begin();
                sweep.again(plan);
                if (begun.isPresent() || sweep.done(plan).isPresent()) {
                    return begun;
                }
                if (!told) {
                    listener.waits(plan.name() + " is being run already"
                            + attempts.alive()
                                    .map(holder -> ", by " + holder.process().shown())
                                    .orElse("")
                            + ": waiting for it, to share what it finishes");
                    told = true;
                }
                if (stopping.getAsBoolean()) {
                    throw new LabException("stopped while waiting for the other attempt at " + plan.name());
                }
                Thread.sleep(LOOK_EVERY_MS);
            }
        } catch (IOException e) {
            throw new LabException("cannot use the folder " + sweep.folder(plan) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("stopped while waiting for the other attempt at " + plan.name(), e);
        }
    }

    private RunRow attempt(RunPlan plan, Attempt attempt, String parent) {
        ActiveRun run = begin(plan, attempt, parent);
        DepthwisePlanner.current().forget(); // what is used from here on belongs to this run
        RunRow row = row(plan, run, null, RunEnd.FAILED);
        try {
            try (SystemMetrics _ = experiment.spec().isMeasured()
                    ? SystemMetrics.none(run)
                    : SystemMetrics.start(run, run.record().nextStep(SystemMetrics.MEMORY))) {
                row = work(plan, run, attempt);
            }
        } finally {
            row = publish(plan, run, attempt, row);
            Tape.releaseMemory(); // the next variant has other shapes
        }
        return row;
    }

    /** Ends the run and puts it where it belongs, unless another attempt was first. */
    private RunRow publish(RunPlan plan, ActiveRun run, Attempt attempt, RunRow row) {
        try {
            if (!attempt.check()) {
                run.end(inMlflow(row.status()));
            }
            if (attempt.publish(to -> tracker.move(run, to))) {
                return row;
            }
            tracker.leave(run);
        } catch (IOException e) {
            throw new LabException("cannot publish the run in " + attempt.folder() + ": " + e.getMessage(), e);
        }
        sweep.again(plan);
        Optional<RunRow> others = sweep.done(plan).map(StoredRun::row);
        listener.notice(plan.name() + ": another attempt has "
                + (others.isPresent() ? "finished it first" : "taken it over") + ", so this one stops");
        return others.orElse(row(plan, run, null, RunEnd.KILLED));
    }

    /** MLflow has no word for a run that diverged: it has done what it could, and its tags say the rest. */
    private static RunStatus inMlflow(RunEnd status) {
        return status.isResult() ? RunStatus.FINISHED : RunStatus.valueOf(status.name());
    }

    /** How long the runs took that earlier executions had finished. */
    Duration reused() {
        return reused;
    }

    private RunRow work(RunPlan plan, ActiveRun run, Attempt attempt) {
        RunWork work = null;
        progress.of(attempt);
        try {
            work = works.make(plan, run);
            run.params(RunConfig.params(experiment, plan));
            if (!RunIdentity.currentDevice().isEmpty()) {
                run.params(Map.of("device", Backend.current().description()));
            }
            work.describe();
            run.artifactText(CONFIGURATION, experiment.logged());
            SourceDiff.current().ifPresent(patch -> run.artifactText(SOURCE_DIFF, patch));
            RunWork.Ending ending = work.work(() -> stopping.getAsBoolean() || attempt.isLost());
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
            if (attempt.check()) {
                return row(plan, run, work, RunEnd.KILLED); // somebody else has taken the folder
            }
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

    /** The run that its place holds, if it is this one and was stopped; else a new one. */
    private ActiveRun begin(RunPlan plan, Attempt attempt, String parent) {
        ActiveRun run = begun(plan, attempt, parent);
        Processors.note(run);
        return run;
    }

    private ActiveRun begun(RunPlan plan, Attempt attempt, String parent) {
        Path place = sweep.folder(plan);
        if (sweep.goesOn(plan)) {
            Optional<ActiveRun> resumed = tracker.resumeRun(attempt.folder(), place);
            if (resumed.isPresent()) {
                RunRecord record = resumed.get().record();
                Optional.ofNullable(record.tags().get(ERROR))
                        .filter(error -> !error.startsWith("gone on after: "))
                        .ifPresent(error -> resumed.get().tags(Map.of(ERROR, "gone on after: " + error)));
                return resumed.get();
            }
        }
        if (sweep.isDamaged(plan)) {
            listener.notice(plan.name() + ": the log in " + place
                    + " is damaged, so the run is done again; what is there is kept beside it");
        }
        RunSpec spec = ParentRun.tagged(
                        RunSpec.of(experiment.name(), plan.name())
                                .variant(plan.label())
                                .seed(plan.seed()),
                        experiment,
                        provenance)
                .tags(sweep.identity(plan).tags());
        return tracker.startChild(parent, spec, attempt.folder(), place);
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
