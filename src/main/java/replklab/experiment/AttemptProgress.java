package replklab.experiment;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import replklab.stats.RunRow;
import replklab.train.Evaluation;

/** Passes on what is heard of runs, and tells it beside the run's folder for whoever looks from another machine. */
final class AttemptProgress implements RunnerListener {
    private static final Pattern TOLD = Pattern.compile("step \\d+ of \\d+, (\\d+) s left");

    private final RunnerListener listener;
    private Attempt attempt;
    private long begin;
    private long firstStep;

    AttemptProgress(RunnerListener listener) {
        this.listener = listener;
    }

    /** The seconds that a run has left, as it has told; -1 where it has not. */
    static long secondsLeft(String told) {
        Matcher parts = TOLD.matcher(told);
        return parts.matches() ? Long.parseLong(parts.group(1)) : -1;
    }

    /** What is heard from now on is of this attempt. */
    void of(Attempt begun) {
        attempt = begun;
        firstStep = -1;
    }

    @Override
    public void step(RunPlan plan, long step, long totalSteps, double loss) {
        long now = System.nanoTime();
        if (firstStep < 0) { // it may go on from a checkpoint
            firstStep = step;
            begin = now;
        } else {
            double each = (now - begin) / 1e9 / (step - firstStep);
            attempt.tell(
                    "step %d of %d, %d s left".formatted(step, totalSteps, Math.round(each * (totalSteps - step))));
        }
        listener.step(plan, step, totalSteps, loss);
    }

    @Override
    public void begin(Experiment experiment, List<RunPlan> plans, String trackerPage) {
        listener.begin(experiment, plans, trackerPage);
    }

    @Override
    public void runBegins(RunPlan plan, int index, boolean reused) {
        listener.runBegins(plan, index, reused);
    }

    @Override
    public void epoch(RunPlan plan, int epoch, Evaluation evaluation) {
        listener.epoch(plan, epoch, evaluation);
    }

    @Override
    public void runEnds(RunPlan plan, RunRow row) {
        listener.runEnds(plan, row);
    }

    @Override
    public void waits(String line) {
        listener.waits(line);
    }

    @Override
    public void notice(String line) {
        listener.notice(line);
    }
}
