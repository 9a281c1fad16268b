package replklab.conv;

import java.lang.foreign.MemorySegment;

/**
 * Where the kernels of {@link WindowDepthwise} read and write, in bytes of (batch, height, width, channels): one or two rows of outputs
 * and the rows of pixels that they see, the one above or below perhaps zeros instead.
 *
 * @param kind of kernel
 * @param above the row above the outputs' pixels
 * @param aboveStep from a pixel of it to the next one; 0 where it is a vector of zeros
 * @param x the outputs' pixels
 * @param at the first row's first one
 * @param row from a row of pixels to the next one
 * @param step from a pixel to the next one
 * @param below the row below the outputs' pixels
 * @param belowStep as {@code aboveStep}
 * @param width outputs of a row
 * @param outAt the first row's first output
 */
record Window(
        int kind,
        MemorySegment above,
        long aboveAt,
        long aboveStep,
        MemorySegment x,
        long at,
        long row,
        long step,
        MemorySegment below,
        long belowAt,
        long belowStep,
        int width,
        long outAt) {
    /** Where a channel, so many bytes from a pixel's first one, begins above: less than a pixel's step, and nowhere else in zeros. */
    long aboveAt(long channel) {
        return aboveAt + Math.min(channel, aboveStep);
    }

    /** The same below. */
    long belowAt(long channel) {
        return belowAt + Math.min(channel, belowStep);
    }
}
