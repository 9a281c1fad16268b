package replklab.experiment;

import java.util.List;
import java.util.Map;
import replklab.bench.BenchCase;
import replklab.bench.Measured;
import replklab.report.Figure;
import replklab.stats.Metric;
import replklab.stats.RunRow;

/** Something that an experiment measures, with its options: an implementation in one case, called again and again. */
interface Measurable {
    /** Ours or a peer, as {@link replklab.bench.FreshProcesses} knows it. */
    String implementation();

    /** What it is asked to compute. */
    BenchCase what();

    /** How long to call it before counting, in milliseconds; once at least. */
    int warmUpMs();

    /** How long to go on calling it, in milliseconds; a few times at least. */
    int measureMs();

    /** What MLflow should know of a measurement, such as the plan of a convolution. */
    Map<String, Object> facts(Measured measured);

    /** The numbers of a measurement, {@link #metrics()} among them. */
    Map<String, Double> numbers(Measured measured);

    /** What to print, the metric that decides first. */
    List<Metric> metrics();

    /** Charts of finished runs. */
    List<Figure> figures(ExperimentSpec spec, List<RunRow> runs);
}
