package replklab.conv;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of the direct algorithm: a block of neighbouring outputs, each the sum over a rectangle of taps of
 * image times filter, for one vector of channels.
 *
 * <p>Both operands are packed with one vector of channels a pixel, so no lane is ever shuffled. The steps between
 * neighbouring outputs and between taps are parameters; that lets one kernel serve the forward pass (output: pixels, taps:
 * filter), the input gradient (flipped filter: a negative step) and the weight gradient (output: filter taps, taps: pixels
 * of the output gradient).
 *
 * <p>Each method is one loop nest with its accumulators as locals: HotSpot keeps those in registers, while small helper
 * methods around vectors may be left out of line and box. The loop over a row of taps counts with a step unknown to the
 * compiler, so that HotSpot leaves it rolled: unrolled, its loads need more registers than there are, and AVX2 code ran at a
 * third of the speed. Memory is not checked here; {@link DirectDepthwise} has done so.
 */
final class CorrelationKernel {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private CorrelationKernel() {}

    /**
     * The steps of one correlation, in bytes.
     *
     * @param column image step from an output to the next one
     * @param tapX image step from a tap to the next one in a row
     * @param tapY image step from a row of taps to the next one
     * @param filterX filter step from a tap to the next one in a row
     * @param filterY filter step from a row of taps to the next one
     * @param taps number of taps in a row
     */
    record Steps(long column, long tapX, long tapY, long filterX, long filterY, int taps) {}

    /**
     * Adds to eight neighbouring outputs at {@code out + outAt}, one vector each, the sum over {@code rows} rows of taps.
     */
    static void add8(
            Steps s,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment out,
            long outAt) {
        final long c = s.column;
        final long tapX = s.tapX;
        final long filterX = s.filterX;
        final int taps = s.taps;
        final long vector = SPECIES.vectorByteSize();
        FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, out, outAt, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, out, outAt + vector, ORDER);
        FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, out, outAt + 2 * vector, ORDER);
        FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, out, outAt + 3 * vector, ORDER);
        FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, out, outAt + 4 * vector, ORDER);
        FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, out, outAt + 5 * vector, ORDER);
        FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, out, outAt + 6 * vector, ORDER);
        FloatVector a7 = FloatVector.fromMemorySegment(SPECIES, out, outAt + 7 * vector, ORDER);
        for (int row = 0; row < rows; row++) {
            long x = imageAt + row * s.tapY;
            long w = filterAt + row * s.filterY;
            for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {
                FloatVector f = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + c, ORDER).fma(f, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * c, ORDER)
                        .fma(f, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * c, ORDER)
                        .fma(f, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * c, ORDER)
                        .fma(f, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * c, ORDER)
                        .fma(f, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * c, ORDER)
                        .fma(f, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * c, ORDER)
                        .fma(f, a7);
            }
        }
        a0.intoMemorySegment(out, outAt, ORDER);
        a1.intoMemorySegment(out, outAt + vector, ORDER);
        a2.intoMemorySegment(out, outAt + 2 * vector, ORDER);
        a3.intoMemorySegment(out, outAt + 3 * vector, ORDER);
        a4.intoMemorySegment(out, outAt + 4 * vector, ORDER);
        a5.intoMemorySegment(out, outAt + 5 * vector, ORDER);
        a6.intoMemorySegment(out, outAt + 6 * vector, ORDER);
        a7.intoMemorySegment(out, outAt + 7 * vector, ORDER);
    }

    /** As {@link #add8}, for four neighbouring outputs. */
    static void add4(
            Steps s,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment out,
            long outAt) {
        final long c = s.column;
        final long tapX = s.tapX;
        final long filterX = s.filterX;
        final int taps = s.taps;
        final long vector = SPECIES.vectorByteSize();
        FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, out, outAt, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, out, outAt + vector, ORDER);
        FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, out, outAt + 2 * vector, ORDER);
        FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, out, outAt + 3 * vector, ORDER);
        for (int row = 0; row < rows; row++) {
            long x = imageAt + row * s.tapY;
            long w = filterAt + row * s.filterY;
            for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {
                FloatVector f = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + c, ORDER).fma(f, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * c, ORDER)
                        .fma(f, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * c, ORDER)
                        .fma(f, a3);
            }
        }
        a0.intoMemorySegment(out, outAt, ORDER);
        a1.intoMemorySegment(out, outAt + vector, ORDER);
        a2.intoMemorySegment(out, outAt + 2 * vector, ORDER);
        a3.intoMemorySegment(out, outAt + 3 * vector, ORDER);
    }
}
