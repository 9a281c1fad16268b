package replklab.data;

import java.util.Arrays;
import java.util.Locale;
import replklab.base.UsageException;
import replklab.model.RepLKNetConfig;

/**
 * How an image of any size becomes a network's input at evaluation, as the authors of RepLKNet evaluate: bicubic, antialiased,
 * on bytes as Pillow does it. It moves accuracy on ImageNet by some tenths of a point, so results name it.
 *
 * @param resolution height and width of the input, at least 1
 * @param resize what happens to the image's shape
 * @param normalization mean and standard deviation of each channel; with one channel, images become grey
 */
public record Preprocessing(int resolution, Resize resize, Normalization normalization) {
    /** From this resolution on, the authors leave out the crop. */
    public static final int SQUARE_FROM = 384;

    private static final double CROP_RATIO = 224.0 / 256;

    /** What happens to an image's shape. */
    public enum Resize {
        /** The shorter side is resized to resolution / 0.875, rounded down (224: 256), and the centre is cut out. */
        CROP,
        /** Both sides are resized to the resolution, whatever the aspect ratio. */
        SQUARE;

        /** The value's name as users write it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The one of a {@link #key}.
         *
         * @throws UsageException if it is none, naming {@code source} and what is allowed
         */
        public static Resize of(String key, String source) {
            return Arrays.stream(values())
                    .filter(resize -> resize.key().equals(key))
                    .findFirst()
                    .orElseThrow(() -> UsageException.unknown(
                            source,
                            key,
                            Arrays.stream(values()).map(Resize::key).toList()));
        }
    }

    public Preprocessing {
        if (resolution < 1) {
            throw new UsageException("resolution " + resolution + ": must be at least 1");
        }
        if (normalization.channels() != 1 && normalization.channels() != 3) {
            throw new UsageException("normalisation of " + normalization.channels()
                    + " channels: images have 3, or 1 when they are made grey");
        }
    }

    /** The authors' choice for a resolution: {@link Resize#CROP} below {@value #SQUARE_FROM}, else {@link Resize#SQUARE}. */
    public static Preprocessing evaluation(int resolution, Normalization normalization) {
        return new Preprocessing(resolution, resolution < SQUARE_FROM ? Resize.CROP : Resize.SQUARE, normalization);
    }

    /**
     * The authors' choice for a network of theirs, which RepLKNet-XL is known by its kernels and widths: it wants {@link
     * Normalization#HALF}, all others {@link Normalization#IMAGENET}.
     *
     * @throws UsageException unless the network takes colour images, since nothing tells what else was trained on
     */
    public static Preprocessing of(RepLKNetConfig network, int resolution) {
        if (network.inputChannels() != 3) {
            throw new UsageException("the network takes images of " + network.inputChannels()
                    + " channels, not 3: say with what mean and standard deviation it was trained");
        }
        RepLKNetConfig xl = RepLKNetConfig.named("replknet-xl");
        boolean isXl = network.kernels().equals(xl.kernels())
                && network.channels().equals(xl.channels())
                && network.dwRatio() == xl.dwRatio();
        return evaluation(resolution, isXl ? Normalization.HALF : Normalization.IMAGENET);
    }

    /** Shape of every image that comes out. */
    public ImageShape shape() {
        return new ImageShape(resolution, resolution, normalization.channels());
    }

    /** What happens, in words, such as {@code "bicubic resize of the shorter side to 256, centre crop 224"}. */
    public String description() {
        return switch (resize) {
            case CROP -> "bicubic resize of the shorter side to " + shorterSide() + ", centre crop " + resolution;
            case SQUARE -> "bicubic resize to " + resolution + "x" + resolution;
        };
    }

    /** The resized bytes, not yet normalised. */
    RgbImage resized(RgbImage image) {
        RgbImage source = normalization.channels() == 1 ? image.grey() : image;
        return switch (resize) {
            case CROP -> centre(source);
            case SQUARE -> Resampler.resampleAndCrop(source, resolution, resolution, 0, 0, resolution);
        };
    }

    /** Writes the normalised input in the order (height, width, channels). */
    void apply(RgbImage image, float[] into, int offset) {
        write(resized(image), into, offset);
    }

    /** Writes a part of an image as the normalised input: how images are trained on. */
    void crop(RgbImage image, Resampler.Box box, float[] into, int offset) {
        write(Resampler.resample(image, box, resolution, resolution), into, offset);
    }

    /** Normalises an image of the right size. */
    void write(RgbImage image, float[] into, int offset) {
        float[][] tables = normalization.tables();
        int channels = tables.length;
        byte[] samples = image.samples();
        for (int p = 0; p < image.width() * image.height(); p++) {
            for (int c = 0; c < channels; c++) {
                into[offset + p * channels + c] = tables[c][samples[p * 3 + c] & 0xFF];
            }
        }
    }

    private int shorterSide() {
        return (int) (resolution / CROP_RATIO);
    }

    private RgbImage centre(RgbImage image) {
        int shorter = shorterSide();
        int width = image.width();
        int height = image.height();
        int resizedWidth = width <= height ? shorter : Math.toIntExact((long) shorter * width / height);
        int resizedHeight = height <= width ? shorter : Math.toIntExact((long) shorter * height / width);
        return Resampler.resampleAndCrop(
                image, resizedWidth, resizedHeight, margin(resizedWidth), margin(resizedHeight), resolution);
    }

    /** What is cut off on the left or top; a half is rounded to the even number, as Python does. */
    private int margin(int side) {
        return (int) Math.rint((side - resolution) / 2.0);
    }
}
