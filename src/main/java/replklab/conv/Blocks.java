package replklab.conv;

import static replklab.conv.CorrelationKernel.SPECIES;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import replklab.conv.CorrelationKernel.Steps;

/** Which kernels cover a row of outputs, and what that costs. */
final class Blocks {
    /** 32 vector registers (AVX-512, NEON) hold two rows of eight accumulators and what feeds them; 16 hold two rows of five. */
    private static final boolean MANY_REGISTERS = SPECIES.vectorBitSize() != 256;

    private static final int[] ONE_ROW = {4, 7, 8};
    private static final int[] TWO_ROWS = MANY_REGISTERS ? new int[] {3, 4, 5, 7, 8} : new int[] {3, 4, 5};

    /** Fused multiply-adds that a core does in a cycle. */
    private static final double MULTIPLICATIONS = 2;

    /** Loads that it does beside them: two at best; measured with mostly unaligned neighbours, one and a half. */
    private static final double LOADS = 1.5;

    /** Cycles from a fused multiply-add to the next one on the same accumulator. */
    private static final double LATENCY = 4;

    /** Cycles of a loop's own. */
    private static final double LOOP = 0.5;

    private static final Map<Integer, List<Integer>> COVERS = new ConcurrentHashMap<>();

    private Blocks() {}

    /**
     * Widths of blocks, one after another, that cover a row of {@code length} outputs, the last one perhaps more.
     *
     * @param rows rows of outputs a kernel computes at once, 1 or 2
     */
    static List<Integer> cover(int rows, int length) {
        return COVERS.computeIfAbsent(length * 2 + rows - 1, key -> search(rows, length));
    }

    /** Outputs that {@link #cover} really computes. */
    static int covered(int rows, int length) {
        return cover(rows, length).stream().mapToInt(Integer::intValue).sum();
    }

    /** Cycles a tap for a block. */
    static double cycles(int rows, int width) {
        double multiplications = rows * width / MULTIPLICATIONS;
        double loads = (width + rows) / LOADS;
        return Math.max(Math.max(multiplications, loads), LATENCY) + LOOP;
    }

    private static List<Integer> search(int rows, int length) {
        // Cheapest cover of every length up to this one, built up from nothing.
        double[] cost = new double[length + 1];
        int[] last = new int[length + 1];
        for (int n = 1; n <= length; n++) {
            cost[n] = Double.POSITIVE_INFINITY;
            for (int width : rows == 1 ? ONE_ROW : TWO_ROWS) {
                double here = cycles(rows, width) + cost[Math.max(0, n - width)];
                // Of equal ones the wider: fewer calls.
                if (here <= cost[n]) {
                    cost[n] = here;
                    last[n] = width;
                }
            }
        }
        List<Integer> widths = new ArrayList<>();
        for (int n = length; n > 0; n -= last[n]) {
            // The block that may reach beyond the end was found last, so it goes to the end.
            widths.addFirst(last[n]);
        }
        widths.sort(null);
        return List.copyOf(widths.reversed());
    }

    /** Runs the kernel for {@code blocks} neighbouring blocks of {@code rows} x {@code width} outputs. */
    static void run(
            int rows,
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
        switch (rows * 10 + width) {
            case 14 ->
                CorrelationKernel.oneBy4(
                        steps, blocks, tapRows, taps, image, imageAt, filter, filterAt, start, startAt, out, outAt);
            case 17 ->
                CorrelationKernel.oneBy7(
                        steps, blocks, tapRows, taps, image, imageAt, filter, filterAt, start, startAt, out, outAt);
            case 18 ->
                CorrelationKernel.oneBy8(
                        steps, blocks, tapRows, taps, image, imageAt, filter, filterAt, start, startAt, out, outAt);
            case 23 ->
                CorrelationKernel.twoBy3(
                        steps, blocks, tapRows, taps, image, imageAt, filter, filterAt, start, startAt, out, outAt);
            case 24 ->
                CorrelationKernel.twoBy4(
                        steps, blocks, tapRows, taps, image, imageAt, filter, filterAt, start, startAt, out, outAt);
            case 25 ->
                CorrelationKernel.twoBy5(
                        steps, blocks, tapRows, taps, image, imageAt, filter, filterAt, start, startAt, out, outAt);
            case 27 ->
                CorrelationKernel.twoBy7(
                        steps, blocks, tapRows, taps, image, imageAt, filter, filterAt, start, startAt, out, outAt);
            case 28 ->
                CorrelationKernel.twoBy8(
                        steps, blocks, tapRows, taps, image, imageAt, filter, filterAt, start, startAt, out, outAt);
            default -> throw new IllegalArgumentException("no kernel for " + rows + " x " + width + " outputs");
        }
    }
}
