package replklab.conv;

import static replklab.conv.Correlation.SPECIES;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A family of kernels that differ in the width of their blocks only.
 *
 * @param rows rows of outputs that a block computes at once, 1 or 2
 * @param taps taps of a row that are written out; 1 if the kernel has a loop over them
 * @param cyclesByWidth cycles a tap by a block's outputs in a row
 */
record BlockKind(int rows, int taps, Map<Integer, Double> cyclesByWidth) {
    /** 32 vector registers (AVX-512, NEON) hold two rows of eight accumulators and what feeds them; 16 hold two rows of five. */
    static final boolean MANY_REGISTERS = SPECIES.vectorBitSize() != 256;

    /** A loop over a row of taps, one row of outputs. */
    static final BlockKind ONE_ROW = rolled(1, 4, 7, 8);

    /** The same, two rows. */
    static final BlockKind TWO_ROWS = MANY_REGISTERS ? rolled(2, 3, 4, 5, 7, 8) : rolled(2, 3, 4, 5);

    /** Every kind. The cycles of those whose taps are written out were measured (AVX2): three taps do best in narrow blocks, seven in wide. */
    static final List<BlockKind> ALL = List.of(
            ONE_ROW,
            TWO_ROWS,
            new BlockKind(1, 3, Map.of(4, 2.9, 7, 5.4)),
            new BlockKind(1, 4, Map.of(4, 2.9, 7, 5.2)),
            new BlockKind(1, 5, Map.of(4, 2.9, 7, 5.2)),
            new BlockKind(1, 7, Map.of(4, 2.9, 7, 4.5, 10, 6.5, 14, 8.1)));

    /** Cycles it takes to begin a loop over a row of taps. */
    private static final double START = 18;

    /** Cycles a row that it takes to begin with further taps of an unrolled kind: a call for all rows, and the sums read again. */
    private static final double CHUNK = 5;

    BlockKind {
        cyclesByWidth = Map.copyOf(cyclesByWidth);
    }

    private static BlockKind rolled(int rows, int... widths) {
        Map<Integer, Double> cycles = new TreeMap<>();
        for (int width : widths) {
            // Two multiplications a cycle; two loads at best, with mostly unaligned neighbours one and a half; four
            // cycles from one sum to the next on the same accumulator; half a cycle for the loop.
            double most = Math.max(Math.max(rows * width / 2.0, (width + rows) / 1.5), 4);
            cycles.put(width, most + 0.5);
        }
        return new BlockKind(rows, 1, cycles);
    }

    /** The least number of taps, as many or more, that this kind takes. */
    int roundUp(int count) {
        return Math.ceilDiv(count, taps) * taps;
    }

    /** Cycles of a row of {@code count} taps for a block. */
    double cycles(int width, int count) {
        double begin = taps == 1 ? START : CHUNK * Math.ceilDiv(count, taps);
        return roundUp(count) * cyclesByWidth.get(width) + begin;
    }
}
