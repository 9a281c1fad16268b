package replklab.data;

/**
 * Images and what they should be called, for one step. The arrays belong to whoever received the batch.
 *
 * @param images size x (height, width, channels), normalised
 * @param size number of images
 * @param shape of each image
 * @param labels the class of each image as it was before any mixing; {@code size} of them
 * @param targets size x classes, each row a distribution: one-hot unless mixup or cutmix mixed it
 * @param pixelLabels size x (height, width), the class of each pixel or {@link DenseDataset#IGNORED}; none if only images are
 *     classified
 */
public record Batch(float[] images, int size, ImageShape shape, int[] labels, float[] targets, int[] pixelLabels) {
    public Batch {
        if (size < 1
                || images.length != size * shape.values()
                || labels.length != size
                || targets.length % size != 0
                || (pixelLabels.length != 0 && pixelLabels.length != size * shape.pixels())) {
            throw new IllegalArgumentException(
                    "batch of %d images %s: %d values, %d labels, %d targets, %d pixel labels"
                            .formatted(size, shape, images.length, labels.length, targets.length, pixelLabels.length));
        }
    }

    /** Images to be classified. */
    public Batch(float[] images, int size, ImageShape shape, int[] labels, float[] targets) {
        this(images, size, shape, labels, targets, new int[0]);
    }

    /** Number of classes: the length of a row of targets. */
    public int classes() {
        return targets.length / size;
    }
}
