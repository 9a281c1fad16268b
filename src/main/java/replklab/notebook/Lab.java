package replklab.notebook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import replklab.base.Interrupts;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.data.TrainTest;
import replklab.experiment.Experiment;
import replklab.experiment.ExperimentRunner;
import replklab.experiment.Experiments;
import replklab.experiment.OwnTraining;
import replklab.experiment.Profile;
import replklab.experiment.RunIds;
import replklab.experiment.Stale;
import replklab.experiment.TrackedComparison;
import replklab.nn.Layer;
import replklab.report.ExperimentReport;
import replklab.stats.RunComparison;
import replklab.stats.RunRow;
import replklab.tensor.Tape;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunSpec;
import replklab.tracking.RunStatus;
import replklab.tracking.RunTags;
import replklab.tracking.Tracker;
import replklab.train.Evaluation;
import replklab.train.Trainer;
import replklab.train.TrainingConfig;

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
     * Trains a classifier of your own as a run of MLflow, with its loss and accuracy as live charts. Interrupting the cell ends the
     * training; the run is then kept as killed.
     *
     * @param experiment name of the MLflow experiment, made if there is none
     * @param variant names the run and tells it from the experiment's others: {@code kernel=13 width=2} makes {@code kernel} and
     *     {@code width} columns of {@link #compare}
     * @param model in and out; left in evaluation mode, with the averaged weights if the training averages
     * @param data images to train on and to evaluate with
     * @param config how
     * @param seed decides the order of the images and their augmentation
     * @return how the last weights do on the test images
     * @throws LabException when interrupted, or if the loss is no longer finite
     */
    public static Evaluation train(
            String experiment, String variant, Layer model, TrainTest data, TrainingConfig config, long seed) {
        return Interrupts.inOrder(() -> trainInOrder(experiment, variant, model, data, config, seed));
    }

    private static Evaluation trainInOrder(
            String experiment, String variant, Layer model, TrainTest data, TrainingConfig config, long seed) {
        Profile profile = Profile.ofEnvironment();
        RunSpec spec = RunSpec.of(experiment, variant + " seed=" + seed)
                .variant(variant)
                .seed(seed)
                .source("notebook")
                .tag(RunTags.PROFILE, profile.toString());
        Path folder = LabHome.resolve("results", profile.toString(), experiment, "runs", variant + " seed=" + seed);
        try (Tracker tracker = Tracker.open()) {
            ActiveRun run = tracker.startRun(spec, folder);
            RunStatus status = RunStatus.FAILED;
            try (LiveTraining live = new LiveTraining(variant)) {
                OwnTraining own = new OwnTraining(run, variant, model, data, config, seed);
                own.describe(profile);
                Trainer trainer = new Trainer(model, data, config, seed, null);
                if (!trainer.run(own.listener(live), () -> false).isCompleteOrThrow()) {
                    status = RunStatus.KILLED;
                    throw new LabException("the training of " + variant + " was interrupted");
                }
                trainer.applyAverage(); // the weights whose numbers are reported
                model.train(false);
                Evaluation evaluation = own.keep(trainer.seconds());
                status = RunStatus.FINISHED;
                return evaluation;
            } finally {
                run.end(status);
                Tape.releaseMemory(); // the next network has other shapes
            }
        }
    }

    /**
     * Runs of MLflow side by side, to be filtered, pivoted, drawn and tested; see {@link replklab.table.ComparisonTables}.
     *
     * @param experiments names; none for all that MLflow has
     */
    public static RunComparison compare(String... experiments) {
        try (Tracker tracker = Tracker.open()) {
            tracker.sendKept(LabHome.resolve("results"));
            RunIds.complete(LabHome.resolve("results"));
            return TrackedComparison.read(tracker.query(), List.of(experiments));
        }
    }

    /** Runs an experiment in a given profile. */
    public static ExperimentReport run(String name, Profile profile) {
        return run(Experiments.load(name, profile));
    }

    /** Runs the experiment of a file that lies anywhere; of the profiles that it has, the one that the notebook was opened with. */
    public static ExperimentReport run(Path file) {
        return run(Experiments.loadFile(file, Profile.ofEnvironment()));
    }

    /** Runs an experiment, such as one whose text stands in a cell ({@link Experiments#parse(String, String, Profile)}). */
    public static ExperimentReport run(Experiment experiment) {
        try (Tracker tracker = Tracker.open();
                LiveExperiment live = new LiveExperiment()) {
            tracker.sendKept(LabHome.resolve("results"));
            RunIds.complete(LabHome.resolve("results"));
            ExperimentRunner.Outcome outcome = new ExperimentRunner(tracker, LabHome.resolve("results"), live)
                    .run(experiment, new ExperimentRunner.Reuse(false, Stale.ofEnvironment()), "notebook");
            if (outcome.failed() > 0) {
                throw new LabException(
                        outcome.failed() + " runs of " + experiment.name() + " did not finish; see " + outcome.page());
            }
            return outcome.report();
        }
    }

    /**
     * The weights that a run ended with: a file that says which network they are of, for {@link replklab.model.Checkpoints} and {@code
     * ./lab model}.
     *
     * @param run a row of the experiment's {@link ExperimentReport#runs()}
     * @throws UsageException if there is none, such as of a run that measures, or that another checkout has made
     */
    public static Path weights(Experiment experiment, RunRow run) {
        Path folder = experiment.folder(LabHome.resolve("results"), run);
        Path weights = folder.resolve(Trainer.FINAL);
        if (!Files.exists(weights)) {
            throw new UsageException("%s, seed %d of %s has left no weights in %s"
                    .formatted(
                            run.label(),
                            run.seed(),
                            experiment.name(),
                            LabHome.root().relativize(folder)));
        }
        return weights;
    }
}
