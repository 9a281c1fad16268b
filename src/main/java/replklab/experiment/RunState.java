package replklab.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import replklab.base.Lease;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.tracking.RunRecord;

/**
 * Where a run of an experiment stands, as the folder tells that all machines share.
 *
 * @param index that it is run by
 * @param detail what there is to say besides; may be empty
 * @param seconds that it took if it is done, or has left if it is running; -1 where nobody knows
 */
public record RunState(RunPlan plan, int index, Kind kind, String detail, double seconds) {
    /** In the order in which a run may pass through them. */
    public enum Kind {
        /** Never begun. */
        WAITING,
        /** A live process has it. */
        RUNNING,
        /** A process let go of it, or died; another goes on. */
        STOPPED,
        FAILED,
        /** By another version of the library, on other data: it does not count. */
        STALE,
        DIVERGED,
        FINISHED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The runs of an experiment in order; the images are not looked at. */
    public static List<RunState> of(Path results, Experiment experiment) {
        Experiment placed = Placement.of(results, experiment, false);
        return of(Sweep.look(results, placed, Optional.empty(), RunFreshness.of(Sweep.runs(results, placed))));
    }

    static List<RunState> of(Sweep sweep) {
        List<RunState> states = new ArrayList<>();
        for (RunPlan plan : sweep.plans()) {
            states.add(of(sweep, plan, states.size()));
        }
        return states;
    }

    private static RunState of(Sweep sweep, RunPlan plan, int index) {
        Optional<StoredRun> done = sweep.done(plan);
        if (done.isPresent()) {
            RunRow row = done.get().row();
            Kind kind = row.status() == RunEnd.DIVERGED ? Kind.DIVERGED : Kind.FINISHED;
            return new RunState(plan, index, kind, row.divergence(), row.seconds());
        }
        Attempts attempts = new Attempts(sweep.folder(plan));
        Optional<Lease.Holder> alive = attempts.alive();
        if (alive.isPresent()) {
            String doing = alive.get().doing();
            String detail = alive.get().process().shown() + (doing.isEmpty() ? "" : ", " + doing);
            return new RunState(plan, index, Kind.RUNNING, detail, AttemptProgress.secondsLeft(doing));
        }
        if (sweep.isStale(plan)) {
            return new RunState(plan, index, Kind.STALE, sweep.staleness(plan) + " changed since", -1);
        }
        Path folder = attempts.dead().orElse(sweep.folder(plan));
        Optional<RunRecord> there = RunRecord.read(folder).filter(sweep::isFresh);
        if (there.isEmpty()) {
            return new RunState(plan, index, Kind.WAITING, "", -1);
        }
        return switch (there.get().status()) {
            case FAILED -> new RunState(plan, index, Kind.FAILED, error(there.get()), -1);
            case FINISHED -> new RunState(plan, index, Kind.STOPPED, "finished, and not put in its place yet", -1);
            default -> new RunState(plan, index, Kind.STOPPED, "", -1);
        };
    }

    private static String error(RunRecord run) {
        return run.tags().getOrDefault(SingleRun.ERROR, "").lines().findFirst().orElse("");
    }

    /** Whether it has a result that counts. */
    public boolean isDone() {
        return kind == Kind.FINISHED || kind == Kind.DIVERGED;
    }

    /** In one line. */
    public String line() {
        return "index " + index + ", " + plan.name() + ": " + kind + (detail.isEmpty() ? "" : " (" + detail + ")");
    }

    /** The row of a run that failed; empty for any other. */
    Optional<RunRow> failedRow(Path folder) {
        return kind != Kind.FAILED
                ? Optional.empty()
                : RunRecord.read(folder)
                        .map(run -> new RunRow(
                                plan.variant(),
                                plan.seed(),
                                RunEnd.FAILED,
                                Map.of(),
                                RunArtifacts.points(run),
                                0,
                                run.runId().orElse(""),
                                null));
    }
}
