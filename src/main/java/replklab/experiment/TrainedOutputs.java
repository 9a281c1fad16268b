package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import replklab.base.LabException;
import replklab.data.DenseDataset;
import replklab.data.ImageDataset;
import replklab.tracking.ActiveRun;
import replklab.train.Answers;
import replklab.train.TrainingTask;

/** What a finished training leaves beside its numbers: what the network said to each test image, samples of them, and itself. */
final class TrainedOutputs {
    private static final String PREDICTIONS = "predictions.csv";
    private static final String SAMPLES = "samples.png";

    private TrainedOutputs() {}

    /**
     * Logs them; the same bytes for the same weights.
     *
     * @param task whose network is in evaluation mode, with the weights that were evaluated last
     * @param architecture its name as commands know it; empty if it has none
     * @param test the images of that evaluation
     * @param evaluatedOn the context under which the run lists them
     * @param known what the network said then; empty where an earlier process evaluated, then it is asked again
     * @param metrics the result, which becomes the model's; the run has them already
     * @param register name of the registered model that it becomes a version of, or empty
     */
    static void log(
            ActiveRun run,
            ModelKind kind,
            TrainingTask task,
            Optional<String> architecture,
            ImageDataset test,
            String evaluatedOn,
            Optional<Answers> known,
            Map<String, Double> metrics,
            String register) {
        Answers answers =
                known.orElseGet(() -> task.evaluate(() -> false).orElseThrow().answers());
        String folder = kind == ModelKind.SEGMENTER ? DenseStage.FOLDER : "";
        run.artifactText(folder.isEmpty() ? PREDICTIONS : folder + "/" + PREDICTIONS, Predictions.csv(test, answers));
        byte[] samples = kind == ModelKind.SEGMENTER && test instanceof DenseDataset dense
                ? Predictions.samples(dense, task.model(), answers)
                : Predictions.samples(test, answers);
        Path picture = run.folder().resolve(folder).resolve(SAMPLES);
        try {
            Files.write(picture, samples);
        } catch (IOException e) {
            throw new LabException("cannot write " + picture + ": " + e.getMessage(), e);
        }
        run.artifact(picture, folder);
        ModelArtifacts.log(run, kind, task.model(), architecture, test, evaluatedOn, metrics, register);
    }
}
