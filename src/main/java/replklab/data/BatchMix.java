package replklab.data;

import java.util.random.RandomGenerator;
import org.hipparchus.random.RandomDataGenerator;

/**
 * Mixup and cutmix. Image i of a batch is mixed with image size - 1 - i, whose order is random already; the middle one of
 * an odd batch stays as it is. Both images of a pair share lambda, each keeping that part of itself.
 */
sealed interface BatchMix {
    /** The part that an image keeps of itself, 0 to 1. */
    double lambda();

    /** Mixes two images (height, width, channels) that begin at {@code a} and {@code b}, in place. */
    void mixPair(float[] images, int a, int b, ImageShape shape);

    /** Every value is a blend (Zhang et al., 2018). */
    record Mixup(double lambda) implements BatchMix {
        @Override
        public void mixPair(float[] images, int a, int b, ImageShape shape) {
            blend(images, a, b, shape.values(), lambda);
        }
    }

    /**
     * A patch is exchanged (Yun et al., 2019); lambda is the exact share of the pixels outside it.
     *
     * @param top first row of the patch
     * @param left first column
     * @param height rows, possibly 0
     * @param width columns, possibly 0
     * @param lambda 1 - height * width / pixels
     */
    record Cutmix(int top, int left, int height, int width, double lambda) implements BatchMix {
        @Override
        public void mixPair(float[] images, int a, int b, ImageShape shape) {
            int channels = shape.channels();
            for (int y = top; y < top + height; y++) {
                int row = (y * shape.width() + left) * channels;
                for (int i = row; i < row + width * channels; i++) {
                    float kept = images[a + i];
                    images[a + i] = images[b + i];
                    images[b + i] = kept;
                }
            }
        }
    }

    /** The mix of one batch under an augmentation that {@link Augmentation#mixes()}. */
    static BatchMix draw(Augmentation augmentation, ImageShape shape, RandomGenerator random) {
        boolean both = augmentation.mixup() > 0 && augmentation.cutmix() > 0;
        boolean cut = both ? random.nextBoolean() : augmentation.cutmix() > 0;
        double alpha = cut ? augmentation.cutmix() : augmentation.mixup();
        double lambda = new RandomDataGenerator(random.nextLong()).nextBeta(alpha, alpha);
        return cut ? cutmix(lambda, shape, random) : new Mixup(lambda);
    }

    /** A patch of about 1 - lambda of the image around a random centre, cut off at the edges. */
    private static Cutmix cutmix(double lambda, ImageShape shape, RandomGenerator random) {
        double side = Math.sqrt(1 - lambda);
        int halfHeight = (int) (shape.height() * side) / 2;
        int halfWidth = (int) (shape.width() * side) / 2;
        int y = random.nextInt(shape.height());
        int x = random.nextInt(shape.width());
        int top = Math.max(0, y - halfHeight);
        int left = Math.max(0, x - halfWidth);
        int height = Math.min(shape.height(), y + halfHeight) - top;
        int width = Math.min(shape.width(), x + halfWidth) - left;
        return new Cutmix(top, left, height, width, 1 - (double) (height * width) / shape.pixels());
    }

    /**
     * Mixes a batch in place.
     *
     * @param images size x (height, width, channels)
     * @param targets size x classes
     */
    default void apply(float[] images, float[] targets, int size, ImageShape shape, int classes) {
        for (int i = 0; i < size / 2; i++) {
            int j = size - 1 - i;
            mixPair(images, i * shape.values(), j * shape.values(), shape);
            blend(targets, i * classes, j * classes, classes, lambda());
        }
    }

    private static void blend(float[] values, int a, int b, int length, double lambda) {
        float kept = (float) lambda;
        float taken = 1 - kept;
        for (int i = 0; i < length; i++) {
            float first = values[a + i];
            float second = values[b + i];
            values[a + i] = kept * first + taken * second;
            values[b + i] = kept * second + taken * first;
        }
    }
}
