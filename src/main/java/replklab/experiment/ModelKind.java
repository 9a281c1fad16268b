package replklab.experiment;

import java.util.List;
import java.util.Map;
import replklab.data.DenseDataset;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.tracking.LoggedModel;

/** What the models of runs do, by which MLflow names them. */
enum ModelKind {
    /** Names the class of an image. */
    CLASSIFIER("classifier", "classification") {
        @Override
        List<Integer> output(ImageDataset data) {
            return List.of(-1, data.classes().size());
        }
    },

    /** Names the class of every pixel. */
    SEGMENTER("segmenter", "segmentation") {
        @Override
        List<Integer> output(ImageDataset data) {
            ImageShape shape = data.shape();
            int classes = data instanceof DenseDataset dense
                    ? dense.pixelClasses().size()
                    : data.classes().size();
            return List.of(-1, classes, shape.height(), shape.width());
        }
    };

    private final String text;
    private final String type;

    ModelKind(String text, String type) {
        this.text = text;
        this.type = type;
    }

    /** The model's name, and that of its folder. */
    @Override
    public String toString() {
        return text;
    }

    /** The shape of its answers, -1 for the batch, channels first. */
    abstract List<Integer> output(ImageDataset data);

    /**
     * The model of a run.
     *
     * @param evaluatedOn the context of the data set that it was evaluated with
     * @param metrics the run's result
     * @param register name of the registered model that it becomes a version of, or empty
     */
    LoggedModel model(String evaluatedOn, Map<String, Double> metrics, String register) {
        return new LoggedModel(text, type, List.copyOf(metrics.keySet()), evaluatedOn, register, Map.of());
    }
}
