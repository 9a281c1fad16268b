package replklab.data;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * A shift and a mirroring of one image. It is drawn apart from being applied, so that whatever lies on the same pixels
 * (a label for each) can move along.
 *
 * @param down rows by which the crop lies below the image's top edge, negative above it
 * @param right columns by which the crop lies right of the image's left edge, negative left of it
 * @param flip whether the crop is then mirrored left and right
 */
record Geometry(int down, int right, boolean flip) {
    static Geometry draw(Augmentation augmentation, RandomGenerator random) {
        int padding = augmentation.cropPadding();
        int down = padding == 0 ? 0 : random.nextInt(-padding, padding + 1);
        int right = padding == 0 ? 0 : random.nextInt(-padding, padding + 1);
        boolean flip = random.nextDouble() < augmentation.horizontalFlip();
        return new Geometry(down, right, flip);
    }

    boolean isIdentity() {
        return down == 0 && right == 0 && !flip;
    }

    /**
     * Writes the moved image.
     *
     * @param from one image (height, width, channels), not {@code into}
     * @param outside the value of each channel beyond the image's edges
     */
    void apply(float[] from, float[] into, int offset, ImageShape shape, float[] outside) {
        int height = shape.height();
        int width = shape.width();
        int channels = shape.channels();
        int at = Objects.checkFromIndexSize(offset, shape.values(), into.length);
        for (int y = 0; y < height; y++) {
            int row = y + down;
            for (int x = 0; x < width; x++) {
                int column = (flip ? width - 1 - x : x) + right;
                boolean inside = row >= 0 && row < height && column >= 0 && column < width;
                System.arraycopy(
                        inside ? from : outside, inside ? (row * width + column) * channels : 0, into, at, channels);
                at += channels;
            }
        }
    }

    /**
     * Writes the labels of the moved image's pixels.
     *
     * @param from a label a pixel, row by row, not {@code into}
     * @param outside the label beyond the image's edges
     */
    void apply(byte[] from, byte[] into, int offset, ImageShape shape, byte outside) {
        int height = shape.height();
        int width = shape.width();
        int at = Objects.checkFromIndexSize(offset, shape.pixels(), into.length);
        for (int y = 0; y < height; y++) {
            int row = y + down;
            for (int x = 0; x < width; x++) {
                int column = (flip ? width - 1 - x : x) + right;
                boolean inside = row >= 0 && row < height && column >= 0 && column < width;
                into[at++] = inside ? from[row * width + column] : outside;
            }
        }
    }
}
