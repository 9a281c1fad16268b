package replklab.experiment;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import replklab.stats.CurvePoint;
import replklab.stats.RunRow;
import replklab.tracking.ActiveRun;

/** What one run does: it trains a model, or it measures something. */
interface RunWork extends AutoCloseable {
    /** Makes the work for a run. */
    interface Maker {
        RunWork make(RunPlan plan, ActiveRun run);
    }

    /** How work ended. */
    enum Ending {
        COMPLETE,
        /** Told to stop: another call goes on. */
        STOPPED,
        /** The training diverged, which is its result. */
        DIVERGED
    }

    /** Tells MLflow what is about to happen, besides the configuration. */
    void describe();

    /**
     * Does it, or goes on where an earlier call stopped.
     *
     * @param stop whether to stop as soon as everything computed is safe
     */
    Ending work(BooleanSupplier stop) throws IOException;

    /** Logs the files that a finished run leaves. */
    void keep(RunRow row) throws IOException;

    /** The result of work that is complete or diverged, by metric. */
    Map<String, Double> result();

    /** Where a training diverged, such as {@code at step 7 in stages.0.norm}; empty for all else. */
    default String divergence() {
        return "";
    }

    /** Metrics by epoch so far. */
    List<CurvePoint> curve();

    /** Wall time of the work. */
    double seconds();

    /** Puts back what the work had changed for others. */
    @Override
    void close();
}
