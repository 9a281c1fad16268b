package replklab.conv;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of the direct algorithm: a block of neighbouring outputs, each the sum over a rectangle of taps of
 * image times filter, for one vector of channels, added to what stands at {@code start}; then the same for the blocks that follow
 * in the row.
 *
 * <p>Both operands are packed with one vector of channels a pixel, so no lane is ever shuffled. The steps between
 * neighbouring outputs and between taps are parameters; that lets one kernel serve the forward pass (outputs: pixels, taps:
 * filter), the input gradient (a flipped filter), the weight gradient (outputs: filter taps, taps: pixels of the output
 * gradient) and a filter larger than the map (taps: the map's pixels, image: the filter).
 *
 * <p>Each method is one loop nest with its accumulators as locals: HotSpot keeps those in registers, while small helper
 * methods around vectors may be left out of line and box; that is why the methods repeat each other. At least eight
 * accumulators hide the latency of two FMA units; two rows of outputs share each loaded pixel, which keeps the load units
 * from being the limit. Two rows of five fill AVX2's 16 registers, AVX-512 and NEON have 32. The loop over a row of taps
 * counts with a step unknown to the compiler, so that HotSpot leaves it rolled: unrolled, its loads need more registers than
 * there are, and AVX2 code ran at a third of the speed. Memory is not checked here; {@link DirectDepthwise} has done so.
 */
final class CorrelationKernel {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private CorrelationKernel() {}

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

    /** 4 neighbouring outputs in a row. */
    static void oneBy4(
            Steps s,
            int blocks,
            int rows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long c = s.column();
        final long tapX = s.tapX();
        final long filterX = s.filterX();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 4 * c;
            final long from = startAt + block * 4 * sc;
            final long to = outAt + block * 4 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            for (int row = 0; row < rows; row++) {
                long x = imageBlock + row * s.tapY();
                long w = filterAt + row * s.filterY();
                for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {
                    FloatVector f = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                    a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f, a0);
                    a1 = FloatVector.fromMemorySegment(SPECIES, image, x + c, ORDER)
                            .fma(f, a1);
                    a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * c, ORDER)
                            .fma(f, a2);
                    a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * c, ORDER)
                            .fma(f, a3);
                }
            }
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
        }
    }

    /** 7 neighbouring outputs in a row. */
    static void oneBy7(
            Steps s,
            int blocks,
            int rows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long c = s.column();
        final long tapX = s.tapX();
        final long filterX = s.filterX();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 7 * c;
            final long from = startAt + block * 7 * sc;
            final long to = outAt + block * 7 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, start, from + 5 * sc, ORDER);
            FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, start, from + 6 * sc, ORDER);
            for (int row = 0; row < rows; row++) {
                long x = imageBlock + row * s.tapY();
                long w = filterAt + row * s.filterY();
                for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {
                    FloatVector f = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                    a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f, a0);
                    a1 = FloatVector.fromMemorySegment(SPECIES, image, x + c, ORDER)
                            .fma(f, a1);
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
                }
            }
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
            a4.intoMemorySegment(out, to + 4 * oc, ORDER);
            a5.intoMemorySegment(out, to + 5 * oc, ORDER);
            a6.intoMemorySegment(out, to + 6 * oc, ORDER);
        }
    }

    /** 8 neighbouring outputs in a row. */
    static void oneBy8(
            Steps s,
            int blocks,
            int rows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long c = s.column();
        final long tapX = s.tapX();
        final long filterX = s.filterX();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 8 * c;
            final long from = startAt + block * 8 * sc;
            final long to = outAt + block * 8 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, start, from + 5 * sc, ORDER);
            FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, start, from + 6 * sc, ORDER);
            FloatVector a7 = FloatVector.fromMemorySegment(SPECIES, start, from + 7 * sc, ORDER);
            for (int row = 0; row < rows; row++) {
                long x = imageBlock + row * s.tapY();
                long w = filterAt + row * s.filterY();
                for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {
                    FloatVector f = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                    a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f, a0);
                    a1 = FloatVector.fromMemorySegment(SPECIES, image, x + c, ORDER)
                            .fma(f, a1);
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
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
            a4.intoMemorySegment(out, to + 4 * oc, ORDER);
            a5.intoMemorySegment(out, to + 5 * oc, ORDER);
            a6.intoMemorySegment(out, to + 6 * oc, ORDER);
            a7.intoMemorySegment(out, to + 7 * oc, ORDER);
        }
    }

    /** As {@link #oneBy4}, for two rows of 3 outputs that meet the same image rows, with different filter rows. */
    static void twoBy3(
            Steps s,
            int blocks,
            int rows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long c = s.column();
        final long tapX = s.tapX();
        final long filterX = s.filterX();
        final long second = s.secondFilter();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 3 * c;
            final long from = startAt + block * 3 * sc;
            final long to = outAt + block * 3 * oc;
            final long fromSecond = from + s.startRow();
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + sc, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 2 * sc, ORDER);
            for (int row = 0; row < rows; row++) {
                long x = imageBlock + row * s.tapY();
                long w = filterAt + row * s.filterY();
                for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {
                    FloatVector f = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                    FloatVector g = FloatVector.fromMemorySegment(SPECIES, filter, w + second, ORDER);
                    FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER);
                    a0 = x0.fma(f, a0);
                    b0 = x0.fma(g, b0);
                    FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, image, x + c, ORDER);
                    a1 = x1.fma(f, a1);
                    b1 = x1.fma(g, b1);
                    FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * c, ORDER);
                    a2 = x2.fma(f, a2);
                    b2 = x2.fma(g, b2);
                }
            }
            final long toSecond = to + s.outRow();
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            b0.intoMemorySegment(out, toSecond, ORDER);
            b1.intoMemorySegment(out, toSecond + oc, ORDER);
            b2.intoMemorySegment(out, toSecond + 2 * oc, ORDER);
        }
    }

    /** As {@link #oneBy4}, for two rows of 4 outputs that meet the same image rows, with different filter rows. */
    static void twoBy4(
            Steps s,
            int blocks,
            int rows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long c = s.column();
        final long tapX = s.tapX();
        final long filterX = s.filterX();
        final long second = s.secondFilter();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 4 * c;
            final long from = startAt + block * 4 * sc;
            final long to = outAt + block * 4 * oc;
            final long fromSecond = from + s.startRow();
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + sc, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 2 * sc, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 3 * sc, ORDER);
            for (int row = 0; row < rows; row++) {
                long x = imageBlock + row * s.tapY();
                long w = filterAt + row * s.filterY();
                for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {
                    FloatVector f = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                    FloatVector g = FloatVector.fromMemorySegment(SPECIES, filter, w + second, ORDER);
                    FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER);
                    a0 = x0.fma(f, a0);
                    b0 = x0.fma(g, b0);
                    FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, image, x + c, ORDER);
                    a1 = x1.fma(f, a1);
                    b1 = x1.fma(g, b1);
                    FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * c, ORDER);
                    a2 = x2.fma(f, a2);
                    b2 = x2.fma(g, b2);
                    FloatVector x3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * c, ORDER);
                    a3 = x3.fma(f, a3);
                    b3 = x3.fma(g, b3);
                }
            }
            final long toSecond = to + s.outRow();
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
            b0.intoMemorySegment(out, toSecond, ORDER);
            b1.intoMemorySegment(out, toSecond + oc, ORDER);
            b2.intoMemorySegment(out, toSecond + 2 * oc, ORDER);
            b3.intoMemorySegment(out, toSecond + 3 * oc, ORDER);
        }
    }

    /** As {@link #oneBy4}, for two rows of 5 outputs that meet the same image rows, with different filter rows. */
    static void twoBy5(
            Steps s,
            int blocks,
            int rows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long c = s.column();
        final long tapX = s.tapX();
        final long filterX = s.filterX();
        final long second = s.secondFilter();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 5 * c;
            final long from = startAt + block * 5 * sc;
            final long to = outAt + block * 5 * oc;
            final long fromSecond = from + s.startRow();
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + sc, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 2 * sc, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 3 * sc, ORDER);
            FloatVector b4 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 4 * sc, ORDER);
            for (int row = 0; row < rows; row++) {
                long x = imageBlock + row * s.tapY();
                long w = filterAt + row * s.filterY();
                for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {
                    FloatVector f = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                    FloatVector g = FloatVector.fromMemorySegment(SPECIES, filter, w + second, ORDER);
                    FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER);
                    a0 = x0.fma(f, a0);
                    b0 = x0.fma(g, b0);
                    FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, image, x + c, ORDER);
                    a1 = x1.fma(f, a1);
                    b1 = x1.fma(g, b1);
                    FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * c, ORDER);
                    a2 = x2.fma(f, a2);
                    b2 = x2.fma(g, b2);
                    FloatVector x3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * c, ORDER);
                    a3 = x3.fma(f, a3);
                    b3 = x3.fma(g, b3);
                    FloatVector x4 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * c, ORDER);
                    a4 = x4.fma(f, a4);
                    b4 = x4.fma(g, b4);
                }
            }
            final long toSecond = to + s.outRow();
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
            a4.intoMemorySegment(out, to + 4 * oc, ORDER);
            b0.intoMemorySegment(out, toSecond, ORDER);
            b1.intoMemorySegment(out, toSecond + oc, ORDER);
            b2.intoMemorySegment(out, toSecond + 2 * oc, ORDER);
            b3.intoMemorySegment(out, toSecond + 3 * oc, ORDER);
            b4.intoMemorySegment(out, toSecond + 4 * oc, ORDER);
        }
    }

    /** As {@link #oneBy7}, for two rows of 7 outputs that meet the same image rows, with different filter rows. */
    static void twoBy7(
            Steps s,
            int blocks,
            int rows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long c = s.column();
        final long tapX = s.tapX();
        final long filterX = s.filterX();
        final long second = s.secondFilter();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 7 * c;
            final long from = startAt + block * 7 * sc;
            final long to = outAt + block * 7 * oc;
            final long fromSecond = from + s.startRow();
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, start, from + 5 * sc, ORDER);
            FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, start, from + 6 * sc, ORDER);
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + sc, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 2 * sc, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 3 * sc, ORDER);
            FloatVector b4 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 4 * sc, ORDER);
            FloatVector b5 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 5 * sc, ORDER);
            FloatVector b6 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 6 * sc, ORDER);
            for (int row = 0; row < rows; row++) {
                long x = imageBlock + row * s.tapY();
                long w = filterAt + row * s.filterY();
                for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {
                    FloatVector f = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                    FloatVector g = FloatVector.fromMemorySegment(SPECIES, filter, w + second, ORDER);
                    FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER);
                    a0 = x0.fma(f, a0);
                    b0 = x0.fma(g, b0);
                    FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, image, x + c, ORDER);
                    a1 = x1.fma(f, a1);
                    b1 = x1.fma(g, b1);
                    FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * c, ORDER);
                    a2 = x2.fma(f, a2);
                    b2 = x2.fma(g, b2);
                    FloatVector x3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * c, ORDER);
                    a3 = x3.fma(f, a3);
                    b3 = x3.fma(g, b3);
                    FloatVector x4 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * c, ORDER);
                    a4 = x4.fma(f, a4);
                    b4 = x4.fma(g, b4);
                    FloatVector x5 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * c, ORDER);
                    a5 = x5.fma(f, a5);
                    b5 = x5.fma(g, b5);
                    FloatVector x6 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * c, ORDER);
                    a6 = x6.fma(f, a6);
                    b6 = x6.fma(g, b6);
                }
            }
            final long toSecond = to + s.outRow();
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
            a4.intoMemorySegment(out, to + 4 * oc, ORDER);
            a5.intoMemorySegment(out, to + 5 * oc, ORDER);
            a6.intoMemorySegment(out, to + 6 * oc, ORDER);
            b0.intoMemorySegment(out, toSecond, ORDER);
            b1.intoMemorySegment(out, toSecond + oc, ORDER);
            b2.intoMemorySegment(out, toSecond + 2 * oc, ORDER);
            b3.intoMemorySegment(out, toSecond + 3 * oc, ORDER);
            b4.intoMemorySegment(out, toSecond + 4 * oc, ORDER);
            b5.intoMemorySegment(out, toSecond + 5 * oc, ORDER);
            b6.intoMemorySegment(out, toSecond + 6 * oc, ORDER);
        }
    }

    /** As {@link #oneBy8}, for two rows of 8 outputs that meet the same image rows, with different filter rows. */
    static void twoBy8(
            Steps s,
            int blocks,
            int rows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long c = s.column();
        final long tapX = s.tapX();
        final long filterX = s.filterX();
        final long second = s.secondFilter();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 8 * c;
            final long from = startAt + block * 8 * sc;
            final long to = outAt + block * 8 * oc;
            final long fromSecond = from + s.startRow();
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, start, from + 5 * sc, ORDER);
            FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, start, from + 6 * sc, ORDER);
            FloatVector a7 = FloatVector.fromMemorySegment(SPECIES, start, from + 7 * sc, ORDER);
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + sc, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 2 * sc, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 3 * sc, ORDER);
            FloatVector b4 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 4 * sc, ORDER);
            FloatVector b5 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 5 * sc, ORDER);
            FloatVector b6 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 6 * sc, ORDER);
            FloatVector b7 = FloatVector.fromMemorySegment(SPECIES, start, fromSecond + 7 * sc, ORDER);
            for (int row = 0; row < rows; row++) {
                long x = imageBlock + row * s.tapY();
                long w = filterAt + row * s.filterY();
                for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {
                    FloatVector f = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                    FloatVector g = FloatVector.fromMemorySegment(SPECIES, filter, w + second, ORDER);
                    FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER);
                    a0 = x0.fma(f, a0);
                    b0 = x0.fma(g, b0);
                    FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, image, x + c, ORDER);
                    a1 = x1.fma(f, a1);
                    b1 = x1.fma(g, b1);
                    FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * c, ORDER);
                    a2 = x2.fma(f, a2);
                    b2 = x2.fma(g, b2);
                    FloatVector x3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * c, ORDER);
                    a3 = x3.fma(f, a3);
                    b3 = x3.fma(g, b3);
                    FloatVector x4 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * c, ORDER);
                    a4 = x4.fma(f, a4);
                    b4 = x4.fma(g, b4);
                    FloatVector x5 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * c, ORDER);
                    a5 = x5.fma(f, a5);
                    b5 = x5.fma(g, b5);
                    FloatVector x6 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * c, ORDER);
                    a6 = x6.fma(f, a6);
                    b6 = x6.fma(g, b6);
                    FloatVector x7 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * c, ORDER);
                    a7 = x7.fma(f, a7);
                    b7 = x7.fma(g, b7);
                }
            }
            final long toSecond = to + s.outRow();
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
            a4.intoMemorySegment(out, to + 4 * oc, ORDER);
            a5.intoMemorySegment(out, to + 5 * oc, ORDER);
            a6.intoMemorySegment(out, to + 6 * oc, ORDER);
            a7.intoMemorySegment(out, to + 7 * oc, ORDER);
            b0.intoMemorySegment(out, toSecond, ORDER);
            b1.intoMemorySegment(out, toSecond + oc, ORDER);
            b2.intoMemorySegment(out, toSecond + 2 * oc, ORDER);
            b3.intoMemorySegment(out, toSecond + 3 * oc, ORDER);
            b4.intoMemorySegment(out, toSecond + 4 * oc, ORDER);
            b5.intoMemorySegment(out, toSecond + 5 * oc, ORDER);
            b6.intoMemorySegment(out, toSecond + 6 * oc, ORDER);
            b7.intoMemorySegment(out, toSecond + 7 * oc, ORDER);
        }
    }
}
