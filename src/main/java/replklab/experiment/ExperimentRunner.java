package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import replklab.base.Interrupts;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.report.ExperimentReport;
import replklab.stats.RunRow;
import replklab.tracking.ActiveRun;
import replklab.tracking.LoggedModel;
import replklab.tracking.RunStatus;
import replklab.tracking.Tracker;

/**
 * Runs an experiment: one parent run in MLflow for the execution, one child a variant and seed, and at the end the report
 * in {@code results/PROFILE/EXPERIMENT/}. What an earlier execution finished with the same configuration is not run again,
 * and what it left unfinished goes on from its checkpoint.
 *
 * <p>The two steps of it can be had alone, for any number of processes on machines that share the folder: {@link #runIndex} does
 * what one index stands for, {@link #collect} reports what is there.
 */
public final class ExperimentRunner {
    /** How long a server that does not answer holds up a sweep, which then begins without it. */
    private static final Duration ANNOUNCEMENT = Duration.ofSeconds(20);

    private final Tracker tracker;
    private final Path results;
    private final RunnerListener listener;
    private String register = "";

    /**
     * @param tracker where runs are logged
     * @param results the folder {@code results/}
     * @param listener hears how it goes
     */
    public ExperimentRunner(Tracker tracker, Path results, RunnerListener listener) {
        this.tracker = tracker;
        this.results = results;
        this.listener = listener;
    }

    /** This runner, whose trained models become versions of a registered model. */
    public ExperimentRunner register(String name) {
        LoggedModel.requireRegistrable(name);
        register = name;
        return this;
    }

    /**
     * The result of an execution.
     *
     * @param report all that was found
     * @param page the report's page
     * @param failed runs that did not finish, or were never begun
     * @param trackerPage the execution's page in MLflow
     */
    public record Outcome(ExperimentReport report, Path page, int failed, String trackerPage) {}

    /**
     * How to treat what earlier executions left.
     *
     * @param fresh whether to run again what is finished
     * @param stale what to do with finished runs that do not match what would be run now
     */
    public record Reuse(boolean fresh, Stale stale) {
        /** What is finished and matches is not run again. */
        public static final Reuse MATCHING = new Reuse(false, Stale.ASK);
    }

    /** How many runs of an experiment earlier executions have finished with the same settings and library. */
    public static int done(Path results, Experiment experiment) {
        Experiment placed = Placement.of(results, experiment, false);
        return Sweep.look(results, placed, Optional.empty(), RunFreshness.of(Sweep.runs(results, placed)))
                .count();
    }

    /**
     * How many indices an experiment has: one a run. One that measures times has a single one, since its runs are only compared on one
     * machine, one after the other.
     */
    public static int indices(Experiment experiment) {
        return experiment.spec().isMeasured()
                ? 1
                : RunPlan.of(experiment.spec()).size();
    }

    /** Lets what is finished count no more, for all processes that share the folder, until all is run again. */
    public static void afresh(Path results, Experiment experiment) {
        Path runs = Sweep.runs(results, Placement.of(results, experiment, false));
        try {
            Files.createDirectories(runs);
        } catch (IOException e) {
            throw new LabException("cannot make " + runs + ": " + e.getMessage(), e);
        }
        RunFreshness.now(runs);
    }

    /** Tells MLflow of the parent that the runs of other processes will find, and leaves it open for {@link #collect}. */
    public void announce(Experiment asked, String source) {
        Experiment experiment = placed(asked, Stale.ASK);
        try (ExitGuard guard = new ExitGuard();
                ExperimentLock _ = lock(experiment, guard);
                Execution execution = execution(experiment, List.of(), false, guard)) {
            ActiveRun parent = ParentRun.join(tracker, execution.runs(), experiment, execution.provenance(), source);
            tracker.flush(ANNOUNCEMENT); // else every run asks for it in vain
            tracker.leave(parent);
        } catch (IOException e) {
            throw new LabException("cannot write " + experiment.folder(results) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Runs what is not done yet, and writes the report. A run that fails does not end the others. While another process runs the
     * same experiment, this one waits, and then finds done what the other has finished.
     *
     * @param source what started it, for MLflow: a command or a notebook
     * @throws LabException when told to stop; everything computed stays, and the next execution goes on from it
     */
    public Outcome run(Experiment asked, Reuse reuse, String source) {
        return Interrupts.inOrder(() -> {
            Experiment experiment = placed(asked, reuse.stale());
            try (ExitGuard guard = new ExitGuard();
                    ExperimentLock _ = lock(experiment, guard);
                    Execution execution = execution(experiment, RunPlan.of(experiment.spec()), reuse.fresh(), guard)) {
                return run(experiment, execution, reuse, source, guard);
            }
        });
    }

    private Outcome run(Experiment experiment, Execution execution, Reuse reuse, String source, ExitGuard guard) {
        execution.settle(reuse.stale());
        Sweep sweep = execution.sweep();
        if (sweep.isDone()) {
            listener.begin(experiment, sweep.plans(), execution.page(Optional.empty()));
            List<RunRow> rows = execution.work(null);
            execution.complete();
            return execution.report(rows, Optional.empty());
        }
        Confirmation.requireEntered(results, experiment);
        execution.tellOfData();
        ActiveRun parent = ParentRun.start(tracker, execution.runs(), experiment, execution.provenance(), source);
        RunStatus ending = RunStatus.FAILED;
        try {
            listener.begin(experiment, sweep.plans(), execution.page(Optional.of(parent)));
            List<RunRow> rows = execution.work(parent.key());
            Outcome outcome = execution.report(rows, Optional.of(parent));
            if (outcome.failed() == 0) {
                execution.complete();
                ending = RunStatus.FINISHED;
            }
            return outcome;
        } finally {
            parent.end(ending == RunStatus.FAILED && guard.isStopped() ? RunStatus.KILLED : ending);
        }
    }

    /**
     * Does what an index stands for, and nothing else: one run. While another process has it, this one waits, and takes over from its
     * last checkpoint when it dies.
     *
     * @param index from 0 to below {@link #indices}; runs of one seed stand side by side
     * @return the run; of an experiment that measures, all
     * @throws UsageException for an index that there is not
     */
    public List<RunRow> runIndex(Experiment asked, int index, Stale stale) {
        int indices = indices(asked);
        if (index < 0 || index >= indices) {
            throw new UsageException("--index is " + index + "; " + asked.name() + " has "
                    + (indices == 1 ? "index 0 alone" : "indices 0 to " + (indices - 1)) + " at these settings");
        }
        return Interrupts.inOrder(() -> {
            Experiment experiment = placed(asked, stale);
            List<RunPlan> all = RunPlan.of(experiment.spec());
            try (ExitGuard guard = new ExitGuard();
                    Execution execution =
                            execution(experiment, indices == 1 ? all : List.of(all.get(index)), false, guard)) {
                execution.settle(stale);
                if (!execution.sweep().isDone()) {
                    Confirmation.requireEntered(results, experiment);
                }
                execution.tellOfData();
                listener.begin(experiment, execution.sweep().plans(), "");
                return execution.work(execution.sharedParent());
            }
        });
    }

    /**
     * Reports what is there, whoever has done it: finished runs, and those that failed. MLflow is told what the processes that did
     * them could not tell it.
     *
     * @param source what asked for it, for MLflow
     * @throws LabException if nothing is finished; or if something is missing where complete results alone belong, {@code
     *     results/full/}
     */
    public Outcome collect(Experiment asked, Stale stale, String source) {
        return Interrupts.inOrder(() -> {
            Experiment experiment = placed(asked, stale);
            try (ExitGuard guard = new ExitGuard();
                    ExperimentLock _ = lock(experiment, guard);
                    Execution execution = execution(experiment, RunPlan.of(experiment.spec()), false, guard)) {
                execution.takeUpTheDead();
                if (stale == Stale.KEEP) {
                    execution.sweep().keepStale();
                }
                List<RunState> states = RunState.of(execution.sweep());
                List<RunState> missing = requireSomething(experiment, states);
                return collect(execution, experiment, rows(execution.sweep(), states), missing.size(), source);
            }
        });
    }

    private Outcome collect(Execution execution, Experiment experiment, List<RunRow> rows, int missing, String source) {
        ActiveRun parent = ParentRun.join(tracker, execution.runs(), experiment, execution.provenance(), source);
        RunStatus ending = RunStatus.FAILED;
        try {
            tracker.collectKept(execution.runs());
            Outcome outcome = execution.report(rows, Optional.of(parent));
            if (missing == 0) {
                execution.complete();
                ending = RunStatus.FINISHED;
            }
            return new Outcome(outcome.report(), outcome.page(), missing, outcome.trackerPage());
        } finally {
            parent.end(ending);
        }
    }

    /** What is missing, told line by line. */
    private List<RunState> requireSomething(Experiment experiment, List<RunState> states) {
        List<RunState> missing =
                states.stream().filter(state -> !state.isDone()).toList();
        missing.forEach(state -> listener.notice("missing: " + state.line()));
        if (missing.isEmpty()) {
            return missing;
        }
        String count = missing.size() + " of " + states.size() + " runs of " + experiment.name() + " are missing";
        if (missing.size() == states.size()) {
            throw new LabException(count + ": there is nothing to report");
        }
        if (experiment.profile() == Profile.FULL && experiment.isOfficial()) {
            throw new LabException(count + ", and results/full/ has no results of a part: nothing is written there");
        }
        listener.notice(count + "; the report is of the others");
        return missing;
    }

    private static List<RunRow> rows(Sweep sweep, List<RunState> states) {
        List<RunRow> rows = new ArrayList<>();
        for (RunState state : states) {
            sweep.done(state.plan())
                    .map(StoredRun::row)
                    .or(() -> state.failedRow(sweep.folder(state.plan())))
                    .ifPresent(rows::add);
        }
        return rows;
    }

    private Experiment placed(Experiment asked, Stale stale) {
        Experiment experiment = Placement.of(results, asked, stale == Stale.REPLACE);
        if (!experiment.place().equals(asked.place())) {
            listener.notice("results/" + asked.place() + "/" + asked.name()
                    + " holds results of other settings; these go to results/" + experiment.place() + "/"
                    + asked.name() + " (--replace puts them in the place of the others)");
        }
        return experiment;
    }

    private Execution execution(Experiment experiment, List<RunPlan> plans, boolean fresh, ExitGuard guard) {
        return new Execution(experiment, plans, fresh, results, tracker, listener, guard, register);
    }

    private ExperimentLock lock(Experiment experiment, ExitGuard guard) {
        try {
            return ExperimentLock.take(
                    Sweep.runs(results, experiment), experiment.name(), guard::isStopped, listener::waits);
        } catch (IOException e) {
            throw new LabException("cannot use " + experiment.folder(results) + ": " + e.getMessage(), e);
        }
    }
}
