package replklab.model;

import java.util.List;
import replklab.base.UsageException;
import replklab.conv.DepthwiseShape;

/**
 * A MobileNetV2 (Sandler et al. 2018, table 2) with the options of the paper's ablations.
 *
 * @param width factor on all channel counts, above 0; the paper's ablations have 0.75
 * @param kernel size of every depthwise kernel, odd; the original has 3
 * @param shortcut whether the inverted residuals have their identity shortcuts
 * @param stemStride stride of the first convolution; 2 for ImageNet
 * @param strides stride of each of the seven stages; 1, 2, 2, 2, 1, 2, 1 for ImageNet
 * @param lastChannels channels of the last pointwise convolution; 1280 in the original
 * @param inputChannels channels of an image
 * @param classes number of classes, at least 2
 */
public record MobileNetV2Config(
        double width,
        int kernel,
        boolean shortcut,
        int stemStride,
        List<Integer> strides,
        int lastChannels,
        int inputChannels,
        int classes) {
    /** Strides for ImageNet's resolution. */
    public static final List<Integer> IMAGENET_STRIDES = List.of(1, 2, 2, 2, 1, 2, 1);

    public MobileNetV2Config {
        if (!(width > 0 && width <= 4)) {
            throw new UsageException("width of MobileNetV2 is " + width + "; allowed is above 0 up to 4");
        }
        DepthwiseShape.requireKernel(kernel);
        strides = List.copyOf(strides);
        if (strides.size() != 7) {
            throw new UsageException(
                    "strides of MobileNetV2 are " + strides + "; there must be one for each of 7 stages");
        }
        for (int stride : strides) {
            requireStride("strides", stride);
        }
        requireStride("stemStride", stemStride);
        requireAtLeast("lastChannels", lastChannels, 1);
        requireAtLeast("inputChannels", inputChannels, 1);
        requireAtLeast("classes", classes, 2);
    }

    private static void requireStride(String name, int stride) {
        if (stride != 1 && stride != 2) {
            throw new UsageException(name + " of MobileNetV2: " + stride + "; allowed are 1 and 2");
        }
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new UsageException(name + " of MobileNetV2 is " + value + "; it must be at least " + least);
        }
    }

    /** The original for ImageNet. */
    public static MobileNetV2Config imageNet(double width) {
        return new MobileNetV2Config(width, 3, true, 2, IMAGENET_STRIDES, 1280, 3, 1000);
    }

    /** A channel count times the width, to the nearest multiple of 8 but not more than 10 % below. */
    int scaled(int channels) {
        int rounded = Math.max(8, (int) (channels * width + 4) / 8 * 8);
        return rounded < 0.9 * channels * width ? rounded + 8 : rounded;
    }
}
