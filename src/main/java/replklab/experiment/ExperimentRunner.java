package replklab.experiment;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.Provenance;
import replklab.data.Datasets;
import replklab.data.TrainTest;
import replklab.report.Effect;
import replklab.report.ExperimentReport;
import replklab.report.ReportWriter;
import replklab.report.ResultsPage;
import replklab.report.RunRow;
import replklab.tensor.Backend;
import replklab.tracking.ActiveRun;
import replklab.tracking.LoggedModel;
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

    /** Subsets of the data are drawn with this seed, the same for all variants and seeds of an experiment. */
    private static final long DATA_SEED = 0;

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

    /** How many runs of an experiment earlier executions have finished with the same configuration. */
    public static int done(Path results, Experiment experiment) {
        Path runs = results.resolve(experiment.profile().toString())
                .resolve(experiment.name())
                .resolve("runs");
        return (int) RunPlan.of(experiment.spec()).stream()
                .filter(plan -> StoredRun.read(runs.resolve(plan.folder()), RunConfig.hash(experiment, plan))
                        .isPresent())
                .count();
    }

    /**
     * Runs what is not done yet, and writes the report. A run that fails does not end the others.
     *
     * @param fresh whether to forget what earlier executions finished
     * @param source what started it, for MLflow: a command or a notebook
     * @throws LabException when told to stop; everything computed stays, and the next execution goes on from it
     */
    public Outcome run(Experiment experiment, boolean fresh, String source) {
        ExperimentSpec spec = experiment.spec();
        List<RunPlan> plans = RunPlan.of(spec);
        Path folder = results.resolve(experiment.profile().toString()).resolve(experiment.name());
        Instant started = Instant.now();
        Provenance provenance = Provenance.collect(
                LabHome.root(),
                Backend.current().description(),
                experiment.yaml(),
                spec.seedList(),
                experiment.profile().toString(),
                started);
        AtomicBoolean stopping = new AtomicBoolean();
        RunWork.Maker works = works(experiment, stopping);
        ActiveRun parent = tracker.startRun(parentSpec(experiment, provenance, source), folder.resolve("runs/parent"));
        RunStatus ending = RunStatus.FAILED;
        try (ExitGuard _ = new ExitGuard(stopping)) {
            parent.params(Map.of("profile", experiment.profile(), "seeds", spec.seeds(), "runs", plans.size()));
            parent.about("**" + spec.title() + "**\n\n" + spec.question());
            parent.artifactText("experiment.yaml", experiment.yaml());
            listener.begin(experiment, plans, page(parent));
            List<Path> folders = plans.stream()
                    .map(plan -> folder.resolve("runs").resolve(plan.folder()))
                    .toList();
            if (fresh) {
                folders.forEach(RunArtifacts::forget);
            }
            SingleRun single = new SingleRun(experiment, works, provenance, tracker, parent, listener, stopping);
            List<RunRow> rows = new ArrayList<>();
            for (int i = 0; i < plans.size(); i++) {
                requireGoing(stopping, rows, plans.size(), fresh);
                rows.add(single.run(plans.get(i), i, folders.get(i)));
            }
            requireGoing(stopping, rows, plans.size(), fresh);
            ExperimentReport report = Reports.of(
                    experiment, rows, provenance.finished(Instant.now().plus(single.reused())));
            Path written = new ReportWriter(results).write(report);
            if (experiment.profile() == Profile.FULL) {
                ResultsPage.write(results);
            }
            log(parent, report, written);
            int failed = (int) rows.stream().filter(row -> !isFinished(row)).count();
            ending = failed == 0 ? RunStatus.FINISHED : RunStatus.FAILED;
            return new Outcome(report, written, failed, page(parent));
        } finally {
            parent.end(ending == RunStatus.FAILED && isStopped(stopping) ? RunStatus.KILLED : ending);
        }
    }

    private RunWork.Maker works(Experiment experiment, AtomicBoolean stopping) {
        if (experiment.spec().isMeasured()) {
            AtomicBoolean warm = new AtomicBoolean();
            return (plan, run) -> {
                if (!warm.getAndSet(true)) {
                    MeasuringRun.warmUp(experiment.spec(), stopping::get);
                }
                return new MeasuringRun(experiment.spec(), plan, run, tracker);
            };
        }
        TrainTest data = Datasets.open(experiment.spec().data(), DATA_SEED);
        TrainTest dense = denseData(experiment.spec(), data);
        return (plan, run) -> new TrainingRun(experiment, data, dense, plan, run, register, listener);
    }

    /** The images of the second stage: the first one's, unless it has its own. */
    private static TrainTest denseData(ExperimentSpec spec, TrainTest data) {
        return spec.isFinetuned() && spec.finetune().data() != null
                ? Datasets.open(spec.finetune().data(), DATA_SEED)
                : data;
    }

    private void requireGoing(AtomicBoolean stopping, List<RunRow> rows, int planned, boolean fresh) {
        if (isStopped(stopping)) {
            long done = rows.stream().filter(ExperimentRunner::isFinished).count();
            String message = "stopped after " + done + " of " + planned + " runs; the same command"
                    + (fresh ? " without --fresh" : "") + " goes on from there";
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

    private static boolean isFinished(RunRow row) {
        return row.status() == replklab.report.RunStatus.FINISHED;
    }

    private static RunSpec parentSpec(Experiment experiment, Provenance provenance, String source) {
        RunSpec spec = RunSpec.of(
                        experiment.name(), experiment.name() + " " + experiment.profile() + " " + provenance.started())
                .description("**" + experiment.spec().title() + "**\n\n"
                        + experiment.spec().question())
                .source(source);
        return tagged(spec, experiment, provenance);
    }

    /** Tags that parent and children share; commit, JDK and machine come from the tracker. */
    static RunSpec tagged(RunSpec spec, Experiment experiment, Provenance provenance) {
        return spec.tag(RunTags.PROFILE, experiment.profile().toString())
                .tag(RunTags.PAPER_TABLE, experiment.spec().paper().label())
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

    private String page(ActiveRun run) {
        return tracker.uri() + run.page().orElse("");
    }

    /** While open, a process that is told to end first lets the step in hand finish and its checkpoint be written. */
    private static final class ExitGuard implements AutoCloseable {
        private final CountDownLatch done = new CountDownLatch(1);
        private final Thread hook;

        ExitGuard(AtomicBoolean stopping) {
            hook = new Thread(
                    () -> {
                        stopping.set(true);
                        try {
                            done.await(LAST_STEP.toMillis(), TimeUnit.MILLISECONDS);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "last-step");
            Runtime.getRuntime().addShutdownHook(hook);
        }

        @Override
        public void close() {
            done.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The process ends: the hook has done its work.
            }
        }
    }
}
