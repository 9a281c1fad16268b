package replklab.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.Provenance;
import replklab.bench.FreshProcesses;
import replklab.report.ExperimentReport;
import replklab.report.ReportWriter;
import replklab.report.ResultsPage;
import replklab.stats.RunRow;
import replklab.tensor.Backend;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunRecord;
import replklab.tracking.Tracker;

/** One process's work on an experiment: some of its runs, or their report. */
final class Execution implements AutoCloseable {
    /** How long the ids of runs may take that MLflow was told of late, before the report goes without. */
    private static final Duration LAST_IDS = Duration.ofSeconds(10);

    private final Experiment experiment;
    private final Path results;
    private final Tracker tracker;
    private final RunnerListener listener;
    private final ExitGuard guard;
    private final Path runs;
    private final Provenance provenance;
    private final ExperimentData data;
    private final RunFreshness fresh;
    private final Sweep sweep;
    private final FreshProcesses processes = new FreshProcesses();
    private final Absences absences;
    private final SingleRun single;

    /**
     * @param experiment at its place
     * @param plans the runs that this is about
     * @param afresh whether what is finished is run again
     * @param register name of the registered model that each run's model becomes a version of; empty for none
     */
    Execution(
            Experiment experiment,
            List<RunPlan> plans,
            boolean afresh,
            Path results,
            Tracker tracker,
            RunnerListener listener,
            ExitGuard guard,
            String register) {
        this.experiment = experiment;
        this.results = results;
        this.tracker = tracker;
        this.listener = listener;
        this.guard = guard;
        this.runs = Sweep.runs(results, experiment);
        this.provenance = Provenance.collect(
                        LabHome.root(),
                        Backend.current().description(),
                        experiment.yaml(),
                        experiment.spec().seedList(),
                        experiment.profile().toString(),
                        Instant.now())
                .ofSettings(Placement.settings(experiment));
        this.data = ExperimentData.open(experiment);
        this.fresh = afresh ? RunFreshness.now(runs) : RunFreshness.of(runs);
        this.sweep = Sweep.look(results, experiment, plans, Optional.of(data), fresh);
        this.absences = Absences.of(experiment.spec(), processes::absence);
        sweep.leaveOut(absences.plans());
        absences.reasons().forEach(listener::notice);
        AttemptProgress progress = new AttemptProgress(listener);
        this.single = new SingleRun(
                experiment, works(progress, register), provenance, tracker, sweep, progress, guard::isStopping);
    }

    Path runs() {
        return runs;
    }

    Provenance provenance() {
        return provenance;
    }

    Sweep sweep() {
        return sweep;
    }

    /** Key of the parent that processes find which know nothing of each other. */
    String sharedParent() {
        return ParentRun.key(experiment, provenance, fresh);
    }

    private RunWork.Maker works(RunnerListener progress, String register) {
        if (experiment.spec().isMeasured()) {
            return (plan, run) -> new MeasuringRun(experiment.spec(), plan, run, tracker, processes);
        }
        return (plan, run) -> new TrainingRun(experiment, data.of(plan), plan, run, register, progress);
    }

    /** Decides about finished runs that do not match. */
    void settle(Stale stale) {
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

    void tellOfData() {
        data.notices().forEach(notice -> listener.notice("data: " + notice));
    }

    /**
     * Does the runs that are not done, one after the other.
     *
     * @param parent key of the run in MLflow that they lie below; null where all are done
     * @return their results, and those of the ones that were done
     * @throws LabException when told to stop; everything computed stays
     */
    List<RunRow> work(String parent) {
        List<RunRow> rows = new ArrayList<>();
        int planned = sweep.plans().size();
        for (RunPlan plan : sweep.plans()) {
            if (parent != null) {
                requireGoing(rows, planned);
            }
            rows.add(single.run(plan, rows.size(), parent));
        }
        if (parent != null) {
            requireGoing(rows, planned);
        }
        return rows;
    }

    private void requireGoing(List<RunRow> rows, int planned) {
        if (guard.isStopped()) {
            long done = rows.stream().filter(RunRow::hasResult).count();
            String message = "stopped after " + done + " of " + planned + " runs; the same command goes on from there";
            if (guard.isStopping()) {
                listener.notice(message); // the process ends, perhaps before anybody prints the exception
                throw new LabException("stopped");
            }
            throw new LabException(message);
        }
    }

    /** Publishes what attempts left that died: some may have come to their end. */
    void takeUpTheDead() {
        for (RunPlan plan : sweep.plans()) {
            Attempts attempts = new Attempts(sweep.folder(plan));
            if (sweep.done(plan).isEmpty() && attempts.dead().isPresent()) {
                try {
                    attempts.begin().ifPresent(Attempt::close);
                } catch (IOException e) {
                    throw new LabException("cannot use the folder " + sweep.folder(plan) + ": " + e.getMessage(), e);
                }
                sweep.again(plan);
            }
        }
    }

    /** Writes the report of runs, and tells the parent of it, if there is one. */
    ExperimentRunner.Outcome report(List<RunRow> rows, Optional<ActiveRun> parent) {
        if (rows.stream().anyMatch(row -> row.runId().isEmpty())) {
            tracker.flush(LAST_IDS);
        }
        List<RunRow> told = withIds(rows);
        String processors = Processors.report(runs, told);
        if (!processors.isEmpty()) {
            listener.notice("the runs were computed on different processors; the report says which");
        }
        ExperimentReport report = Reports.of(
                experiment,
                told,
                absences.reasons(),
                provenance.finished(Instant.now().plus(single.reused())),
                data.evaluated().map(test -> KeptOutputs.gallery(results, experiment, rows, test, parent.isPresent())),
                processors);
        Path written = ReportWriter.write(report, experiment.folder(results), tracker.runPages(experiment.name()));
        if (experiment.profile() == Profile.FULL && experiment.isOfficial()) {
            ResultsPage.write(results);
        }
        parent.ifPresent(run -> ParentRun.log(run, report, written));
        int failed = (int) rows.stream().filter(row -> !row.hasResult()).count();
        return new ExperimentRunner.Outcome(report, written, failed, page(parent));
    }

    /** Every run counts from here on. */
    void complete() {
        fresh.complete();
    }

    @Override
    public void close() {
        processes.close();
    }

    /** MLflow may have given some runs their ids only after they had begun, or ended. */
    private List<RunRow> withIds(List<RunRow> rows) {
        return rows.stream()
                .map(row -> RunRecord.read(runs.resolve(new RunPlan(row.variant(), row.seed()).folder()))
                        .map(record -> StoredRun.withId(row, record))
                        .orElse(row))
                .toList();
    }

    /** The execution's page in MLflow; empty where there is none to be told. */
    String page(Optional<ActiveRun> parent) {
        if (tracker.isSilent()) {
            return "";
        }
        return tracker.uri()
                + parent.flatMap(ActiveRun::page)
                        .or(() -> tracker.experimentPage(experiment.name()))
                        .orElse("");
    }
}
