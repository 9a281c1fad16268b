package replklab.experiment;

import java.util.List;
import java.util.Map;
import replklab.report.Figure;
import replklab.stats.Metric;
import replklab.stats.RunRow;

/** Something that an experiment measures, with its options. It is called again and again, and the medians count. */
interface Measurable {
    /** What is ready to be measured, until it is closed. */
    interface Ready extends AutoCloseable {
        /** What MLflow should know of it, such as the plan of a convolution. */
        Map<String, Object> facts();

        /** Does it once. Gives its metrics, {@link #metrics()} among them. */
        Map<String, Double> call();

        @Override
        void close();
    }

    /** How long to call it before counting, in milliseconds; once at least. */
    int warmUpMs();

    /** How long to go on calling it, in milliseconds; a few times at least. */
    int measureMs();

    /** Gets everything ready; whatever is random is drawn from the seed. */
    Ready prepare(long seed);

    /** What to print, the metric that decides first. */
    List<Metric> metrics();

    /** Charts of finished runs. */
    List<Figure> figures(ExperimentSpec spec, List<RunRow> runs);
}
