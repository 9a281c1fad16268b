package replklab.train;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import replklab.data.Batch;
import replklab.data.BatchLoader;
import replklab.data.BatchStream;
import replklab.nn.Layer;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/**
 * How well a model does on a data set.
 *
 * @param loss mean cross-entropy, without label smoothing
 * @param accuracy share of images whose highest logit is their class, in percent (top-1)
 * @param images number of images
 */
public record Evaluation(double loss, double accuracy, int images) {
    /** Evaluates a classifier on every image of a loader; the model is in evaluation mode meanwhile. */
    public static Evaluation of(Layer model, BatchLoader loader) {
        return unlessStopped(model, loader, () -> false).orElseThrow();
    }

    /** The same, but empty if {@code stopped}, which is asked before each batch, says true. */
    static Optional<Evaluation> unlessStopped(Layer model, BatchLoader loader, BooleanSupplier stopped) {
        boolean training = model.isTraining();
        model.train(false);
        double loss = 0;
        int right = 0;
        int images = 0;
        try (BatchStream batches = loader.epoch(0, 0)) {
            while (batches.hasNext()) {
                if (stopped.getAsBoolean()) {
                    return Optional.empty();
                }
                Batch batch = batches.next();
                try (Tape _ = Tape.inference()) {
                    Tensor logits = model.forward(images(batch));
                    loss += logits.crossEntropy(Targets.labels(batch.labels())).item() * batch.size();
                    right += right(logits, batch.labels());
                    images += batch.size();
                }
            }
        } finally {
            model.train(training);
        }
        return Optional.of(new Evaluation(loss / images, 100.0 * right / images, images));
    }

    /** A batch's images as a tensor (n, h, w, c). */
    static Tensor images(Batch batch) {
        return Tensor.of(
                batch.images(),
                batch.size(),
                batch.shape().height(),
                batch.shape().width(),
                batch.shape().channels());
    }

    /** How many rows of logits are highest at their label. */
    static int right(Tensor logits, int[] labels) {
        float[] values = logits.toArray();
        int classes = logits.shape().channels();
        int right = 0;
        for (int row = 0; row < labels.length; row++) {
            int best = 0;
            for (int k = 1; k < classes; k++) {
                if (values[row * classes + k] > values[row * classes + best]) {
                    best = k;
                }
            }
            right += best == labels[row] ? 1 : 0;
        }
        return right;
    }
}
