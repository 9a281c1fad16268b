package replklab.experiment;

import java.util.List;
import java.util.Map;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.stats.Metric;

/**
 * Something that a trained model is asked besides its accuracy, with its options: {@code evaluate} in an experiment's file. A class
 * needs a public constructor that takes {@link replklab.base.Options}, or nothing.
 */
public interface Probe {
    /** What to print of it. */
    List<Metric> metrics();

    /**
     * Throws unless it can be asked of an experiment's models.
     *
     * @throws replklab.base.UsageException naming what does not fit
     */
    default void check(ExperimentSpec spec) {}

    /**
     * Asks.
     *
     * @param model as training left it, in evaluation mode; stays as it is
     * @param data what it was trained and tested on
     * @return its metrics, {@link #metrics()} among them
     */
    Map<String, Double> ask(Layer model, TrainTest data);
}
