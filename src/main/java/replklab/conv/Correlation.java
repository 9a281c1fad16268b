package replklab.conv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the direct algorithm's inner loops compute ({@code CorrelationKernels}, which src/kernels writes): a block of neighbouring
 * outputs, each the sum over a rectangle of taps of image times filter, for one vector of channels, added to what stands at
 * {@code start}; then the same for the blocks that follow in the row.
 *
 * <p>Both operands are packed with one vector of channels a pixel, so no lane is ever shuffled. The steps between
 * neighbouring outputs and between taps are parameters; that lets one kernel serve the forward pass (outputs: pixels, taps:
 * filter), the input gradient (a flipped filter), the weight gradient (outputs: filter taps, taps: pixels of the output
 * gradient) and a filter larger than the map (taps: the map's pixels, image: the filter). Memory is not checked there; {@link
 * DirectDepthwise} has done so.
 */
final class Correlation {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Read instead of pixels that are not there: a vector, which a step of 0 makes a row of. */
    static final MemorySegment ZEROS = Arena.global().allocate(SPECIES.vectorByteSize(), 64);

    private Correlation() {}

    /**
     * The steps of one correlation, in bytes.
     *
     * @param column image step from an output to the next one in a row
     * @param tapX image step from a tap to the next one in a row
     * @param tapY image step from a row of taps to the next one
     * @param filterX filter step from a tap to the next one in a row
     * @param filterY filter step from a row of taps to the next one
     * @param secondFilter filter step from the first row of outputs to the second, for the same image rows
     * @param startColumn step between the starting values of neighbouring outputs
     * @param startRow step between the starting values of the two rows
     * @param outColumn step between neighbouring outputs
     * @param outRow step between the two rows of outputs
     */
    record Steps(
            long column,
            long tapX,
            long tapY,
            long filterX,
            long filterY,
            long secondFilter,
            long startColumn,
            long startRow,
            long outColumn,
            long outRow) {
        /** The same for outputs in the opposite order. */
        Steps mirrored() {
            return new Steps(
                    -column, tapX, tapY, filterX, filterY, secondFilter, -startColumn, startRow, -outColumn, outRow);
        }

        /** The same for sums that start with what the outputs hold. */
        Steps onward() {
            return new Steps(column, tapX, tapY, filterX, filterY, secondFilter, outColumn, outRow, outColumn, outRow);
        }
    }
}
