package replklab.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import replklab.data.BatchLoader;
import replklab.data.ImageDataset;
import replklab.nn.Layer;

/** What a classifier answers to images: a logit a class for each of them. */
public final class Logits {
    private static final int BATCH = 100;

    private final float[][] rows;

    Logits(float[][] rows) {
        this.rows = rows;
    }

    /** Answers to every image of a data set, in its order; the model is in evaluation mode meanwhile. */
    public static Logits of(Layer model, ImageDataset dataset) {
        List<float[]> rows = new ArrayList<>(dataset.size());
        Evaluation.answers(model, BatchLoader.forEvaluation(dataset, BATCH, 1), () -> false, (batch, logits) -> {
            float[] values = logits.toArray();
            int classes = logits.shape().channels();
            for (int i = 0; i < batch.size(); i++) {
                rows.add(Arrays.copyOfRange(values, i * classes, (i + 1) * classes));
            }
        });
        return new Logits(rows.toArray(float[][]::new));
    }

    /** Number of images. */
    public int images() {
        return rows.length;
    }

    /** Index of the highest logit of an image: its predicted class. */
    public int predicted(int image) {
        return highest(rows[image], 0, rows[image].length);
    }

    /** The first class that has the highest of the logits from {@code from} on. */
    static int highest(float[] logits, int from, int classes) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            best = logits[from + k] > logits[from + best] ? k : best;
        }
        return best;
    }

    /** The softmax of the logits from {@code from} on at one of them. */
    public static double probability(float[] logits, int from, int classes, int at) {
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            sum += Math.exp((double) logits[from + k] - logits[from + at]);
        }
        return 1 / sum;
    }

    /** Probabilities of an image's classes: the softmax of its logits. */
    public double[] probabilities(int image) {
        double highest = rows[image][predicted(image)];
        double[] probabilities = new double[rows[image].length];
        double sum = 0;
        for (int k = 0; k < probabilities.length; k++) {
            probabilities[k] = Math.exp(rows[image][k] - highest);
            sum += probabilities[k];
        }
        for (int k = 0; k < probabilities.length; k++) {
            probabilities[k] /= sum;
        }
        return probabilities;
    }

    /**
     * Share of images for which another classifier predicts the same, in percent.
     *
     * @param other its answers to the same images
     */
    public double samePercent(Logits other) {
        int same = 0;
        for (int i = 0; i < rows.length; i++) {
            same += predicted(i) == other.predicted(i) ? 1 : 0;
        }
        return 100.0 * same / rows.length;
    }

    /**
     * The largest difference of a logit from another classifier's, as a share of the range of these logits.
     *
     * @param other its answers to the same images
     */
    public double deviation(Logits other) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double largest = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < rows[i].length; k++) {
                low = Math.min(low, rows[i][k]);
                high = Math.max(high, rows[i][k]);
                largest = Math.max(largest, Math.abs((double) rows[i][k] - other.rows[i][k]));
            }
        }
        return largest / (high - low);
    }
}
