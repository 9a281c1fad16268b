package replklab.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import replklab.base.Shown;
import replklab.base.UsageException;
import replklab.report.Metric;

/**
 * An experiment ready to run: what its file says, in one profile.
 *
 * @param name of the file without its ending, and of the MLflow experiment
 * @param profile how much work
 * @param spec what to do
 * @param yaml the resolved configuration as YAML, whose hash stamps the results
 */
public record Experiment(String name, Profile profile, ExperimentSpec spec, String yaml) {
    /** The key of a logged configuration that names the experiment. */
    static final String NAME_KEY = "experiment";

    /** The key of a logged configuration that names the profile it came from. */
    static final String PROFILE_KEY = "profile";

    /** A name is a folder's, too: it must not lead out of the one that it is made in. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,99}");

    public Experiment {
        if (!NAME.matcher(name).matches()) {
            throw new UsageException("an experiment cannot be called '" + Shown.of(name)
                    + "'; a name has up to 100 letters, digits, spaces and . _ -, and begins with a letter or digit");
        }
    }

    /** The resolved configuration as a file that says everything: {@link Experiments#loadFile} gives this experiment back. */
    public String logged() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put(NAME_KEY, name);
        names.put(PROFILE_KEY, profile.toString());
        return Experiments.headed(names, yaml);
    }

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
