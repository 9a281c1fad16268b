package replklab.data;

import replklab.base.UsageException;

/**
 * The size of one image. Its values lie in the order (height, width, channels), channels innermost.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param channels values a pixel, at least 1
 */
public record ImageShape(int height, int width, int channels) {
    public ImageShape {
        if (height < 1 || width < 1 || channels < 1) {
            throw new UsageException("image shape " + height + "x" + width + "x" + channels
                    + ": height, width and channels must be at least 1");
        }
    }

    /** Pixels of an image: height times width. */
    public int pixels() {
        return height * width;
    }

    /** Floats of an image: height times width times channels. */
    public int values() {
        return height * width * channels;
    }

    @Override
    public String toString() {
        return height + "x" + width + "x" + channels;
    }
}
