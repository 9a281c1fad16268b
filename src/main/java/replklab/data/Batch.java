package replklab.data;

/**
 * Images and what they should be called, for one step. The arrays belong to whoever received the batch.
 *
 * @param images size x (height, width, channels), normalised
 * @param size number of images
 * @param shape of each image
 * @param labels the class of each image as it was before any mixing; {@code size} of them
 * @param targets size x classes, each row a distribution: one-hot unless mixup or cutmix mixed it
 */
public record Batch(float[] images, int size, ImageShape shape, int[] labels, float[] targets) {
    public Batch {
        if (size < 1 || images.length != size * shape.values() || labels.length != size || targets.length % size != 0) {
            throw new IllegalArgumentException("batch of %d images %s: %d values, %d labels, %d targets"
                    .formatted(size, shape, images.length, labels.length, targets.length));
        }
    }

    /** Number of classes: the length of a row of targets. */
    public int classes() {
        return targets.length / size;
    }
}
