package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.tensor.cpu.ThreadScratch.Operand;

/** The product aᵀ b of two tall matrices, summed over their many rows: a weight gradient. */
final class SummedProduct {
    /** Pieces to have at least, if the product is large enough. */
    private static final int WANTED = 16;

    /** Rows that are summed at once: their part of both matrices stays in a core's cache. */
    private static final int ROWS = 400;

    private static final int LEAST_COLUMNS = 64;

    /** Floats of all ranges' sums together. */
    private static final long MOST_PARTS = 1 << 21;

    private SummedProduct() {}

    /**
     * c = aᵀ b, of two tensors without gaps between their rows.
     *
     * @param format that they are multiplied in
     * @param rows of both
     * @param aColumns rows of the result
     * @param bColumns columns of the result
     */
    static void transposed(
            OperandFormat format,
            int rows,
            MemorySegment a,
            int aColumns,
            MemorySegment b,
            int bColumns,
            MemorySegment c) {
        long size = (long) aColumns * bColumns;
        int ranges = Math.clamp(Math.min(rows / ROWS, MOST_PARTS / size), 1, WANTED);
        int panels = Math.clamp(aColumns / LEAST_COLUMNS, 1, Math.ceilDiv(WANTED, ranges));
        // A range that is one piece is rounded there, while it is in its core's cache.
        boolean together = panels > 1;
        Matrix allA = together ? format.matrix(a, 0, rows, aColumns, Operand.LEFT) : null;
        Matrix allB = together ? format.matrix(b, 0, rows, bColumns, Operand.RIGHT) : null;
        MemorySegment parts = ranges == 1 ? c : ThreadScratch.get(ranges * size);
        Parallel.forEach(ranges * panels, piece -> {
            int range = piece % ranges;
            int panel = piece / ranges;
            int from = Parallel.cut(rows, ranges, range);
            int to = Parallel.cut(rows, ranges, range + 1);
            int first = Parallel.cut(aColumns, panels, panel);
            int count = Parallel.cut(aColumns, panels, panel + 1) - first;
            Matrix sum = Matrix.of(parts, range * size + (long) first * bColumns, bColumns);
            int steps = Math.ceilDiv(to - from, ROWS);
            for (int step = 0; step < steps; step++) {
                int row = from + Parallel.cut(to - from, steps, step);
                int depth = from + Parallel.cut(to - from, steps, step + 1) - row;
                Matrix left = together
                        ? allA.from(row, first)
                        : format.matrix(a, (long) row * aColumns, depth, aColumns, Operand.LEFT);
                Matrix right = together
                        ? allB.from(row, 0)
                        : format.matrix(b, (long) row * bColumns, depth, bColumns, Operand.RIGHT);
                Gemm.multiply(count, bColumns, depth, left.transpose(), right, step > 0, sum);
            }
        });
        if (ranges > 1) {
            Reductions.sumParts(parts, ranges, size, c);
        }
    }
}
