package replklab.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import replklab.base.ExitActions;
import replklab.base.Interrupts;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.ProcessLock;
import replklab.base.Provenance;
import replklab.base.UsageException;
import replklab.bench.FreshProcesses;
import replklab.report.ExperimentReport;
import replklab.report.ReportWriter;
import replklab.report.ResultsPage;
import replklab.stats.Effect;
import replklab.stats.RunRow;
import replklab.tensor.Backend;
import replklab.tracking.ActiveRun;
import replklab.tracking.LoggedModel;
import replklab.tracking.RunRecord;
import replklab.tracking.RunSpec;
import replklab.tracking.RunStatus;
import replklab.tracking.RunTags;
import replklab.tracking.Tracker;

/**
 * Runs an experiment: one parent run in MLflow for the execution, one child a variant and seed, and at the end the report
 * in {@code results/PROFILE/EXPERIMENT/}. What an earlier execution finished with the same configuration is not run again,
 * and what it left unfinished goes on from its checkpoint.
 */
public final class ExperimentRunner {
    /** How long a process that is told to stop waits for the checkpoint of the step it is in. */
    private static final Duration LAST_STEP = Duration.ofSeconds(20);

    /** How long the ids of runs may take that MLflow was told of late, before the report goes without. */
    private static final Duration LAST_IDS = Duration.ofSeconds(10);

    private static final String PARENT = "parent";

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
     * @param failed runs that did not finish
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
     * Runs what is not done yet, and writes the report. A run that fails does not end the others. While another process runs the
     * same experiment, this one waits, and then finds done what the other has finished.
     *
     * @param source what started it, for MLflow: a command or a notebook
     * @throws LabException when told to stop; everything computed stays, and the next execution goes on from it
     */
    public Outcome run(Experiment asked, Reuse reuse, String source) {
        return Interrupts.inOrder(() -> runInOrder(asked, reuse, source));
    }

    private Outcome runInOrder(Experiment asked, Reuse reuse, String source) {
        Experiment experiment = Placement.of(results, asked, reuse.stale() == Stale.REPLACE);
        if (!experiment.place().equals(asked.place())) {
            listener.notice("results/" + asked.place() + "/" + asked.name()
                    + " holds results of other settings; these go to results/" + experiment.place() + "/"
                    + asked.name() + " (--replace puts them in the place of the others)");
        }
        AtomicBoolean stopping = new AtomicBoolean();
        try (ExitGuard _ = new ExitGuard(stopping);
                FreshProcesses processes = new FreshProcesses();
                ProcessLock _ = ExperimentLock.take(
                        Sweep.runs(results, experiment),
                        experiment.name(),
                        () -> isStopped(stopping),
                        listener::waits)) {
            return run(experiment, reuse, source, stopping, processes);
        } catch (IOException e) {
            throw new LabException("cannot use " + experiment.folder(results) + ": " + e.getMessage(), e);
        }
    }

    /** The first time that code of the user's own is asked for anything. */
    private static ExperimentData open(Experiment experiment) {
        try {
            return ExperimentData.open(experiment.spec());
        } catch (UsageException e) {
            throw experiment.located(e);
        }
    }

    private Outcome run(
            Experiment experiment, Reuse reuse, String source, AtomicBoolean stopping, FreshProcesses processes) {
        ExperimentSpec spec = experiment.spec();
        Path runs = Sweep.runs(results, experiment);
        Provenance provenance = Provenance.collect(
                        LabHome.root(),
                        Backend.current().description(),
                        experiment.yaml(),
                        spec.seedList(),
                        experiment.profile().toString(),
                        Instant.now())
                .ofSettings(Placement.settings(experiment));
        ExperimentData data = open(experiment);
        RunFreshness fresh = reuse.fresh() ? RunFreshness.now(runs) : RunFreshness.of(runs);
        Sweep sweep = Sweep.look(results, experiment, Optional.of(data), fresh);
        Absences absences = Absences.of(spec, processes::absence);
        sweep.leaveOut(absences.plans());
        absences.reasons().forEach(listener::notice);
        settle(experiment, sweep, reuse.stale());
        List<RunRow> rows = new ArrayList<>();
        SingleRun single = new SingleRun(
                experiment, works(experiment, data, processes), provenance, tracker, sweep, listener, stopping::get);
        if (sweep.isDone()) {
            listener.begin(experiment, sweep.plans(), page(Optional.empty(), experiment));
            for (RunPlan plan : sweep.plans()) {
                rows.add(single.run(plan, rows.size(), null));
            }
            fresh.complete();
            return report(experiment, rows, absences, data, provenance, single, Optional.empty());
        }
        Confirmation.requireEntered(results, experiment);
        data.notices().forEach(notice -> listener.notice("data: " + notice));
        ActiveRun parent = tracker.startRun(parentSpec(experiment, provenance, source), runs.resolve(PARENT));
        RunStatus ending = RunStatus.FAILED;
        try {
            parent.params(Map.of(
                    "profile",
                    experiment.profile(),
                    "seeds",
                    spec.seeds(),
                    "runs",
                    sweep.plans().size()));
            if (!experiment.overrides().isEmpty()) {
                parent.params(Map.of("overrides", String.join(" ", experiment.overrides())));
            }
            parent.about(about(spec));
            parent.artifactText(SingleRun.CONFIGURATION, experiment.logged());
            listener.begin(experiment, sweep.plans(), page(Optional.of(parent), experiment));
            for (RunPlan plan : sweep.plans()) {
                requireGoing(stopping, rows, sweep.plans().size());
                rows.add(single.run(plan, rows.size(), parent));
            }
            requireGoing(stopping, rows, sweep.plans().size());
            Outcome outcome = report(experiment, rows, absences, data, provenance, single, Optional.of(parent));
            if (outcome.failed() == 0) {
                fresh.complete();
                ending = RunStatus.FINISHED;
            }
            return outcome;
        } finally {
            parent.end(ending == RunStatus.FAILED && isStopped(stopping) ? RunStatus.KILLED : ending);
        }
    }

    /** Decides about finished runs that do not match. */
    private void settle(Experiment experiment, Sweep sweep, Stale stale) {
        if (sweep.stale().isEmpty()) {
            return;
        }
        if (stale == Stale.KEEP) {
            sweep.keepStale();
        } else if (stale == Stale.ASK && experiment.profile() == Profile.FULL) {
            throw Stale.question(experiment, sweep.stale(), sweep.staleness());
        }
        if (!sweep.stale().isEmpty()) {
            listener.notice(sweep.stale().size() + " finished runs of " + experiment.name() + " are run again: "
                    + sweep.staleness() + " changed since commit " + String.join(", ", sweep.staleCommits()));
        }
    }

    private Outcome report(
            Experiment experiment,
            List<RunRow> rows,
            Absences absences,
            ExperimentData data,
            Provenance provenance,
            SingleRun single,
            Optional<ActiveRun> parent) {
        if (rows.stream().anyMatch(row -> row.runId().isEmpty())) {
            tracker.flush(LAST_IDS);
        }
        ExperimentReport report = Reports.of(
                experiment,
                withIds(experiment, rows),
                absences.reasons(),
                provenance.finished(Instant.now().plus(single.reused())),
                data.evaluated().map(test -> KeptOutputs.gallery(results, experiment, rows, test, parent.isPresent())));
        Path written = ReportWriter.write(report, experiment.folder(results), tracker.runPages(experiment.name()));
        if (experiment.profile() == Profile.FULL && experiment.isOfficial()) {
            ResultsPage.write(results);
        }
        parent.ifPresent(run -> log(run, report, written));
        int failed = (int) rows.stream().filter(row -> !row.hasResult()).count();
        return new Outcome(report, written, failed, page(parent, experiment));
    }

    /** MLflow may have given some runs their ids only after they had begun, or ended. */
    private List<RunRow> withIds(Experiment experiment, List<RunRow> rows) {
        Path runs = Sweep.runs(results, experiment);
        return rows.stream()
                .map(row -> RunRecord.read(runs.resolve(new RunPlan(row.variant(), row.seed()).folder()))
                        .map(record -> StoredRun.withId(row, record))
                        .orElse(row))
                .toList();
    }

    private RunWork.Maker works(Experiment experiment, ExperimentData data, FreshProcesses processes) {
        if (experiment.spec().isMeasured()) {
            return (plan, run) -> new MeasuringRun(experiment.spec(), plan, run, tracker, processes);
        }
        return (plan, run) -> new TrainingRun(experiment, data.of(plan), plan, run, register, listener);
    }

    private void requireGoing(AtomicBoolean stopping, List<RunRow> rows, int planned) {
        if (isStopped(stopping)) {
            long done = rows.stream().filter(RunRow::hasResult).count();
            String message = "stopped after " + done + " of " + planned + " runs; the same command goes on from there";
            if (stopping.get()) {
                listener.notice(message); // the process ends, perhaps before anybody prints the exception
                throw new LabException("stopped");
            }
            throw new LabException(message);
        }
    }

    private static boolean isStopped(AtomicBoolean stopping) {
        return stopping.get() || Thread.currentThread().isInterrupted();
    }

    /** What an experiment is about, in Markdown; the title plain, since MLflow's list shows it as it is. */
    private static String about(ExperimentSpec spec) {
        return spec.title() + "\n\n" + spec.question();
    }

    private static RunSpec parentSpec(Experiment experiment, Provenance provenance, String source) {
        RunSpec spec = RunSpec.of(
                        experiment.name(), experiment.name() + " " + experiment.profile() + " " + provenance.started())
                .description(about(experiment.spec()))
                .source(source);
        return tagged(spec, experiment, provenance);
    }

    /** Tags that parent and children share; commit, JDK and machine come from the tracker. */
    static RunSpec tagged(RunSpec spec, Experiment experiment, Provenance provenance) {
        RunSpec told =
                experiment.rerunOf().map(run -> spec.tag(RunTags.RERUN_OF, run)).orElse(spec);
        return told.tag(RunTags.PROFILE, experiment.profile().toString())
                .tags(experiment
                        .spec()
                        .inPaper()
                        .map(paper -> Map.of(RunTags.PAPER_TABLE, paper.label()))
                        .orElse(Map.of()))
                .tag(RunTags.BACKEND, provenance.backend())
                .tag("replklab.config_sha256", provenance.config());
    }

    private static void log(ActiveRun parent, ExperimentReport report, Path page) {
        Map<String, Double> effects = ParentMetrics.of(report.runs(), report.metrics());
        for (Effect effect : report.effects()) {
            if (effect.ours().isPresent()) {
                String name = effect.name().replaceAll("[^A-Za-z0-9 ]", "").replace(' ', '_');
                effects.put("effect_" + name, effect.mean());
                effects.put("effect_" + name + "_low", effect.low());
                effects.put("effect_" + name + "_high", effect.high());
            }
        }
        parent.metrics(effects, 0);
        for (String file : Reports.files(page.resolveSibling(""))) {
            parent.artifact(page.resolveSibling(file), "report");
        }
    }

    private String page(Optional<ActiveRun> parent, Experiment experiment) {
        return tracker.uri()
                + parent.flatMap(ActiveRun::page)
                        .or(() -> tracker.experimentPage(experiment.name()))
                        .orElse("");
    }

    /** While open, a process that is told to end first lets the step in hand finish and its checkpoint be written. */
    private static final class ExitGuard implements AutoCloseable {
        private final CountDownLatch done = new CountDownLatch(1);
        private final Runnable action;

        ExitGuard(AtomicBoolean stopping) {
            action = () -> {
                stopping.set(true);
                try {
                    done.await(LAST_STEP.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
            ExitActions.add(ExitActions.Phase.WORK, action);
        }

        @Override
        public void close() {
            done.countDown();
            ExitActions.remove(action);
        }
    }
}
