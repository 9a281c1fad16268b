package replklab.train;

import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import replklab.data.Batch;
import replklab.data.BatchLoader;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/**
 * Classification of images by cross-entropy, with label smoothing.
 *
 * @param scores what is made of the test images' logits besides the accuracy, by name
 */
record Classification(Layer model, TrainTest data, SequencedMap<String, ToDoubleFunction<Logits>> scores)
        implements TrainingTask {
    private static final int TEST_BATCH = 100;

    @Override
    public BatchLoader batches(TrainingConfig config, long seed) {
        return BatchLoader.forTraining(data.train(), config.batchSize(), config.augmentation(), seed, Trainer.WORKERS);
    }

    @Override
    public Tensor loss(Batch batch, TrainingConfig config) {
        Targets targets = Targets.distribution(batch.targets()).smoothed(config.labelSmoothing());
        return model.forward(Evaluation.images(batch)).crossEntropy(targets);
    }

    @Override
    public Optional<Evaluation> evaluate(BooleanSupplier stopped) {
        return Evaluation.unlessStopped(
                model, BatchLoader.forEvaluation(data.test(), TEST_BATCH, Trainer.WORKERS), scores, stopped);
    }

    @Override
    public SequencedMap<String, Double> guess() {
        return Evaluation.guess(data.classes());
    }
}
