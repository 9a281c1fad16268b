package replklab.conv;

import java.lang.foreign.MemorySegment;

/**
 * Depthwise convolution (cross-correlation, as in every deep-learning framework) on native float32 memory in NHWC.
 *
 * <p>Implementations check sizes, overlap and liveness before any unchecked access, and give the same bits whatever the
 * number of threads. Where a method throws {@link IllegalArgumentException}, the message names the segment.
 */
public interface DepthwiseConvolution {
    /** What the implementation is called in plans and benchmarks. */
    String name();

    /** The algorithm that a pass over a shape is computed by. */
    default String algorithm(ConvolutionShape shape, DepthwisePass pass) {
        return name();
    }

    /** Whether the implementation takes this shape; the others refuse it. */
    boolean supports(ConvolutionShape shape);

    /**
     * y = x * w, through the epilogue.
     *
     * @param x (batch, height, width, channels)
     * @param w (kernel, kernel, channels)
     * @param epilogue bias and bounds
     * @param y (batch, outHeight, outWidth, channels), overwritten
     * @throws IllegalArgumentException if a segment is missing, too small, not native, or overlaps the output
     */
    void forward(ConvolutionShape shape, MemorySegment x, MemorySegment w, Epilogue epilogue, MemorySegment y);

    /**
     * The gradient with respect to the input.
     *
     * @param dy (batch, outHeight, outWidth, channels)
     * @param w (kernel, kernel, channels)
     * @param dx (batch, height, width, channels), overwritten
     */
    void inputGradient(ConvolutionShape shape, MemorySegment dy, MemorySegment w, MemorySegment dx);

    /**
     * The gradient with respect to the filters.
     *
     * @param x (batch, height, width, channels)
     * @param dy (batch, outHeight, outWidth, channels)
     * @param dw (kernel, kernel, channels), overwritten
     */
    void weightGradient(ConvolutionShape shape, MemorySegment x, MemorySegment dy, MemorySegment dw);

    /** Both gradients, sharing what both need. Shapes are those of the single ones; the outputs must not overlap. */
    void gradients(
            ConvolutionShape shape,
            MemorySegment x,
            MemorySegment dy,
            MemorySegment w,
            MemorySegment dx,
            MemorySegment dw);
}
