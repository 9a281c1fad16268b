package replklab.analysis;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import replklab.base.Interrupts;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.model.RepLKNetTrunk;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * Measures the effective receptive field of any network as the authors do: the features at the centre position [h / 2, w / 2]
 * of the last stage's output, before the last norm, pass a ReLU and are summed over channels; the gradient of that sum with
 * respect to the input passes a ReLU and is summed over colours and images.
 *
 * <pre>{@code
 * var score = new EffectiveReceptiveField(network::features).score(ImageSource.of(images));
 * score.areas().forEach(System.out::println);
 * }</pre>
 */
public final class EffectiveReceptiveField {
    /** Pixels of the images that go through the network together; one image at least. */
    private static final int PIXELS = 1 << 16;

    private static final int MOST_IMAGES = 32;

    /** Hears how the measurement goes. */
    @FunctionalInterface
    public interface Progress {
        /**
         * After each batch of images.
         *
         * @param done images so far
         * @param total all images
         * @param left time that the others will take, if they take as long
         */
        void images(int done, int total, Duration left);
    }

    private final UnaryOperator<Tensor> features;

    /**
     * A network by its feature map. Parameters get no gradients meanwhile, and nothing of the network changes.
     *
     * @param features (n, h, w, c) images to (n, h', w', c') features; of a network in evaluation mode, or batch norms would
     *     mix the images
     */
    public EffectiveReceptiveField(UnaryOperator<Tensor> features) {
        this.features = features;
    }

    /**
     * The last stage's features of a RepLKNet, merged or not, with its head or without.
     *
     * @throws UsageException if it is in training mode
     */
    public static EffectiveReceptiveField of(RepLKNetTrunk network) {
        if (network.isTraining()) {
            throw new UsageException("this network is in training mode; the receptive field is that of train(false)");
        }
        return new EffectiveReceptiveField(network::lastStage);
    }

    /** The score of all images. */
    public ContributionScore score(ImageSource images) {
        return score(images, (done, total, left) -> {}, () -> false);
    }

    /**
     * The score of all images, or of the first ones if it is stopped; {@link ContributionScore#images} tells.
     *
     * @param stopped asked before each batch but the first; on true, and when the thread is interrupted, the score so far is
     *     the result
     * @throws LabException if the gradient is not finite
     */
    public ContributionScore score(ImageSource images, Progress progress, BooleanSupplier stopped) {
        return Interrupts.inOrder(() -> sum(images, progress, stopped));
    }

    private ContributionScore sum(ImageSource images, Progress progress, BooleanSupplier stopped) {
        int total = images.count();
        int batch = Math.clamp(PIXELS / ((long) images.height() * images.width()), 1, MOST_IMAGES);
        double[] sum = new double[Math.multiplyExact(images.height(), images.width())];
        long begin = System.nanoTime();
        int done = 0;
        while (done < total
                && (done == 0
                        || !(stopped.getAsBoolean() || Thread.currentThread().isInterrupted()))) {
            int next = Math.min(total, done + batch);
            add(images.images(done, next), sum);
            done = next;
            long nanos = System.nanoTime() - begin;
            progress.images(done, total, Duration.ofNanos(nanos / done * (total - done)));
        }
        return ContributionScore.of(images.height(), images.width(), done, sum);
    }

    /** Adds the contributions to a batch of images. */
    private void add(Tensor images, double[] sum) {
        float[] gradient;
        try (Tape tape = Tape.withRespectTo(images)) {
            tape.backward(centre(features.apply(images)));
            gradient = images.gradient().toArray(); // (n, h, w, c)
        }
        int channels = images.size(3);
        int image = sum.length * channels;
        for (int i = 0; i < gradient.length; i++) {
            // Not Math.max: a NaN must not pass for zero.
            if (!(gradient[i] <= 0)) {
                sum[i % image / channels] += gradient[i];
            }
        }
    }

    /** What the centre position's channels, made positive, add up to over all images: a scalar. */
    private static Tensor centre(Tensor features) {
        if (features.shape().rank() != 4) {
            throw new UsageException("the features have shape " + features.shape()
                    + "; a receptive field is that of a map (images, height, width, channels)");
        }
        int height = features.size(1);
        int width = features.size(2);
        float[] centre = new float[Math.toIntExact(features.shape().elements())];
        int channels = features.size(3);
        for (int n = 0; n < features.size(0); n++) {
            int first = ((n * height + height / 2) * width + width / 2) * channels;
            Arrays.fill(centre, first, first + channels, 1);
        }
        Tensor mask = Tensor.of(centre, features.size(0), height, width, channels);
        return features.relu().multiply(mask).sum();
    }
}
