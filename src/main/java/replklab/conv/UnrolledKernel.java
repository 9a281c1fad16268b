package replklab.conv;

import static replklab.conv.CorrelationKernel.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import replklab.conv.CorrelationKernel.Steps;

/**
 * {@link CorrelationKernel} for numbers of taps that are known beforehand: the loop over a row of taps is written out, three to
 * seven taps at a time, and costs nothing to start, which for small filters is half of the time.
 *
 * <p>Pixels and taps of a row must lie side by side: {@code column}, {@code tapX} and {@code filterX} of the steps are one vector.
 * Written out by hand in this order, each pixel is an operand of its multiplication and takes no register; HotSpot's own unrolling
 * loads first and runs out of registers. Fourteen sums and one tap fit AVX2's 16.
 */
final class UnrolledKernel {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long B = SPECIES.vectorByteSize();

    private UnrolledKernel() {}

    /** 4 neighbouring outputs in a row, 3 taps at a time. */
    static void oneBy4Taps3(
            Steps s,
            int blocks,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long tapY = s.tapY();
        final long filterY = s.filterY();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 4 * B;
            final long from = startAt + block * 4 * sc;
            final long to = outAt + block * 4 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            long x = imageBlock;
            long w = filterAt;
            for (int row = 0; row < rows; row++, x += tapY, w += filterY) {
                FloatVector f0 = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f0, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f0, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f0, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f0, a3);
                FloatVector f1 = FloatVector.fromMemorySegment(SPECIES, filter, w + B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f1, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f1, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f1, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f1, a3);
                FloatVector f2 = FloatVector.fromMemorySegment(SPECIES, filter, w + 2 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f2, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f2, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f2, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f2, a3);
            }
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
        }
    }

    /** 7 neighbouring outputs in a row, 3 taps at a time. */
    static void oneBy7Taps3(
            Steps s,
            int blocks,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long tapY = s.tapY();
        final long filterY = s.filterY();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 7 * B;
            final long from = startAt + block * 7 * sc;
            final long to = outAt + block * 7 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, start, from + 5 * sc, ORDER);
            FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, start, from + 6 * sc, ORDER);
            long x = imageBlock;
            long w = filterAt;
            for (int row = 0; row < rows; row++, x += tapY, w += filterY) {
                FloatVector f0 = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f0, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f0, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f0, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f0, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f0, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f0, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f0, a6);
                FloatVector f1 = FloatVector.fromMemorySegment(SPECIES, filter, w + B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f1, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f1, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f1, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f1, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f1, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f1, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f1, a6);
                FloatVector f2 = FloatVector.fromMemorySegment(SPECIES, filter, w + 2 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f2, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f2, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f2, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f2, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f2, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f2, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f2, a6);
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

    /** 4 neighbouring outputs in a row, 4 taps at a time. */
    static void oneBy4Taps4(
            Steps s,
            int blocks,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long tapY = s.tapY();
        final long filterY = s.filterY();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 4 * B;
            final long from = startAt + block * 4 * sc;
            final long to = outAt + block * 4 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            long x = imageBlock;
            long w = filterAt;
            for (int row = 0; row < rows; row++, x += tapY, w += filterY) {
                FloatVector f0 = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f0, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f0, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f0, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f0, a3);
                FloatVector f1 = FloatVector.fromMemorySegment(SPECIES, filter, w + B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f1, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f1, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f1, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f1, a3);
                FloatVector f2 = FloatVector.fromMemorySegment(SPECIES, filter, w + 2 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f2, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f2, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f2, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f2, a3);
                FloatVector f3 = FloatVector.fromMemorySegment(SPECIES, filter, w + 3 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f3, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f3, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f3, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f3, a3);
            }
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
        }
    }

    /** 7 neighbouring outputs in a row, 4 taps at a time. */
    static void oneBy7Taps4(
            Steps s,
            int blocks,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long tapY = s.tapY();
        final long filterY = s.filterY();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 7 * B;
            final long from = startAt + block * 7 * sc;
            final long to = outAt + block * 7 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, start, from + 5 * sc, ORDER);
            FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, start, from + 6 * sc, ORDER);
            long x = imageBlock;
            long w = filterAt;
            for (int row = 0; row < rows; row++, x += tapY, w += filterY) {
                FloatVector f0 = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f0, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f0, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f0, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f0, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f0, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f0, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f0, a6);
                FloatVector f1 = FloatVector.fromMemorySegment(SPECIES, filter, w + B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f1, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f1, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f1, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f1, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f1, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f1, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f1, a6);
                FloatVector f2 = FloatVector.fromMemorySegment(SPECIES, filter, w + 2 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f2, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f2, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f2, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f2, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f2, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f2, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f2, a6);
                FloatVector f3 = FloatVector.fromMemorySegment(SPECIES, filter, w + 3 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f3, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f3, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f3, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f3, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f3, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f3, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f3, a6);
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

    /** 4 neighbouring outputs in a row, 5 taps at a time. */
    static void oneBy4Taps5(
            Steps s,
            int blocks,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long tapY = s.tapY();
        final long filterY = s.filterY();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 4 * B;
            final long from = startAt + block * 4 * sc;
            final long to = outAt + block * 4 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            long x = imageBlock;
            long w = filterAt;
            for (int row = 0; row < rows; row++, x += tapY, w += filterY) {
                FloatVector f0 = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f0, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f0, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f0, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f0, a3);
                FloatVector f1 = FloatVector.fromMemorySegment(SPECIES, filter, w + B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f1, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f1, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f1, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f1, a3);
                FloatVector f2 = FloatVector.fromMemorySegment(SPECIES, filter, w + 2 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f2, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f2, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f2, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f2, a3);
                FloatVector f3 = FloatVector.fromMemorySegment(SPECIES, filter, w + 3 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f3, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f3, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f3, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f3, a3);
                FloatVector f4 = FloatVector.fromMemorySegment(SPECIES, filter, w + 4 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f4, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f4, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f4, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f4, a3);
            }
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
        }
    }

    /** 7 neighbouring outputs in a row, 5 taps at a time. */
    static void oneBy7Taps5(
            Steps s,
            int blocks,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long tapY = s.tapY();
        final long filterY = s.filterY();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 7 * B;
            final long from = startAt + block * 7 * sc;
            final long to = outAt + block * 7 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, start, from + 5 * sc, ORDER);
            FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, start, from + 6 * sc, ORDER);
            long x = imageBlock;
            long w = filterAt;
            for (int row = 0; row < rows; row++, x += tapY, w += filterY) {
                FloatVector f0 = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f0, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f0, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f0, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f0, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f0, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f0, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f0, a6);
                FloatVector f1 = FloatVector.fromMemorySegment(SPECIES, filter, w + B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f1, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f1, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f1, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f1, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f1, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f1, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f1, a6);
                FloatVector f2 = FloatVector.fromMemorySegment(SPECIES, filter, w + 2 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f2, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f2, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f2, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f2, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f2, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f2, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f2, a6);
                FloatVector f3 = FloatVector.fromMemorySegment(SPECIES, filter, w + 3 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f3, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f3, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f3, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f3, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f3, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f3, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f3, a6);
                FloatVector f4 = FloatVector.fromMemorySegment(SPECIES, filter, w + 4 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f4, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f4, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f4, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f4, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f4, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f4, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f4, a6);
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

    /** 4 neighbouring outputs in a row, 7 taps at a time. */
    static void oneBy4Taps7(
            Steps s,
            int blocks,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long tapY = s.tapY();
        final long filterY = s.filterY();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 4 * B;
            final long from = startAt + block * 4 * sc;
            final long to = outAt + block * 4 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            long x = imageBlock;
            long w = filterAt;
            for (int row = 0; row < rows; row++, x += tapY, w += filterY) {
                FloatVector f0 = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f0, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f0, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f0, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f0, a3);
                FloatVector f1 = FloatVector.fromMemorySegment(SPECIES, filter, w + B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f1, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f1, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f1, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f1, a3);
                FloatVector f2 = FloatVector.fromMemorySegment(SPECIES, filter, w + 2 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f2, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f2, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f2, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f2, a3);
                FloatVector f3 = FloatVector.fromMemorySegment(SPECIES, filter, w + 3 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f3, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f3, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f3, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f3, a3);
                FloatVector f4 = FloatVector.fromMemorySegment(SPECIES, filter, w + 4 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f4, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f4, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f4, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f4, a3);
                FloatVector f5 = FloatVector.fromMemorySegment(SPECIES, filter, w + 5 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f5, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f5, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f5, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f5, a3);
                FloatVector f6 = FloatVector.fromMemorySegment(SPECIES, filter, w + 6 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f6, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f6, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f6, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f6, a3);
            }
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
        }
    }

    /** 7 neighbouring outputs in a row, 7 taps at a time. */
    static void oneBy7Taps7(
            Steps s,
            int blocks,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long tapY = s.tapY();
        final long filterY = s.filterY();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 7 * B;
            final long from = startAt + block * 7 * sc;
            final long to = outAt + block * 7 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, start, from + 5 * sc, ORDER);
            FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, start, from + 6 * sc, ORDER);
            long x = imageBlock;
            long w = filterAt;
            for (int row = 0; row < rows; row++, x += tapY, w += filterY) {
                FloatVector f0 = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f0, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f0, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f0, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f0, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f0, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f0, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f0, a6);
                FloatVector f1 = FloatVector.fromMemorySegment(SPECIES, filter, w + B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f1, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f1, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f1, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f1, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f1, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f1, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f1, a6);
                FloatVector f2 = FloatVector.fromMemorySegment(SPECIES, filter, w + 2 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f2, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f2, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f2, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f2, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f2, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f2, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f2, a6);
                FloatVector f3 = FloatVector.fromMemorySegment(SPECIES, filter, w + 3 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f3, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f3, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f3, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f3, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f3, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f3, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f3, a6);
                FloatVector f4 = FloatVector.fromMemorySegment(SPECIES, filter, w + 4 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f4, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f4, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f4, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f4, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f4, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f4, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f4, a6);
                FloatVector f5 = FloatVector.fromMemorySegment(SPECIES, filter, w + 5 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f5, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f5, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f5, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f5, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f5, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f5, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f5, a6);
                FloatVector f6 = FloatVector.fromMemorySegment(SPECIES, filter, w + 6 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f6, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f6, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f6, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f6, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f6, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f6, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f6, a6);
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

    /** 10 neighbouring outputs in a row, 7 taps at a time. */
    static void oneBy10Taps7(
            Steps s,
            int blocks,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long tapY = s.tapY();
        final long filterY = s.filterY();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 10 * B;
            final long from = startAt + block * 10 * sc;
            final long to = outAt + block * 10 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, start, from + 5 * sc, ORDER);
            FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, start, from + 6 * sc, ORDER);
            FloatVector a7 = FloatVector.fromMemorySegment(SPECIES, start, from + 7 * sc, ORDER);
            FloatVector a8 = FloatVector.fromMemorySegment(SPECIES, start, from + 8 * sc, ORDER);
            FloatVector a9 = FloatVector.fromMemorySegment(SPECIES, start, from + 9 * sc, ORDER);
            long x = imageBlock;
            long w = filterAt;
            for (int row = 0; row < rows; row++, x += tapY, w += filterY) {
                FloatVector f0 = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f0, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f0, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f0, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f0, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f0, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f0, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f0, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f0, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f0, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f0, a9);
                FloatVector f1 = FloatVector.fromMemorySegment(SPECIES, filter, w + B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f1, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f1, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f1, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f1, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f1, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f1, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f1, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f1, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f1, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f1, a9);
                FloatVector f2 = FloatVector.fromMemorySegment(SPECIES, filter, w + 2 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f2, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f2, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f2, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f2, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f2, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f2, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f2, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f2, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f2, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f2, a9);
                FloatVector f3 = FloatVector.fromMemorySegment(SPECIES, filter, w + 3 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f3, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f3, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f3, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f3, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f3, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f3, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f3, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f3, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f3, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f3, a9);
                FloatVector f4 = FloatVector.fromMemorySegment(SPECIES, filter, w + 4 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f4, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f4, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f4, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f4, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f4, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f4, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f4, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f4, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f4, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 13 * B, ORDER)
                        .fma(f4, a9);
                FloatVector f5 = FloatVector.fromMemorySegment(SPECIES, filter, w + 5 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f5, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f5, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f5, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f5, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f5, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f5, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f5, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f5, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 13 * B, ORDER)
                        .fma(f5, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 14 * B, ORDER)
                        .fma(f5, a9);
                FloatVector f6 = FloatVector.fromMemorySegment(SPECIES, filter, w + 6 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f6, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f6, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f6, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f6, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f6, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f6, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f6, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 13 * B, ORDER)
                        .fma(f6, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 14 * B, ORDER)
                        .fma(f6, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 15 * B, ORDER)
                        .fma(f6, a9);
            }
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
            a4.intoMemorySegment(out, to + 4 * oc, ORDER);
            a5.intoMemorySegment(out, to + 5 * oc, ORDER);
            a6.intoMemorySegment(out, to + 6 * oc, ORDER);
            a7.intoMemorySegment(out, to + 7 * oc, ORDER);
            a8.intoMemorySegment(out, to + 8 * oc, ORDER);
            a9.intoMemorySegment(out, to + 9 * oc, ORDER);
        }
    }

    /** 14 neighbouring outputs in a row, 7 taps at a time. */
    static void oneBy14Taps7(
            Steps s,
            int blocks,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        final long tapY = s.tapY();
        final long filterY = s.filterY();
        final long sc = s.startColumn();
        final long oc = s.outColumn();
        for (int block = 0; block < blocks; block++) {
            final long imageBlock = imageAt + block * 14 * B;
            final long from = startAt + block * 14 * sc;
            final long to = outAt + block * 14 * oc;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, start, from, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, start, from + sc, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, start, from + 2 * sc, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, start, from + 3 * sc, ORDER);
            FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, start, from + 4 * sc, ORDER);
            FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, start, from + 5 * sc, ORDER);
            FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, start, from + 6 * sc, ORDER);
            FloatVector a7 = FloatVector.fromMemorySegment(SPECIES, start, from + 7 * sc, ORDER);
            FloatVector a8 = FloatVector.fromMemorySegment(SPECIES, start, from + 8 * sc, ORDER);
            FloatVector a9 = FloatVector.fromMemorySegment(SPECIES, start, from + 9 * sc, ORDER);
            FloatVector a10 = FloatVector.fromMemorySegment(SPECIES, start, from + 10 * sc, ORDER);
            FloatVector a11 = FloatVector.fromMemorySegment(SPECIES, start, from + 11 * sc, ORDER);
            FloatVector a12 = FloatVector.fromMemorySegment(SPECIES, start, from + 12 * sc, ORDER);
            FloatVector a13 = FloatVector.fromMemorySegment(SPECIES, start, from + 13 * sc, ORDER);
            long x = imageBlock;
            long w = filterAt;
            for (int row = 0; row < rows; row++, x += tapY, w += filterY) {
                FloatVector f0 = FloatVector.fromMemorySegment(SPECIES, filter, w, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x, ORDER).fma(f0, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f0, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f0, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f0, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f0, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f0, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f0, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f0, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f0, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f0, a9);
                a10 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f0, a10);
                a11 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f0, a11);
                a12 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f0, a12);
                a13 = FloatVector.fromMemorySegment(SPECIES, image, x + 13 * B, ORDER)
                        .fma(f0, a13);
                FloatVector f1 = FloatVector.fromMemorySegment(SPECIES, filter, w + B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + B, ORDER).fma(f1, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f1, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f1, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f1, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f1, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f1, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f1, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f1, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f1, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f1, a9);
                a10 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f1, a10);
                a11 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f1, a11);
                a12 = FloatVector.fromMemorySegment(SPECIES, image, x + 13 * B, ORDER)
                        .fma(f1, a12);
                a13 = FloatVector.fromMemorySegment(SPECIES, image, x + 14 * B, ORDER)
                        .fma(f1, a13);
                FloatVector f2 = FloatVector.fromMemorySegment(SPECIES, filter, w + 2 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 2 * B, ORDER)
                        .fma(f2, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f2, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f2, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f2, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f2, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f2, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f2, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f2, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f2, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f2, a9);
                a10 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f2, a10);
                a11 = FloatVector.fromMemorySegment(SPECIES, image, x + 13 * B, ORDER)
                        .fma(f2, a11);
                a12 = FloatVector.fromMemorySegment(SPECIES, image, x + 14 * B, ORDER)
                        .fma(f2, a12);
                a13 = FloatVector.fromMemorySegment(SPECIES, image, x + 15 * B, ORDER)
                        .fma(f2, a13);
                FloatVector f3 = FloatVector.fromMemorySegment(SPECIES, filter, w + 3 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 3 * B, ORDER)
                        .fma(f3, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f3, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f3, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f3, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f3, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f3, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f3, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f3, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f3, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f3, a9);
                a10 = FloatVector.fromMemorySegment(SPECIES, image, x + 13 * B, ORDER)
                        .fma(f3, a10);
                a11 = FloatVector.fromMemorySegment(SPECIES, image, x + 14 * B, ORDER)
                        .fma(f3, a11);
                a12 = FloatVector.fromMemorySegment(SPECIES, image, x + 15 * B, ORDER)
                        .fma(f3, a12);
                a13 = FloatVector.fromMemorySegment(SPECIES, image, x + 16 * B, ORDER)
                        .fma(f3, a13);
                FloatVector f4 = FloatVector.fromMemorySegment(SPECIES, filter, w + 4 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 4 * B, ORDER)
                        .fma(f4, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f4, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f4, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f4, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f4, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f4, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f4, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f4, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f4, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 13 * B, ORDER)
                        .fma(f4, a9);
                a10 = FloatVector.fromMemorySegment(SPECIES, image, x + 14 * B, ORDER)
                        .fma(f4, a10);
                a11 = FloatVector.fromMemorySegment(SPECIES, image, x + 15 * B, ORDER)
                        .fma(f4, a11);
                a12 = FloatVector.fromMemorySegment(SPECIES, image, x + 16 * B, ORDER)
                        .fma(f4, a12);
                a13 = FloatVector.fromMemorySegment(SPECIES, image, x + 17 * B, ORDER)
                        .fma(f4, a13);
                FloatVector f5 = FloatVector.fromMemorySegment(SPECIES, filter, w + 5 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 5 * B, ORDER)
                        .fma(f5, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f5, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f5, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f5, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f5, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f5, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f5, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f5, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 13 * B, ORDER)
                        .fma(f5, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 14 * B, ORDER)
                        .fma(f5, a9);
                a10 = FloatVector.fromMemorySegment(SPECIES, image, x + 15 * B, ORDER)
                        .fma(f5, a10);
                a11 = FloatVector.fromMemorySegment(SPECIES, image, x + 16 * B, ORDER)
                        .fma(f5, a11);
                a12 = FloatVector.fromMemorySegment(SPECIES, image, x + 17 * B, ORDER)
                        .fma(f5, a12);
                a13 = FloatVector.fromMemorySegment(SPECIES, image, x + 18 * B, ORDER)
                        .fma(f5, a13);
                FloatVector f6 = FloatVector.fromMemorySegment(SPECIES, filter, w + 6 * B, ORDER);
                a0 = FloatVector.fromMemorySegment(SPECIES, image, x + 6 * B, ORDER)
                        .fma(f6, a0);
                a1 = FloatVector.fromMemorySegment(SPECIES, image, x + 7 * B, ORDER)
                        .fma(f6, a1);
                a2 = FloatVector.fromMemorySegment(SPECIES, image, x + 8 * B, ORDER)
                        .fma(f6, a2);
                a3 = FloatVector.fromMemorySegment(SPECIES, image, x + 9 * B, ORDER)
                        .fma(f6, a3);
                a4 = FloatVector.fromMemorySegment(SPECIES, image, x + 10 * B, ORDER)
                        .fma(f6, a4);
                a5 = FloatVector.fromMemorySegment(SPECIES, image, x + 11 * B, ORDER)
                        .fma(f6, a5);
                a6 = FloatVector.fromMemorySegment(SPECIES, image, x + 12 * B, ORDER)
                        .fma(f6, a6);
                a7 = FloatVector.fromMemorySegment(SPECIES, image, x + 13 * B, ORDER)
                        .fma(f6, a7);
                a8 = FloatVector.fromMemorySegment(SPECIES, image, x + 14 * B, ORDER)
                        .fma(f6, a8);
                a9 = FloatVector.fromMemorySegment(SPECIES, image, x + 15 * B, ORDER)
                        .fma(f6, a9);
                a10 = FloatVector.fromMemorySegment(SPECIES, image, x + 16 * B, ORDER)
                        .fma(f6, a10);
                a11 = FloatVector.fromMemorySegment(SPECIES, image, x + 17 * B, ORDER)
                        .fma(f6, a11);
                a12 = FloatVector.fromMemorySegment(SPECIES, image, x + 18 * B, ORDER)
                        .fma(f6, a12);
                a13 = FloatVector.fromMemorySegment(SPECIES, image, x + 19 * B, ORDER)
                        .fma(f6, a13);
            }
            a0.intoMemorySegment(out, to, ORDER);
            a1.intoMemorySegment(out, to + oc, ORDER);
            a2.intoMemorySegment(out, to + 2 * oc, ORDER);
            a3.intoMemorySegment(out, to + 3 * oc, ORDER);
            a4.intoMemorySegment(out, to + 4 * oc, ORDER);
            a5.intoMemorySegment(out, to + 5 * oc, ORDER);
            a6.intoMemorySegment(out, to + 6 * oc, ORDER);
            a7.intoMemorySegment(out, to + 7 * oc, ORDER);
            a8.intoMemorySegment(out, to + 8 * oc, ORDER);
            a9.intoMemorySegment(out, to + 9 * oc, ORDER);
            a10.intoMemorySegment(out, to + 10 * oc, ORDER);
            a11.intoMemorySegment(out, to + 11 * oc, ORDER);
            a12.intoMemorySegment(out, to + 12 * oc, ORDER);
            a13.intoMemorySegment(out, to + 13 * oc, ORDER);
        }
    }
}
