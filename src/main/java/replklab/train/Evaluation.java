package replklab.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
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
 *     #PIXEL_ACCURACY} and those of each class in dense prediction; then what an experiment asks for besides
 * @param images number of images
 * @param answers to each of them
 */
public record Evaluation(double loss, SequencedMap<String, Double> scores, int images, Answers answers) {
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

    /**
     * The scores, in percent by name, of one who says of every image the same class, drawn at random: what a run that diverged is worth.
     */
    public static SequencedMap<String, Double> guess(int classes) {
        SequencedMap<String, Double> scores = new LinkedHashMap<>();
        scores.put(ACCURACY, 100.0 / classes);
        return scores;
    }

    /**
     * The same of one who says of every pixel the same class, on average over the classes. His class alone has an IoU above zero,
     * the share of its pixels.
     *
     * @param classes all of which are taken to be on the test images
     */
    public static SequencedMap<String, Double> guessOfPixels(int classes) {
        SequencedMap<String, Double> scores = new LinkedHashMap<>();
        scores.put(MEAN_IOU, 100.0 / ((double) classes * classes));
        scores.put(PIXEL_ACCURACY, 100.0 / classes);
        return scores;
    }

    /** Evaluates a classifier on every image of a loader; the model is in evaluation mode meanwhile. */
    public static Evaluation of(Layer model, BatchLoader loader) {
        return unlessStopped(model, loader, Collections.emptySortedMap(), () -> false)
                .orElseThrow();
    }

    /**
     * The same, but empty if {@code stopped}, which is asked before each batch, says true.
     *
     * @param scores what is made of all logits besides, by name
     */
    static Optional<Evaluation> unlessStopped(
            Layer model,
            BatchLoader loader,
            SequencedMap<String, ToDoubleFunction<Logits>> scores,
            BooleanSupplier stopped) {
        return unlessStopped(model, loader, batch -> Targets.labels(batch.labels()), new TopOne(scores), stopped);
    }

    /**
     * Evaluates any task.
     *
     * @param targets what the network should say to a batch
     * @param count what becomes the scores
     */
    static Optional<Evaluation> unlessStopped(
            Layer model, BatchLoader loader, Function<Batch, Targets> targets, Count count, BooleanSupplier stopped) {
        Losses losses = new Losses();
        boolean complete = answers(model, loader, stopped, (batch, logits) -> {
            losses.sum += logits.crossEntropy(targets.apply(batch)).item() * batch.size();
            losses.images += batch.size();
            count.add(batch, logits);
        });
        return complete
                ? Optional.of(
                        new Evaluation(losses.sum / losses.images, count.scores(), losses.images, count.answers()))
                : Optional.empty();
    }

    /**
     * Hands over what a model answers to each batch; it is in evaluation mode meanwhile.
     *
     * @return false if {@code stopped}, which is asked before each batch, said true
     */
    static boolean answers(
            Layer model, BatchLoader loader, BooleanSupplier stopped, BiConsumer<Batch, Tensor> answered) {
        boolean training = model.isTraining();
        model.train(false);
        try (BatchStream batches = loader.epoch(0, 0)) {
            while (batches.hasNext()) {
                if (stopped.getAsBoolean()) {
                    return false;
                }
                Batch batch = batches.next();
                try (Tape _ = Tape.inference()) {
                    answered.accept(batch, model.forward(images(batch)));
                }
            }
        } finally {
            model.train(training);
        }
        return true;
    }

    /** Counts what was right, batch by batch. */
    interface Count {
        void add(Batch batch, Tensor logits);

        /** In percent by name, the one that decides first. */
        SequencedMap<String, Double> scores();

        /** What was counted, by image. */
        Answers answers();
    }

    private static final class TopOne implements Count {
        private final Answers.Builder answers = new Answers.Builder();
        private final SequencedMap<String, ToDoubleFunction<Logits>> more;
        /** Kept only for those who ask for more. */
        private final List<float[]> rows = new ArrayList<>();

        private int right;
        private int images;

        TopOne(SequencedMap<String, ToDoubleFunction<Logits>> more) {
            this.more = more;
        }

        @Override
        public void add(Batch batch, Tensor logits) {
            float[] values = logits.toArray();
            int classes = logits.shape().channels();
            for (int i = 0; i < batch.size(); i++) {
                int predicted = Logits.highest(values, i * classes, classes);
                if (!more.isEmpty()) {
                    rows.add(Arrays.copyOfRange(values, i * classes, (i + 1) * classes));
                }
                right += predicted == batch.labels()[i] ? 1 : 0;
                answers.add(Answers.PREDICTED, predicted);
                answers.add(Answers.PROBABILITY, Logits.probability(values, i * classes, classes, predicted));
            }
            images += batch.size();
        }

        @Override
        public Answers answers() {
            return answers.build();
        }

        @Override
        public SequencedMap<String, Double> scores() {
            SequencedMap<String, Double> scores = new LinkedHashMap<>();
            scores.put(ACCURACY, 100.0 * right / images);
            if (!more.isEmpty()) {
                Logits logits = new Logits(rows.toArray(float[][]::new));
                more.forEach((name, score) -> scores.put(name, score.applyAsDouble(logits)));
            }
            return scores;
        }
    }

    private static final class Losses {
        private double sum;
        private int images;
    }

    /** A batch's images as a tensor (n, h, w, c). */
    public static Tensor images(Batch batch) {
        return Tensor.of(
                batch.images(),
                batch.size(),
                batch.shape().height(),
                batch.shape().width(),
                batch.shape().channels());
    }
}
