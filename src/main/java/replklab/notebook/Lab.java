package replklab.notebook;

import java.util.List;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.experiment.Experiment;
import replklab.experiment.ExperimentRunner;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;
import replklab.experiment.TrackedComparison;
import replklab.report.ExperimentReport;
import replklab.report.RunComparison;
import replklab.tracking.Tracker;

/** What a cell calls to do the work of {@code ./lab run}, with a live chart in place of the progress bar. */
public final class Lab {
    private Lab() {}

    /**
     * Runs an experiment in the profile that {@code ./lab notebook --profile} names, {@code quick} by default. Finished
     * runs are not run again; interrupting the cell keeps what is computed, and running it again goes on.
     *
     * @param experiment name of a file in {@code experiments/}
     * @return tables, effects and figures of the result
     */
    public static ExperimentReport run(String experiment) {
        return run(experiment, Profile.ofEnvironment());
    }

    /**
     * Runs of MLflow side by side, to be filtered, pivoted, drawn and tested; see {@link replklab.report.ComparisonTables}.
     *
     * @param experiments names; none for all that MLflow has
     */
    public static RunComparison compare(String... experiments) {
        try (Tracker tracker = Tracker.open()) {
            tracker.sendKept(LabHome.resolve("results"));
            return TrackedComparison.read(tracker.query(), List.of(experiments));
        }
    }

    /** Runs an experiment in a given profile. */
    public static ExperimentReport run(String name, Profile profile) {
        Experiment experiment = Experiments.load(name, profile);
        try (Tracker tracker = Tracker.open();
                LiveExperiment live = new LiveExperiment()) {
            tracker.sendKept(LabHome.resolve("results"));
            ExperimentRunner.Outcome outcome =
                    new ExperimentRunner(tracker, LabHome.resolve("results"), live).run(experiment, false, "notebook");
            if (outcome.failed() > 0) {
                throw new LabException(
                        outcome.failed() + " runs of " + name + " did not finish; see " + outcome.page());
            }
            return outcome.report();
        }
    }
}
