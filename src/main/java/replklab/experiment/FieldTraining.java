package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import replklab.base.Interrupts;
import replklab.base.LabException;
import replklab.data.BatchLoader;
import replklab.data.TrainTest;
import replklab.model.RepLKNet;
import replklab.nn.Layer;
import replklab.tensor.Tape;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunSpec;
import replklab.tracking.RunStatus;
import replklab.tracking.Tracker;
import replklab.train.EpochResult;
import replklab.train.Evaluation;
import replklab.train.Trainer;
import replklab.train.TrainingListener;
import replklab.weights.Weights;

/**
 * Trains the networks of a {@link FieldStudy}, each a run in MLflow, and keeps their weights: what is trained is read the next
 * time, what was interrupted goes on.
 */
public final class FieldTraining {
    /** The experiment's name in MLflow and its folder under {@code results/}. */
    public static final String NAME = "erf";

    private static final String WEIGHTS = "weights.safetensors";
    private static final String STUDY = "study.txt";
    private static final String ACCURACY = "accuracy";

    private final FieldStudy study;
    private final Tracker tracker;
    private final Path root;
    private final Stale stale;
    private String identity;

    /** Hears how the trainings go. */
    public interface Listener {
        /** After each step of a network's training. */
        void step(String name, long step, long totalSteps);

        /** After each epoch of a network's training. */
        void epoch(String name, EpochResult result);

        /** Something the user should know, in one line. */
        default void notice(String line) {}
    }

    /**
     * A trained network.
     *
     * @param network in evaluation mode
     * @param accuracy on the study's test images, in percent
     */
    public record Trained(RepLKNet network, double accuracy) {}

    /**
     * @param root folder of the results of a profile
     * @param stale what to do with networks that another library trained, or on other images
     */
    public FieldTraining(FieldStudy study, Tracker tracker, Path root, Stale stale) {
        this.study = study;
        this.tracker = tracker;
        this.root = root.resolve(NAME);
        this.stale = stale;
    }

    /**
     * Trains a network, or reads it.
     *
     * @param name one of {@link FieldStudy#names}
     * @param stopped asked before each step
     * @throws LabException if stopped or interrupted, and the next call goes on; if the training diverged
     */
    public Trained network(String name, Listener listener, BooleanSupplier stopped) {
        Path folder = root.resolve(name);
        RepLKNet network = new RepLKNet(FieldStudy.config(name), new SplittableRandom(FieldStudy.SEED));
        return Interrupts.inOrder(() -> trainedOrRead(name, network, folder, listener, stopped));
    }

    private Trained trainedOrRead(
            String name, RepLKNet network, Path folder, Listener listener, BooleanSupplier stopped) {
        try {
            Files.createDirectories(folder);
            boolean known = counts(name, folder, listener);
            if (known && Files.exists(folder.resolve(WEIGHTS))) {
                Map<String, String> notes = Weights.load(network, folder.resolve(WEIGHTS));
                return new Trained(network, Double.parseDouble(notes.get(ACCURACY)));
            }
            if (!known) {
                Trainer.forgetCheckpoints(folder);
                Files.deleteIfExists(folder.resolve(WEIGHTS));
            }
            return trained(name, network, folder, listener, stopped);
        } catch (IOException e) {
            throw new LabException("cannot use the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    private Trained trained(String name, RepLKNet network, Path folder, Listener listener, BooleanSupplier stopped)
            throws IOException {
        ActiveRun run = start(name, folder);
        Files.writeString(folder.resolve(STUDY), identity());
        RunStatus status = RunStatus.FAILED;
        try {
            TrainTest data = study.data();
            Layer classifier = study.enlarging(network);
            Trainer trainer = new Trainer(classifier, data, study.training(), FieldStudy.SEED, folder);
            if (!trainer.run(telling(name, run, listener), stopped).isCompleteOrThrow()) {
                status = RunStatus.KILLED;
                throw new LabException("the training of " + name + " was stopped; started again, it goes on");
            }
            Evaluation evaluation =
                    Evaluation.of(classifier.train(false), BatchLoader.forEvaluation(data.test(), 100, 1));
            Weights.save(network, folder.resolve(WEIGHTS), Map.of(ACCURACY, Double.toString(evaluation.accuracy())));
            Trainer.forgetCheckpoints(folder);
            status = RunStatus.FINISHED;
            return new Trained(network, evaluation.accuracy());
        } finally {
            run.end(status);
            Tape.releaseMemory(); // the next network has other shapes
        }
    }

    /** The run of an interrupted training, or a new one. */
    private ActiveRun start(String name, Path folder) {
        Optional<ActiveRun> resumed = Trainer.hasCheckpoint(folder) ? tracker.resumeRun(folder) : Optional.empty();
        return resumed.orElseGet(() -> {
            ActiveRun run = tracker.startRun(
                    RunSpec.of(NAME, name).variant("kernels " + name).seed(FieldStudy.SEED), folder);
            Map<String, Object> params = new LinkedHashMap<>();
            params.put("kernels", name);
            params.put("resolution", study.resolution());
            params.put("trainExamples", study.trainExamples());
            params.put("training", study.training());
            run.params(params);
            return run;
        });
    }

    /** Whether what lies in a folder is what would be trained, or is to count as that. */
    private boolean counts(String name, Path folder, Listener listener) throws IOException {
        Path mark = folder.resolve(STUDY);
        if (!Files.exists(mark)) {
            return false;
        }
        String made = Files.readString(mark);
        if (made.equals(identity())) {
            return true;
        }
        boolean trained = Files.exists(folder.resolve(WEIGHTS));
        boolean sameStudy = made.lines().findFirst().equals(Optional.of(study.toString()));
        if (trained && sameStudy && stale == Stale.KEEP) {
            return true;
        }
        String what = "the network " + name + " in " + folder + " was trained "
                + (sameStudy ? "by another version of the library, or on other images" : "for another study");
        if (trained && stale == Stale.ASK) {
            throw new LabException(
                    what + ". Choose: " + Stale.VARIABLE + "=replace, set where ./lab notebook is started,"
                            + " trains it again" + (sameStudy ? "; =keep counts it as it is" : ""));
        }
        if (trained) {
            listener.notice(what + "; it is trained again");
        }
        return false;
    }

    /** What decides the networks: the study, the library and the images. */
    private String identity() {
        if (identity == null) {
            identity = study + "\nlibrary " + LibraryDigest.current() + "\ndata "
                    + RunIdentity.data(List.of(study.data())) + "\n";
        }
        return identity;
    }

    private static TrainingListener telling(String name, ActiveRun run, Listener listener) {
        return new TrainingListener() {
            @Override
            public boolean hasHeard(long steps, int epochs) {
                return run.record().hasSteps("accuracy", epochs);
            }

            @Override
            public void step(long step, long totalSteps, double loss, double learningRate) {
                listener.step(name, step, totalSteps);
            }

            @Override
            public void epoch(EpochResult result) {
                run.metrics(
                        Map.of(
                                "accuracy", result.evaluation().accuracy(),
                                "test_loss", result.evaluation().loss(),
                                "train_loss", result.trainLoss()),
                        result.epoch());
                listener.epoch(name, result);
            }

            @Override
            public void notice(String line) {
                listener.notice(name + ": " + line);
            }
        };
    }
}
