package replklab.data;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Random erasing (Zhong et al., 2020): a rectangle of 2 to 33 % of the image with an aspect ratio of 0.3 to 3.3 is filled
 * with normal noise, drawn for every value apart: on normalised images, what the network sees has the data's own mean and
 * spread there. The aspect is drawn on a logarithmic scale, so that lying and standing rectangles are as likely.
 *
 * @param top first row
 * @param left first column
 * @param height rows
 * @param width columns
 */
record RandomErasing(int top, int left, int height, int width) {
    static final double MIN_AREA = 0.02;
    static final double MAX_AREA = 0.33;
    static final double MIN_ASPECT = 0.3;
    static final double MAX_ASPECT = 3.3;
    private static final int ATTEMPTS = 20;

    /**
     * A rectangle inside the image whose area, in whole pixels, keeps the bounds. None on images so small that twenty
     * attempts find none.
     */
    static Optional<RandomErasing> draw(ImageShape shape, RandomGenerator random) {
        int pixels = shape.pixels();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double area = random.nextDouble(MIN_AREA, MAX_AREA) * pixels;
            double aspect = Math.exp(random.nextDouble(Math.log(MIN_ASPECT), Math.log(MAX_ASPECT)));
            int height = (int) Math.round(Math.sqrt(area * aspect));
            int width = (int) Math.round(Math.sqrt(area / aspect));
            double share = (double) height * width / pixels;
            if (height <= shape.height() && width <= shape.width() && share >= MIN_AREA && share <= MAX_AREA) {
                int top = random.nextInt(shape.height() - height + 1);
                int left = random.nextInt(shape.width() - width + 1);
                return Optional.of(new RandomErasing(top, left, height, width));
            }
        }
        return Optional.empty();
    }

    /** Fills the rectangle in the image that begins at {@code offset}. */
    void apply(float[] images, int offset, ImageShape shape, RandomGenerator random) {
        int channels = shape.channels();
        for (int y = top; y < top + height; y++) {
            int row = offset + (y * shape.width() + left) * channels;
            for (int i = row; i < row + width * channels; i++) {
                images[i] = (float) random.nextGaussian();
            }
        }
    }
}
