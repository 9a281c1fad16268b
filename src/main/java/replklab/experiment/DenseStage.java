package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import replklab.analysis.ContributionScore;
import replklab.analysis.EffectiveReceptiveField;
import replklab.data.DenseDataset;
import replklab.data.TrainTest;
import replklab.model.Backbone;
import replklab.model.UperNet;
import replklab.nn.Layer;
import replklab.train.Evaluation;
import replklab.train.Trainer;
import replklab.train.TrainingConfig;
import replklab.train.TrainingTask;

/** Fine-tuning on dense prediction what a run has trained to classify, and the receptive field that it began with. */
final class DenseStage {
    /** Its checkpoints lie in a folder of their own under the run's. */
    static final String FOLDER = "finetune";

    private static final int FIELD_IMAGES = 50;
    static final double FIELD_SHARE = 0.5;

    private final ExperimentSpec spec;
    private final RunPlan plan;
    private final Path folder;
    private final TrainTest data;
    private UperNet network;

    /** @param data images with a label for each pixel */
    DenseStage(ExperimentSpec spec, RunPlan plan, Path runFolder, TrainTest data) {
        this.spec = spec;
        this.plan = plan;
        this.folder = runFolder.resolve(FOLDER);
        this.data = data;
    }

    /** Its trainer, which goes on from its checkpoint if there is one. */
    Trainer trainer(Layer pretrained) throws IOException {
        Files.createDirectories(folder);
        // Another seed than the classifier's: its decoder must not begin with the numbers that its stem began with.
        network = new UperNet(
                backbone(pretrained), spec.finetune().decoder().config(classes()), new SplittableRandom(~plan.seed()));
        return new Trainer(
                TrainingTask.segmentation(network, data), spec.finetune().training(), plan.seed(), folder);
    }

    /** The scores of a network that knows nothing: what counts of a run that diverged before this stage or in it. */
    Map<String, Double> guess() {
        return Evaluation.guessOfPixels(classes());
    }

    /** The network of its trainer. */
    UperNet network() {
        return network;
    }

    /** Steps of the whole stage. */
    long plannedSteps() {
        TrainingConfig training = spec.finetune().training();
        return training.plannedSteps(data.train().size() / training.batchSize());
    }

    private int classes() {
        return data.train() instanceof DenseDataset dense ? dense.pixelClasses().size() : data.classes();
    }

    private Backbone backbone(Layer pretrained) {
        return new ExperimentModels(spec.classPath())
                .backbone(
                        spec.optionsOf(plan.variant()),
                        data.shape(),
                        spec.finetune().decoder().stages(),
                        pretrained,
                        new SplittableRandom(plan.seed()));
    }

    /**
     * The effective receptive field of the pre-trained network's last stage on test images: the share of the image that holds
     * half of it, in percent, and its radius in pixels.
     */
    Map<String, Double> field(Layer pretrained) {
        Layer backbone = backbone(pretrained).train(false);
        ContributionScore score =
                new EffectiveReceptiveField(backbone::forward).score(DatasetImages.spread(data.test(), FIELD_IMAGES));
        SequencedMap<String, Double> field = new LinkedHashMap<>();
        field.put(Reports.FIELD_AREA.key(), 100 * score.area(FIELD_SHARE).ratio());
        field.put(Reports.FIELD_RADIUS.key(), score.radius());
        return field;
    }
}
