package replklab.train;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import replklab.data.Batch;
import replklab.data.DenseDataset;
import replklab.tensor.Tensor;

/**
 * How many pixels of each class were given which class, over a whole data set: what intersection over union (IoU) is made of.
 * Its mean over classes is not a mean over images.
 */
public final class PixelCounts implements Evaluation.Count {
    private final List<String> classes;
    private final long[][] counts; // [class][given]
    private final Answers.Builder answers = new Answers.Builder();

    public PixelCounts(List<String> classes) {
        this.classes = List.copyOf(classes);
        this.counts = new long[classes.size()][classes.size()];
    }

    /**
     * Counts pixels.
     *
     * @param logits a row of classes a pixel; the first of the highest counts
     * @param labels a class a pixel, or {@link DenseDataset#IGNORED}
     */
    public void add(float[] logits, int[] labels) {
        int width = classes.size();
        for (int pixel = 0; pixel < labels.length; pixel++) {
            if (labels[pixel] != DenseDataset.IGNORED) {
                counts[labels[pixel]][Logits.highest(logits, pixel * width, width)]++;
            }
        }
    }

    @Override
    public void add(Batch batch, Tensor logits) {
        float[] values = logits.toArray();
        int pixels = batch.shape().pixels();
        int width = classes.size();
        for (int i = 0; i < batch.size(); i++) {
            PixelCounts image = new PixelCounts(classes);
            image.add(
                    Arrays.copyOfRange(values, i * pixels * width, (i + 1) * pixels * width),
                    Arrays.copyOfRange(batch.pixelLabels(), i * pixels, (i + 1) * pixels));
            add(image);
            answers.add(Evaluation.PIXEL_ACCURACY, image.pixelAccuracy());
            answers.add(Evaluation.MEAN_IOU, image.meanIou());
        }
    }

    private void add(PixelCounts other) {
        for (int c = 0; c < counts.length; c++) {
            for (int given = 0; given < counts.length; given++) {
                counts[c][given] += other.counts[c][given];
            }
        }
    }

    @Override
    public Answers answers() {
        return answers.build();
    }

    /** Share of the pixels that were given their class, in percent. */
    public double pixelAccuracy() {
        long right = 0;
        long all = 0;
        for (int c = 0; c < counts.length; c++) {
            right += counts[c][c];
            for (long given : counts[c]) {
                all += given;
            }
        }
        return 100.0 * right / all;
    }

    /**
     * Pixels of a class that were given it, over all that are of it or were given it, in percent; NaN if there are none.
     */
    public double iou(int label) {
        long union = -counts[label][label];
        for (int other = 0; other < counts.length; other++) {
            union += counts[label][other] + counts[other][label];
        }
        return 100.0 * counts[label][label] / union;
    }

    /** The mean IoU of the classes that have one, in percent. */
    public double meanIou() {
        double sum = 0;
        int present = 0;
        for (int c = 0; c < counts.length; c++) {
            double iou = iou(c);
            if (!Double.isNaN(iou)) {
                sum += iou;
                present++;
            }
        }
        return sum / present;
    }

    /** The scores by name: {@code miou}, {@code pixel_accuracy}, and {@code iou_CLASS} of every class that has one; each under a key of its own. */
    @Override
    public SequencedMap<String, Double> scores() {
        SequencedMap<String, Double> scores = new LinkedHashMap<>();
        scores.put(Evaluation.MEAN_IOU, meanIou());
        scores.put(Evaluation.PIXEL_ACCURACY, pixelAccuracy());
        List<String> keys = keys(classes);
        for (int c = 0; c < counts.length; c++) {
            if (!Double.isNaN(iou(c))) {
                scores.put(Evaluation.CLASS_IOU + keys.get(c), iou(c));
            }
        }
        return scores;
    }

    /** Letters and digits of any script, in small letters, the rest an underscore; a class whose name is another's then has its number. */
    private static List<String> keys(List<String> classes) {
        List<String> plain = classes.stream()
                .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{M}\\p{N}]+", "_"))
                .toList();
        return IntStream.range(0, plain.size())
                .mapToObj(c -> Collections.frequency(plain, plain.get(c)) == 1 ? plain.get(c) : plain.get(c) + "_" + c)
                .toList();
    }
}
