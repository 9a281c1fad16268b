package replklab.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import replklab.base.LabException;
import replklab.base.Parallel;
import replklab.data.Batch;
import replklab.data.BatchLoader;
import replklab.data.BatchStream;
import replklab.data.ImageDataset;
import replklab.nn.Layer;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * How a classifier does on a data set, class by class.
 *
 * @param images number of images counted
 * @param expected number of images there are; more than {@code images} if it was stopped
 * @param top1 share of images whose highest logit is their class, in percent; NaN without images
 * @param top5 share of images with their class among the five highest logits, in percent
 * @param seconds the whole took, reading and resizing included
 * @param imagesPerSecond after the first batch, which also warms up; of all if there is only one
 * @param classes every class that has images, in order of labels
 * @param broken what is said of each image that could not be read
 */
public record ClassificationReport(
        int images,
        int expected,
        double top1,
        double top5,
        double seconds,
        double imagesPerSecond,
        List<ClassResult> classes,
        List<String> broken) {
    private static final int TOP = 5;

    /**
     * One class.
     *
     * @param name of the class
     * @param images counted
     * @param right those recognised
     * @param takenFor the class that the others were most often taken for, of several the first; null if all were recognised
     * @param takenForCount how often
     */
    public record ClassResult(String name, int images, int right, String takenFor, int takenForCount) {
        /** Share of the images that were recognised, in percent. */
        public double top1() {
            return 100.0 * right / images;
        }
    }

    public ClassificationReport {
        classes = List.copyOf(classes);
        broken = List.copyOf(broken);
    }

    /** What is done about an image that cannot be read. */
    public enum Broken {
        /** The evaluation ends with what was counted. */
        STOPS,
        /** It is left out and named. */
        IS_SKIPPED
    }

    /** Whether every image was looked at. */
    public boolean isComplete() {
        return images + broken.size() == expected;
    }

    /** The classes with the smallest share of recognised images, the worst first. */
    public List<ClassResult> worst(int count) {
        return classes.stream()
                .filter(one -> one.right < one.images)
                .sorted(Comparator.comparingDouble(ClassResult::top1))
                .limit(count)
                .toList();
    }

    /**
     * Throws unless a model's classes can be a data set's. They are matched by position: the sorted names of class folders.
     *
     * @throws LabException if there are not as many
     */
    public static void requireClasses(int ofModel, ImageDataset dataset) {
        List<String> names = dataset.classes();
        if (names.size() != ofModel) {
            String shown = String.join(", ", names.subList(0, Math.min(3, names.size())));
            throw new LabException(
                    "the model has %d classes, %s has %d (%s%s): classes are matched by the sorted names of"
                                    .formatted(
                                            ofModel,
                                            dataset.info().source(),
                                            names.size(),
                                            shown,
                                            names.size() > 3 ? ", ..." : "")
                            + " their folders, so there must be as many, or --classes must name them (a part will do then)");
        }
    }

    /**
     * Evaluates.
     *
     * @param model (n, h, w, c) to (n, classes); best a {@linkplain Layer#folded() folded} one; in evaluation mode
     *     meanwhile
     * @param batchSize images at once
     * @param broken what is done about images that cannot be read
     * @param progress told the number of images after each batch
     * @param stopped asked before each batch; true ends the evaluation with what was counted
     * @throws LabException if model and data set differ in the number of classes
     */
    public static ClassificationReport of(
            Layer model,
            ImageDataset dataset,
            int batchSize,
            Broken broken,
            IntConsumer progress,
            BooleanSupplier stopped) {
        boolean training = model.isTraining();
        model.train(false);
        ReadableImages readable = new ReadableImages(dataset);
        Counts counts = new Counts(readable);
        BatchLoader loader = BatchLoader.forEvaluation(readable, batchSize, Math.max(1, Parallel.threads() / 2));
        try (BatchStream batches = loader.epoch(0, 0)) {
            boolean going = true;
            while (going && batches.hasNext() && !stopped.getAsBoolean()) {
                Batch batch = batches.next();
                try (Tape _ = Tape.inference()) {
                    Tensor logits = model.forward(Evaluation.images(batch));
                    requireClasses(logits.shape().channels(), dataset);
                    counts.add(logits.toArray(), batch.labels());
                }
                progress.accept(counts.seen);
                going = broken == Broken.IS_SKIPPED || counts.images == counts.seen;
            }
        } finally {
            model.train(training);
        }
        return counts.report();
    }

    /** What has been counted so far. */
    private static final class Counts {
        private final ReadableImages dataset;
        private final int[][] confusion;
        private final long start = System.nanoTime();
        private long firstBatch;
        private int firstImages;
        /** With the broken ones. */
        private int seen;

        private int images;
        private int right;
        private int rightOfFive;

        Counts(ReadableImages dataset) {
            this.dataset = dataset;
            int classes = dataset.classes().size();
            this.confusion = new int[classes][classes];
        }

        void add(float[] logits, int[] labels) {
            int classes = confusion.length;
            for (int row = 0; row < labels.length; row++) {
                if (dataset.isBroken(seen + row)) {
                    continue;
                }
                images++;
                int rank = rank(logits, row * classes, classes, labels[row]);
                right += rank == 0 ? 1 : 0;
                rightOfFive += rank < TOP ? 1 : 0;
                confusion[labels[row]][highest(logits, row * classes, classes)]++;
            }
            seen += labels.length;
            if (firstImages == 0) {
                firstImages = images;
                firstBatch = System.nanoTime();
            }
        }

        /** How many classes come before {@code label}; of equal logits the first counts. One that is no number comes last. */
        private static int rank(float[] logits, int from, int classes, int label) {
            float own = logits[from + label];
            int rank = 0;
            for (int k = 0; k < classes; k++) {
                float other = logits[from + k];
                rank += other > own || (k < label && other == own) || (Float.isNaN(own) && k != label) ? 1 : 0;
            }
            return rank;
        }

        private static int highest(float[] logits, int from, int classes) {
            int best = 0;
            for (int k = 1; k < classes; k++) {
                float leader = logits[from + best];
                best = logits[from + k] > leader || Float.isNaN(leader) ? k : best;
            }
            return best;
        }

        ClassificationReport report() {
            long end = System.nanoTime();
            boolean several = images > firstImages;
            double seconds = (several ? end - firstBatch : end - start) / 1e9;
            List<ClassResult> classes = new ArrayList<>();
            for (int label = 0; label < confusion.length; label++) {
                ClassResult result = result(label);
                if (result.images > 0) {
                    classes.add(result);
                }
            }
            return new ClassificationReport(
                    images,
                    dataset.size(),
                    100.0 * right / images,
                    100.0 * rightOfFive / images,
                    (end - start) / 1e9,
                    (several ? images - firstImages : images) / seconds,
                    classes,
                    dataset.broken(seen));
        }

        private ClassResult result(int label) {
            int[] predicted = confusion[label];
            int all = 0;
            int other = label;
            for (int k = 0; k < predicted.length; k++) {
                all += predicted[k];
                if (k != label && (other == label || predicted[k] > predicted[other])) {
                    other = k;
                }
            }
            boolean allRight = predicted[label] == all;
            return new ClassResult(
                    dataset.classes().get(label),
                    all,
                    predicted[label],
                    allRight ? null : dataset.classes().get(other),
                    allRight ? 0 : predicted[other]);
        }
    }
}
