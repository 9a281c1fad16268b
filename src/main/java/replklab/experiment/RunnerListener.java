package replklab.experiment;

import java.util.List;
import replklab.stats.RunRow;
import replklab.train.Evaluation;

/** Hears how an experiment goes; called on the thread that runs it. */
public interface RunnerListener {
    /** Before the first run. */
    default void begin(Experiment experiment, List<RunPlan> plans, String trackerPage) {}

    /** A run begins; {@code reused} if an earlier execution has finished it already. */
    default void runBegins(RunPlan plan, int index, boolean reused) {}

    /** A step of a run is done. */
    default void step(RunPlan plan, long step, long totalSteps, double loss) {}

    /** An epoch of a run is done; epochs are counted through its stages, from 1. */
    default void epoch(RunPlan plan, int epoch, Evaluation evaluation) {}

    /** A run has ended, well or not. */
    default void runEnds(RunPlan plan, RunRow row) {}

    /** Somebody else works on the same experiment: this one waits, and then goes on. */
    default void waits(String line) {
        notice(line);
    }

    /** Something the user should know, in one line. */
    default void notice(String line) {}
}
