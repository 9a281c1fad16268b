package replklab.conv;

import replklab.base.UsageException;

/**
 * The shape of a depthwise convolution with 'same' padding: input (batch, height, width, channels) in NHWC, one square
 * filter a channel, laid out (kernel, kernel, channels).
 *
 * @param batch number of images, at least 1
 * @param height input height in pixels, at least 1
 * @param width input width in pixels, at least 1
 * @param channels number of channels, at least 1
 * @param kernel side of the filter, odd, 1 to 63
 * @param stride step between output pixels, at least 1; one that is longer than the image is taken as its longer side, which
 *     gives the same
 * @param dilation step between filter taps, at least 1; likewise
 */
public record ConvolutionShape(int batch, int height, int width, int channels, int kernel, int stride, int dilation) {
    /** The largest kernel size the library takes. */
    public static final int MAX_KERNEL = 63;

    public ConvolutionShape {
        requirePositive("batch", batch);
        requirePositive("height", height);
        requirePositive("width", width);
        requirePositive("channels", channels);
        requireKernel(kernel);
        requirePositive("stride", stride);
        requirePositive("dilation", dilation);
        // A longer step leads out of the image at once, as this one does, but over memory that is not needed.
        stride = Math.min(stride, Math.max(height, width));
        dilation = Math.min(dilation, Math.max(height, width));
    }

    /** Throws {@link UsageException} unless {@code kernel} is odd and from 1 to {@value #MAX_KERNEL}. */
    public static int requireKernel(int kernel) {
        if (kernel < 1 || kernel > MAX_KERNEL || kernel % 2 == 0) {
            throw new UsageException("kernel size is " + kernel + "; allowed are odd numbers from 1 to " + MAX_KERNEL
                    + " ('same' padding needs a centre)");
        }
        return kernel;
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new UsageException(name + " of a depthwise convolution is " + value + "; it must be at least 1");
        }
    }

    /** Zeros around the input on each side: half the dilated kernel. */
    public int padding() {
        return dilation * (kernel - 1) / 2;
    }

    /** Output height: height over stride, rounded up. */
    public int outHeight() {
        return (height - 1) / stride + 1;
    }

    /** Output width: width over stride, rounded up. */
    public int outWidth() {
        return (width - 1) / stride + 1;
    }

    /** Number of floats in the input. */
    public long inputSize() {
        return (long) batch * height * width * channels;
    }

    /** Number of floats in the output. */
    public long outputSize() {
        return (long) batch * outHeight() * outWidth() * channels;
    }

    /** Number of floats in the filters. */
    public long filterSize() {
        return (long) kernel * kernel * channels;
    }

    /** Whether stride and dilation are 1. */
    public boolean isDense() {
        return stride == 1 && dilation == 1;
    }

    /** This shape with another batch size. */
    public ConvolutionShape withBatch(int other) {
        return new ConvolutionShape(other, height, width, channels, kernel, stride, dilation);
    }

    /** This shape with another kernel size. */
    public ConvolutionShape withKernel(int other) {
        return new ConvolutionShape(batch, height, width, channels, other, stride, dilation);
    }

    /** Bytes from a pixel to the next one. */
    long pixelBytes() {
        return (long) channels * Float.BYTES;
    }

    /**
     * Multiplications that touch the image, over the whole batch: those with the padding's zeros are not counted. The gradients
     * with respect to input and filters have as many each.
     */
    public long validMacs() {
        return (long) batch * channels * touching(height, outHeight()) * touching(width, outWidth());
    }

    /** Pairs of an output position and a tap along one axis that meet a pixel. */
    private long touching(int size, int outSize) {
        long sum = 0;
        for (int o = 0; o < outSize; o++) {
            for (int k = 0; k < kernel; k++) {
                int position = o * stride + k * dilation - padding();
                if (position >= 0 && position < size) {
                    sum++;
                }
            }
        }
        return sum;
    }
}
