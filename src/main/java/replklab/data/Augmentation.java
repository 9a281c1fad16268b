package replklab.data;

import replklab.base.UsageException;

/**
 * What training does to its images, in this order: crop and flip, erasing, then mixup or cutmix over the batch.
 *
 * @param cropPadding pixels of black around an image from which a crop of its own size is taken at random, 0 for none
 * @param horizontalFlip probability of mirroring left and right
 * @param erasing probability of filling a rectangle with normal noise (Zhong et al., 2020)
 * @param mixup parameter of the Beta distribution that blends two images (Zhang et al., 2018), 0 for none
 * @param cutmix parameter of the Beta distribution that sizes the patch of another image (Yun et al., 2019), 0 for none;
 *     with mixup, each batch takes one of the two by an even chance
 */
public record Augmentation(int cropPadding, double horizontalFlip, double erasing, double mixup, double cutmix) {
    /** Images as they are. */
    public static final Augmentation NONE = new Augmentation(0, 0, 0, 0, 0);

    /** Below it the Beta distribution is 0 or 1 to every digit of a float; above, a constant half. */
    private static final double MIN_ALPHA = 0.01;

    private static final double MAX_ALPHA = 1000;

    public Augmentation {
        if (cropPadding < 0) {
            throw new UsageException("cropPadding " + cropPadding + ": must be 0 or a positive number of pixels");
        }
        requireProbability("horizontalFlip", horizontalFlip);
        requireProbability("erasing", erasing);
        requireAlpha("mixup", mixup);
        requireAlpha("cutmix", cutmix);
    }

    /** Whether batches carry soft targets. */
    public boolean mixes() {
        return mixup > 0 || cutmix > 0;
    }

    private static void requireProbability(String field, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new UsageException(field + " " + value + ": must be a probability from 0 to 1");
        }
    }

    private static void requireAlpha(String field, double value) {
        if (value != 0 && !(value >= MIN_ALPHA && value <= MAX_ALPHA)) {
            throw new UsageException(
                    field + " " + value + ": must be 0 (off) or from " + MIN_ALPHA + " to " + (int) MAX_ALPHA);
        }
    }
}
