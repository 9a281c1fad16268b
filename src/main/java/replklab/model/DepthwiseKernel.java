package replklab.model;

import replklab.base.UsageException;
import replklab.conv.ConvolutionShape;

/**
 * The depthwise kernel of a block.
 *
 * @param size its side, odd
 * @param small side of the kernel parallel to it while training, odd and no larger; 0 for none
 * @param dilation step between its taps, at least 1; above 1 only without a parallel kernel, whose taps would lie between
 */
public record DepthwiseKernel(int size, int small, int dilation) {
    public DepthwiseKernel {
        ConvolutionShape.requireKernel(size);
        if (small != 0 && (small < 0 || small % 2 == 0 || small > size)) {
            throw new UsageException("smallKernel is " + small
                    + "; allowed are 0, for none, and odd numbers up to the depthwise kernel, " + size);
        }
        UsageException.requireAtLeast("dilation", dilation, 1);
        if (dilation > 1 && small > 0) {
            throw new UsageException(
                    "dilation " + dilation + " and smallKernel " + small
                            + ": a dilated kernel has no taps where a parallel one would be merged; set one to 1 or the other to 0");
        }
    }

    /** A dense kernel with none beside it. */
    public static DepthwiseKernel plain(int size) {
        return new DepthwiseKernel(size, 0, 1);
    }
}
