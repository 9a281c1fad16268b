package replklab.experiment;

import java.util.List;
import replklab.report.Metric;

/**
 * An experiment ready to run: what its file says, in one profile.
 *
 * @param name of the file without its ending, and of the MLflow experiment
 * @param profile how much work
 * @param spec what to do
 * @param yaml the resolved configuration as YAML: what is logged, and whose hash stamps the results
 */
public record Experiment(String name, Profile profile, ExperimentSpec spec, String yaml) {
    /** The metric that decides, which every finished run has. */
    public Metric metric() {
        return Reports.metrics(spec).getFirst();
    }

    /** The metrics that its trainings measure after each epoch, a stage of a run each; none where runs measure. */
    public List<Metric> learned() {
        return spec.isMeasured() ? List.of() : Reports.learned(spec);
    }

    /**
     * The same experiment with other seeds.
     *
     * @param seeds number of seeds
     * @param first the first of them
     */
    public Experiment withSeeds(int seeds, long first) {
        return new Experiment(name, profile, spec.withSeeds(seeds, first), Experiments.withSeeds(yaml, seeds, first));
    }
}
