package replklab.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import replklab.tracking.RunRecord;

/** The runs of one execution of an experiment: their folders, what of them earlier executions left, and what of that counts. */
final class Sweep {
    private static final String RUNS = "runs";

    private final Path runs;
    private final boolean withData;
    private final RunFreshness fresh;
    private boolean keep;
    private final Map<RunPlan, RunIdentity> identities = new LinkedHashMap<>();
    private final Map<RunPlan, StoredRun> done = new LinkedHashMap<>();
    private final Map<RunPlan, StoredRun> stale = new LinkedHashMap<>();
    private final Map<RunPlan, RunRecord> stopped = new LinkedHashMap<>();
    private final Map<RunPlan, RunRecord> damaged = new LinkedHashMap<>();

    private Sweep(Path runs, boolean withData, RunFreshness fresh) {
        this.runs = runs;
        this.withData = withData;
        this.fresh = fresh;
    }

    /** The folder that the folders of an experiment's runs lie in. */
    static Path runs(Path results, Experiment experiment) {
        return experiment.folder(results).resolve(RUNS);
    }

    /**
     * Looks at what is there.
     *
     * @param data the images; empty not to compare them
     */
    static Sweep look(Path results, Experiment experiment, Optional<ExperimentData> data, RunFreshness fresh) {
        return look(results, experiment, RunPlan.of(experiment.spec()), data, fresh);
    }

    /** The same of some of its runs. */
    static Sweep look(
            Path results,
            Experiment experiment,
            List<RunPlan> plans,
            Optional<ExperimentData> data,
            RunFreshness fresh) {
        Sweep sweep = new Sweep(runs(results, experiment), data.isPresent(), fresh);
        Map<String, String> digests = new HashMap<>();
        for (RunPlan plan : plans) {
            // Variants of a seed share their images, unless it is their number that varies.
            String drawn = plan.seed() + " " + plan.variant().get(ExperimentSpec.EXAMPLES);
            String digest = data.map(images -> digests.computeIfAbsent(drawn, _ -> images.digest(plan)))
                    .orElse("");
            sweep.look(plan, RunIdentity.of(experiment, plan, digest));
        }
        return sweep;
    }

    /** Forgets runs that cannot be done here, but for those that an earlier execution has finished. */
    void leaveOut(Set<RunPlan> plans) {
        for (RunPlan plan : plans) {
            if (!done.containsKey(plan)) {
                identities.remove(plan);
                stale.remove(plan);
            }
        }
    }

    /** Looks at a run once more: another process may have gone on with it. */
    void again(RunPlan plan) {
        done.remove(plan);
        stale.remove(plan);
        stopped.remove(plan);
        damaged.remove(plan);
        look(plan, identities.get(plan));
        if (keep) {
            keepStale();
        }
    }

    private void look(RunPlan plan, RunIdentity identity) {
        identities.put(plan, identity);
        Optional<RunRecord> there = RunRecord.read(folder(plan)).filter(fresh::counts);
        Optional<StoredRun> stored = there.flatMap(StoredRun::of);
        if (stored.isPresent()) {
            RunIdentity made = stored.get().identity();
            List<String> differences = identity.differences(made);
            if (!withData) {
                differences.remove(RunIdentity.THE_DATA);
            }
            (differences.isEmpty() ? done : stale).put(plan, stored.get());
            return;
        }
        there.filter(run -> run.result().isEmpty())
                .filter(run -> RunIdentity.of(run).equals(Optional.of(identity)))
                .ifPresent(run -> (run.isDamaged() ? damaged : stopped).put(plan, run));
    }

    Path folder(RunPlan plan) {
        return runs.resolve(plan.folder());
    }

    RunIdentity identity(RunPlan plan) {
        return identities.get(plan);
    }

    /** The finished run that counts, if there is one. */
    Optional<StoredRun> done(RunPlan plan) {
        return Optional.ofNullable(done.get(plan));
    }

    /** Whether an unfinished run lies there with this identity. */
    boolean goesOn(RunPlan plan) {
        return stopped.containsKey(plan);
    }

    /** Whether an unfinished run lies there whose log has lost something, so that it must be done again. */
    boolean isDamaged(RunPlan plan) {
        return damaged.containsKey(plan);
    }

    int count() {
        return done.size();
    }

    boolean isDone() {
        return done.size() == identities.size();
    }

    /** Names of the finished runs that do not match. */
    List<String> stale() {
        return stale.keySet().stream().map(RunPlan::name).toList();
    }

    /** Whether a finished run lies there that does not match. */
    boolean isStale(RunPlan plan) {
        return stale.containsKey(plan);
    }

    /** What has changed since that was made, in words. */
    String staleness(RunPlan plan) {
        return String.join(
                " and ", identities.get(plan).differences(stale.get(plan).identity()));
    }

    /** Whether a run was begun late enough to count. */
    boolean isFresh(RunRecord run) {
        return fresh.counts(run);
    }

    /** What has changed since the finished runs that do not match were made, in words. */
    String staleness() {
        TreeSet<String> differences = new TreeSet<>();
        stale.forEach((plan, run) -> differences.addAll(identities.get(plan).differences(run.identity())));
        return differences.stream().collect(Collectors.joining(" and "));
    }

    /** Commits at which the finished runs that do not match were made. */
    List<String> staleCommits() {
        return stale.values().stream().map(run -> run.row().commit()).distinct().toList();
    }

    /** Lets the finished runs that do not match count as they are, but for those of other settings, which are another experiment's. */
    void keepStale() {
        keep = true;
        stale.forEach((plan, run) -> {
            if (identities.get(plan).settings().equals(run.identity().settings())) {
                done.put(plan, run);
            }
        });
        stale.keySet().removeAll(done.keySet());
    }

    /** The plans in order. */
    List<RunPlan> plans() {
        return new ArrayList<>(identities.keySet());
    }
}
