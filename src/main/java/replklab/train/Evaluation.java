package replklab.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
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
 * @param scores in percent by name, the one that decides first: {@link #ACCURACY} of a classifier, {@link #MEAN_IOU}, {@link
 *     #PIXEL_ACCURACY} and those of each class in dense prediction
 * @param images number of images
 */
public record Evaluation(double loss, SequencedMap<String, Double> scores, int images) {
    /** Share of images whose highest logit is their class (top-1). */
    public static final String ACCURACY = "accuracy";

    /** Intersection over union, the mean over classes. */
    public static final String MEAN_IOU = "miou";

    /** Share of pixels whose highest logit is their class. */
    public static final String PIXEL_ACCURACY = "pixel_accuracy";

    /** How the names of the classes' own scores begin. */
    public static final String CLASS_IOU = "iou_";

    public Evaluation {
        scores = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(scores));
    }

    /** The score that decides, in percent. */
    public double deciding() {
        return scores.firstEntry().getValue();
    }

    /** The accuracy of a classifier in percent. */
    public double accuracy() {
        return scores.get(ACCURACY);
    }

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
        SequencedMap<String, Double> scores = new LinkedHashMap<>();
        scores.put(ACCURACY, 100.0 * right / images);
        return Optional.of(new Evaluation(loss / images, scores, images));
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
