package replklab.train;

import replklab.base.UsageException;
import replklab.data.Augmentation;
import replklab.data.BatchLoader;
import replklab.data.TrainTest;
import replklab.tensor.Precision;

/**
 * How a model is trained.
 *
 * @param epochs passes over the training images, at least 1
 * @param batchSize images a step, at least 2
 * @param optimiser SGD with momentum or AdamW
 * @param learningRate peak of the schedule, above 0
 * @param momentum SGD's momentum, 0 up to, not including, 1
 * @param weightDecay decay of weights; norms and biases have none
 * @param warmupEpochs epochs of linear warm-up before the cosine, fewer than {@code epochs}; may be a fraction
 * @param labelSmoothing 0 up to, not including, 1
 * @param clipNorm largest norm of the gradient over all parameters, or 0 for no clipping
 * @param emaDecay decay of the exponential moving average of the weights that is then evaluated, or 0 for none
 * @param maxSteps stop after this many steps, or 0 for no limit; the schedule is that of the whole training
 * @param precision of the network's products, in training and evaluation; weights and optimiser are of float32
 * @param augmentation what happens to training images
 */
public record TrainingConfig(
        int epochs,
        int batchSize,
        OptimiserKind optimiser,
        double learningRate,
        double momentum,
        double weightDecay,
        double warmupEpochs,
        double labelSmoothing,
        double clipNorm,
        double emaDecay,
        int maxSteps,
        Precision precision,
        Augmentation augmentation) {
    /** The optimisers there are. */
    public enum OptimiserKind {
        /** Stochastic gradient descent with momentum. */
        SGD,
        /** Adam with decoupled weight decay. */
        ADAMW
    }

    /** AdamW with weight decay 0.05 and a tenth of the epochs as warm-up, without augmentation: a start for one's own network. */
    public static TrainingConfig adamW(int epochs, int batchSize, double learningRate) {
        return new TrainingConfig(
                epochs,
                batchSize,
                OptimiserKind.ADAMW,
                learningRate,
                0.9,
                0.05,
                0.1 * epochs,
                0,
                0,
                0,
                0,
                Precision.FLOAT32,
                new Augmentation(0, 0, 0, 0, 0));
    }

    public TrainingConfig {
        require("optimiser", optimiser, optimiser != null, "sgd and adamw");
        require("precision", precision, precision != null, "float32 and bf16");
        require("augmentation", augmentation, augmentation != null, "a map such as {horizontalFlip: 0.5}");
        require("epochs", epochs, epochs >= 1, "1 or more");
        require("batchSize", batchSize, batchSize >= 2, "2 or more");
        require("learningRate", learningRate, learningRate > 0 && Double.isFinite(learningRate), "above 0");
        require("momentum", momentum, momentum >= 0 && momentum < 1, "0 up to, not including, 1");
        require("weightDecay", weightDecay, weightDecay >= 0, "0 or more");
        require(
                "warmupEpochs",
                warmupEpochs,
                warmupEpochs >= 0 && warmupEpochs < epochs,
                "0 up to, not including, epochs");
        require(
                "labelSmoothing",
                labelSmoothing,
                labelSmoothing >= 0 && labelSmoothing < 1,
                "0 up to, not including, 1");
        require("clipNorm", clipNorm, clipNorm >= 0, "0 (off) or more");
        require("emaDecay", emaDecay, emaDecay >= 0 && emaDecay < 1, "0 (off) up to, not including, 1");
        require("maxSteps", maxSteps, maxSteps >= 0, "0 (no limit) or more");
    }

    /** Steps of a whole training, were it not for {@code maxSteps}. */
    public long totalSteps(int batchesPerEpoch) {
        return (long) batchesPerEpoch * epochs;
    }

    /** Steps until a training stops. */
    public long plannedSteps(int batchesPerEpoch) {
        long total = totalSteps(batchesPerEpoch);
        return maxSteps == 0 ? total : Math.min(total, maxSteps);
    }

    /**
     * Refuses what these images cannot be trained with, before the first run rather than run by run: a batch larger than all of
     * them, a crop larger than an image.
     *
     * @throws UsageException naming the setting
     */
    public void check(TrainTest data) {
        BatchLoader.forTraining(data.train(), batchSize, augmentation, 0, Trainer.WORKERS);
    }

    /**
     * The same for dense prediction, which has no mixing either.
     *
     * @throws UsageException also if the pixels have no labels
     */
    public void checkDense(TrainTest data) {
        BatchLoader.forDenseTraining(Segmentation.dense(data.train()), batchSize, augmentation, 0, Trainer.WORKERS);
    }

    private static void require(String name, Object value, boolean holds, String allowed) {
        if (!holds) {
            throw new UsageException("training." + name + " is " + value + "; allowed is " + allowed);
        }
    }
}
