package replklab.train;

import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import replklab.base.UsageException;
import replklab.data.Batch;
import replklab.data.BatchLoader;
import replklab.data.DenseDataset;
import replklab.data.ImageDataset;
import replklab.data.TrainTest;
import replklab.model.UperNet;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** Dense prediction: cross-entropy of every pixel that counts, the auxiliary head's share included. */
record Segmentation(UperNet model, TrainTest data) implements TrainingTask {
    private static final int TEST_BATCH = 25;

    Segmentation {
        int classes = dense(data.train()).pixelClasses().size();
        if (!dense(data.train()).pixelClasses().equals(dense(data.test()).pixelClasses())
                || classes != model.config().classes()) {
            throw new UsageException(
                    "the network labels pixels with %d classes; the data has %d to train and %d to test"
                            .formatted(
                                    model.config().classes(),
                                    classes,
                                    dense(data.test()).pixelClasses().size()));
        }
    }

    static DenseDataset dense(ImageDataset dataset) {
        if (dataset instanceof DenseDataset dense) {
            return dense;
        }
        throw new UsageException("data set '" + dataset.info().name()
                + "' has no labels of pixels, which dense prediction needs; fashion-scenes and dense-folder have them");
    }

    @Override
    public BatchLoader batches(TrainingConfig config, long seed) {
        return BatchLoader.forDenseTraining(
                dense(data.train()), config.batchSize(), config.augmentation(), seed, Trainer.WORKERS);
    }

    @Override
    public Tensor loss(Batch batch, TrainingConfig config) {
        return model.loss(Evaluation.images(batch), targets(batch).smoothed(config.labelSmoothing()));
    }

    private static Targets targets(Batch batch) {
        return Targets.labels(batch.pixelLabels()).ignoring(DenseDataset.IGNORED);
    }

    @Override
    public Optional<Evaluation> evaluate(BooleanSupplier stopped) {
        DenseDataset test = dense(data.test());
        return Evaluation.unlessStopped(
                model,
                BatchLoader.forDenseEvaluation(test, TEST_BATCH, Trainer.WORKERS),
                Segmentation::targets,
                new PixelCounts(test.pixelClasses()),
                stopped);
    }

    @Override
    public SequencedMap<String, Double> guess() {
        return Evaluation.guessOfPixels(model.config().classes());
    }
}
