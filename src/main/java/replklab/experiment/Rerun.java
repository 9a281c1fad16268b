package replklab.experiment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.conv.DepthwisePlan;
import replklab.conv.DepthwisePlanner;
import replklab.tracking.LoggedRun;
import replklab.tracking.RunQuery;
import replklab.tracking.RunTags;
import replklab.tracking.Tracker;

/**
 * Repeats a logged run from what it logged of itself: its resolved configuration, seed and variant, and the plan of its depthwise
 * convolutions; and compares the numbers to the last bit.
 */
public final class Rerun {
    private static final String PLAN = SingleRun.DEPTHWISE_PLAN;

    private final Tracker tracker;
    private final RunQuery query;
    private final LoggedRun logged;
    private final Experiment experiment;
    private final RunPlan plan;
    private final Optional<DepthwisePlan> depthwise;
    private final RunIdentity here;

    private Rerun(
            Tracker tracker,
            LoggedRun logged,
            Experiment experiment,
            RunPlan plan,
            Optional<DepthwisePlan> depthwise,
            RunIdentity here) {
        this.tracker = tracker;
        this.query = tracker.query();
        this.logged = logged;
        this.experiment = experiment;
        this.plan = plan;
        this.depthwise = depthwise;
        this.here = here;
    }

    /** The same as {@link #of(Tracker, LoggedRun, List)} for a run whose classes lie where they lay. */
    public static Rerun of(Tracker tracker, LoggedRun logged) {
        return of(tracker, logged, List.of());
    }

    /**
     * Reads what the repetition needs.
     *
     * @param classPath where classes of the user's own lie, besides where the run found them; those places may be gone, if there are
     *     any here
     * @throws UsageException if the run cannot be repeated, saying why
     */
    public static Rerun of(Tracker tracker, LoggedRun logged, List<Path> classPath) {
        RunQuery query = tracker.query();
        if (!logged.tags().containsKey(RunTags.VARIANT) || !logged.tags().containsKey(RunTags.SEED)) {
            throw cannot(logged, "it is no run of one variant and seed; those below it can be repeated", null);
        }
        if (!logged.isFinished()) {
            throw cannot(logged, "it is " + logged.ending() + ", and has no numbers to come back to", null);
        }
        String yaml = logged.artifact(query, SingleRun.CONFIGURATION)
                .orElseThrow(() -> cannot(
                        logged, "it has no artifact " + SingleRun.CONFIGURATION + ": ./lab run did not make it", null));
        try {
            Experiment whole = Experiments.parse(logged.experiment(), yaml, null, classPath);
            RunPlan plan = plan(whole, logged);
            Experiment one = whole.again(plan, logged.runId());
            Optional<DepthwisePlan> depthwise = logged.artifact(query, PLAN)
                    .filter(text -> !text.isBlank())
                    .map(text -> DepthwisePlan.parse(text, "artifact " + PLAN + " of the run " + logged.runId()));
            RunIdentity here =
                    RunIdentity.of(one, plan, ExperimentData.open(one.spec()).digest(plan));
            return new Rerun(tracker, logged, one, plan, depthwise, here);
        } catch (LabException e) {
            throw cannot(logged, e.getMessage(), e);
        }
    }

    private static RunPlan plan(Experiment whole, LoggedRun logged) {
        String variant = logged.tags().get(RunTags.VARIANT);
        String seed = logged.tags().get(RunTags.SEED);
        return RunPlan.of(whole.spec()).stream()
                .filter(plan -> plan.label().equals(variant)
                        && String.valueOf(plan.seed()).equals(seed))
                .findFirst()
                .orElseThrow(() -> new LabException(
                        "its " + SingleRun.CONFIGURATION + " has no variant '" + variant + "' with seed " + seed));
    }

    private static UsageException cannot(LoggedRun logged, String why, LabException cause) {
        UsageException error = new UsageException("the run " + logged.runId() + " (" + logged.experiment() + ", "
                + logged.name() + ") cannot be repeated: " + why);
        if (cause != null) {
            error.initCause(cause);
        }
        return error;
    }

    /** In what the run's provenance is not what there is here. */
    public List<ProvenanceCheck> provenance() {
        return ProvenanceCheck.of(logged, here, tracker, query);
    }

    /** Whether it measures times, which do not repeat. */
    public boolean isMeasured() {
        return experiment.spec().isMeasured();
    }

    /** Whether the run's choices of algorithms are known; without them the last bits may differ. */
    public boolean hasPlan() {
        return depthwise.isPresent();
    }

    /**
     * The result of a repetition.
     *
     * @param again the repetition as a run of its own
     * @param metrics side by side
     */
    public record Outcome(LoggedRun again, List<MetricCheck> metrics) {
        public Outcome {
            metrics = List.copyOf(metrics);
        }

        /** Whether everything that counts is the same to the last bit; false where nothing counts. */
        public boolean isSame() {
            return metrics.stream().anyMatch(metric -> !metric.timing())
                    && metrics.stream().allMatch(metric -> metric.timing() || metric.isSame());
        }
    }

    /**
     * Runs it again, as a run of its own in {@code results/rerun/RUN_ID/}.
     *
     * @throws UsageException if this machine cannot compute as the run did
     * @throws LabException if the repetition does not come to its end
     */
    public Outcome repeat(Path results, RunnerListener listener) {
        try {
            depthwise.ifPresent(DepthwisePlanner.current()::replay);
        } catch (LabException e) {
            throw cannot(logged, e.getMessage(), e);
        }
        ExperimentRunner.Reuse anew = new ExperimentRunner.Reuse(true, Stale.REPLACE);
        try {
            new ExperimentRunner(tracker, results, listener).run(experiment, anew, "lab rerun " + logged.runId());
        } finally {
            DepthwisePlanner.current().endReplay();
        }
        Path folder = Sweep.runs(results, experiment).resolve(plan.folder());
        LoggedRun again = LoggedRun.in(folder)
                .filter(LoggedRun::isFinished)
                .orElseThrow(() ->
                        new LabException("the repetition of " + logged.runId() + " did not finish; see " + folder));
        return new Outcome(again, MetricCheck.of(logged.history(query), again.history(query), isMeasured()));
    }
}
