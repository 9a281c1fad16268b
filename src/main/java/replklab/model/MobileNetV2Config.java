package replklab.model;

import java.util.List;
import replklab.base.UsageException;

/**
 * A MobileNetV2 (Sandler et al. 2018, table 2) with the options of the paper's ablations.
 *
 * @param width factor on all channel counts, above 0; the paper's ablations have 0.75
 * @param kernel size of every depthwise kernel, odd; the original has 3
 * @param kernels size of the depthwise kernels of each of the seven stages, odd, in place of {@code kernel}; empty where all are
 *     alike. Table 4's last stage is the seventh
 * @param smallKernel size of the kernel parallel to each depthwise one while training (table 3), odd and no larger; 0 for none
 * @param dilation step between the taps of every depthwise kernel (table 11), at least 1; above 1 only without small kernels
 * @param shortcut whether the inverted residuals have their identity shortcuts
 * @param stemStride stride of the first convolution; 2 for ImageNet
 * @param strides stride of each of the seven stages; 1, 2, 2, 2, 1, 2, 1 for ImageNet
 * @param blocks number of blocks of each of the seven stages, at least 1; empty for the original's 1, 2, 3, 4, 3, 3 and 1
 * @param lastChannels channels of the last pointwise convolution; 1280 in the original
 * @param inputChannels channels of an image
 * @param classes number of classes, at least 2
 */
public record MobileNetV2Config(
        double width,
        int kernel,
        List<Integer> kernels,
        int smallKernel,
        int dilation,
        boolean shortcut,
        int stemStride,
        List<Integer> strides,
        List<Integer> blocks,
        int lastChannels,
        int inputChannels,
        int classes) {
    private static final int STAGES = 7;
    private static final List<Integer> BLOCKS = List.of(1, 2, 3, 4, 3, 3, 1);

    /** Strides for ImageNet's resolution. */
    public static final List<Integer> IMAGENET_STRIDES = List.of(1, 2, 2, 2, 1, 2, 1);

    public MobileNetV2Config {
        if (!(width > 0 && width <= 4)) {
            throw new UsageException("width of MobileNetV2 is " + width + "; allowed is above 0 up to 4");
        }
        kernels = List.copyOf(kernels);
        if (!kernels.isEmpty() && kernels.size() != STAGES) {
            throw new UsageException("kernels of MobileNetV2 are " + kernels
                    + "; there must be none, or one for each of " + STAGES + " stages");
        }
        for (int size : kernels.isEmpty() ? List.of(kernel) : kernels) {
            requireDepthwise(size, smallKernel, dilation);
        }
        strides = List.copyOf(strides);
        if (strides.size() != STAGES) {
            throw new UsageException(
                    "strides of MobileNetV2 are " + strides + "; there must be one for each of 7 stages");
        }
        for (int stride : strides) {
            requireStride("strides", stride);
        }
        requireStride("stemStride", stemStride);
        blocks = List.copyOf(blocks);
        if (!blocks.isEmpty() && blocks.size() != STAGES) {
            throw new UsageException("blocks of MobileNetV2 are " + blocks + "; there must be none, for the original's "
                    + BLOCKS + ", or a number for each of " + STAGES + " stages");
        }
        blocks.forEach(count -> UsageException.requireAtLeast("blocks of MobileNetV2", count, 1));
        UsageException.requireAtLeast("lastChannels of MobileNetV2", lastChannels, 1);
        UsageException.requireAtLeast("inputChannels of MobileNetV2", inputChannels, 1);
        UsageException.requireAtLeast("classes of MobileNetV2", classes, 2);
    }

    /** Sizes that cannot be are refused by the kernel itself. */
    private static void requireDepthwise(int size, int smallKernel, int dilation) {
        DepthwiseKernel _ = new DepthwiseKernel(size, smallKernel, dilation);
    }

    /** One size of depthwise kernels, dense and with none beside them. */
    public MobileNetV2Config(
            double width,
            int kernel,
            boolean shortcut,
            int stemStride,
            List<Integer> strides,
            int lastChannels,
            int inputChannels,
            int classes) {
        this(
                width,
                kernel,
                List.of(),
                0,
                1,
                shortcut,
                stemStride,
                strides,
                List.of(),
                lastChannels,
                inputChannels,
                classes);
    }

    private static void requireStride(String name, int stride) {
        if (stride != 1 && stride != 2) {
            throw new UsageException(name + " of MobileNetV2: " + stride + "; allowed are 1 and 2");
        }
    }

    /** The original for ImageNet. */
    public static MobileNetV2Config imageNet(double width) {
        return new MobileNetV2Config(width, 3, true, 2, IMAGENET_STRIDES, 1280, 3, 1000);
    }

    /** This network with other depthwise kernels, the same in all stages. */
    public MobileNetV2Config withKernel(DepthwiseKernel depthwise) {
        return with(depthwise.size(), List.of(), depthwise.small(), depthwise.dilation(), blocks);
    }

    /** This network with a size of depthwise kernels for each of the seven stages. */
    public MobileNetV2Config withKernels(List<Integer> sizes) {
        return with(kernel, sizes, smallKernel, dilation, blocks);
    }

    /** This network with a number of blocks for each of the seven stages. */
    public MobileNetV2Config withBlocks(List<Integer> counts) {
        return with(kernel, kernels, smallKernel, dilation, counts);
    }

    private MobileNetV2Config with(int size, List<Integer> sizes, int small, int step, List<Integer> counts) {
        return new MobileNetV2Config(
                width,
                size,
                sizes,
                small,
                step,
                shortcut,
                stemStride,
                strides,
                counts,
                lastChannels,
                inputChannels,
                classes);
    }

    /** Number of blocks of a stage, counted from 0. */
    int blocks(int stage) {
        return (blocks.isEmpty() ? BLOCKS : blocks).get(stage);
    }

    /** The depthwise kernels of a stage, counted from 0. */
    DepthwiseKernel depthwise(int stage) {
        return new DepthwiseKernel(kernels.isEmpty() ? kernel : kernels.get(stage), smallKernel, dilation);
    }

    /** A channel count times the width, to the nearest multiple of 8 but not more than 10 % below. */
    int scaled(int channels) {
        int rounded = Math.max(8, (int) (channels * width + 4) / 8 * 8);
        return rounded < 0.9 * channels * width ? rounded + 8 : rounded;
    }
}
