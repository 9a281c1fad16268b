package replklab.conv;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import replklab.base.Remembered;
import replklab.conv.Correlation.Steps;

/** Which kernels cover a row of outputs, and what that costs. */
final class Blocks {
    private static final Remembered<Row, List<Integer>> COVERS =
            new Remembered<>(Blocks::search, widths -> 150 + 8L * widths.size());

    private Blocks() {}

    private record Row(BlockKind kind, int length, int taps) {}

    /** Widths of blocks, one after another, that cover a row of {@code length} outputs, the last one perhaps more. */
    static List<Integer> cover(BlockKind kind, int length, int taps) {
        return COVERS.of(new Row(kind, length, taps));
    }

    /** Outputs that {@link #cover} really computes. */
    static int covered(BlockKind kind, int length, int taps) {
        return cover(kind, length, taps).stream().mapToInt(Integer::intValue).sum();
    }

    private static List<Integer> search(Row row) {
        // Cheapest cover of every length up to this one, built up from nothing.
        double[] cost = new double[row.length() + 1];
        int[] last = new int[row.length() + 1];
        for (int n = 1; n <= row.length(); n++) {
            cost[n] = Double.POSITIVE_INFINITY;
            for (int width : row.kind().cyclesByWidth().keySet()) {
                double here = row.kind().cycles(width, row.taps()) + cost[Math.max(0, n - width)];
                // Of equal ones the wider: fewer calls. The map's order must not matter.
                if (here < cost[n] || (here == cost[n] && width > last[n])) {
                    cost[n] = here;
                    last[n] = width;
                }
            }
        }
        List<Integer> widths = new ArrayList<>();
        for (int n = row.length(); n > 0; n -= last[n]) {
            widths.add(last[n]);
        }
        // The last block is the narrowest: it may reach beyond the end.
        widths.sort(null);
        return List.copyOf(widths.reversed());
    }

    /**
     * Runs kernels for {@code blocks} neighbouring blocks of outputs. For an unrolled kind, pixels and taps must lie side by side,
     * the image's in either direction, and {@code taps} be a multiple of its own.
     */
    static void run(
            BlockKind kind,
            int width,
            Steps steps,
            int blocks,
            int tapRows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            long startAt,
            MemorySegment out,
            long outAt) {
        if (kind.taps() == 1) {
            CorrelationKernels.run(
                    kind, width, steps, blocks, tapRows, taps, image, imageAt, filter, filterAt, start, startAt, out,
                    outAt);
            return;
        }
        if (steps.column() < 0) {
            // Outputs whose images lie one before the other: begin with the last one.
            long more = (long) blocks * width - 1;
            Steps mirrored = steps.mirrored();
            run(
                    kind,
                    width,
                    mirrored,
                    blocks,
                    tapRows,
                    taps,
                    image,
                    imageAt + more * steps.column(),
                    filter,
                    filterAt,
                    start,
                    startAt + more * steps.startColumn(),
                    out,
                    outAt + more * steps.outColumn());
            return;
        }
        for (int tap = 0; tap < taps; tap += kind.taps()) {
            long x = imageAt + tap * steps.tapX();
            long w = filterAt + tap * steps.filterX();
            if (tap == 0) {
                CorrelationKernels.run(
                        kind, width, steps, blocks, tapRows, taps, image, x, filter, w, start, startAt, out, outAt);
            } else {
                Steps onward = steps.onward();
                CorrelationKernels.run(
                        kind, width, onward, blocks, tapRows, taps, image, x, filter, w, out, outAt, out, outAt);
            }
        }
    }
}
