package replklab.conv;

import static replklab.conv.Correlation.SPECIES;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.conv.Scratch.Use;

/**
 * The direct algorithm for 3x3 filters at stride 1 without dilation, where vectors are many enough to hold a window of the map: nothing
 * is packed, pixels are read where they lie, those of several groups of channels in a row while their memory is near. Its caller has
 * checked the memory.
 */
final class WindowDepthwise {
    private static final int KERNEL = 3;
    private static final int TAPS = KERNEL * KERNEL;

    /** A sum over two rows has at most as many products as float arithmetic bears. */
    private static final int WIDEST = 256;

    /** Groups of channels that a task works on side by side. */
    private static final int GROUPS_AT_ONCE = 16;

    /** Columns of two rows of outputs, of one group, that are worth a task: some ten microseconds. */
    private static final int TASK = 1 << 11;

    private static final int MOST_TASKS = 256;

    /** The weight gradient's tasks have sums of their own. */
    private static final int MOST_SUMS = 64;

    /** Cycles of a column of two rows, forward. */
    private static final double CYCLES = 12;

    private static final int V = SPECIES.length();
    private static final long BYTES = SPECIES.vectorByteSize();

    private final ConvolutionShape s;
    private final int groups;
    private final int pairs;
    private final int chunks;

    private WindowDepthwise(ConvolutionShape s) {
        this.s = s;
        this.groups = Kernels.groups(s);
        this.pairs = Math.ceilDiv(s.height(), 2);
        this.chunks = Math.ceilDiv(groups, GROUPS_AT_ONCE);
    }

    /** Whether it computes maps of this shape. */
    static boolean takes(ConvolutionShape s) {
        return BlockKind.MANY_REGISTERS && s.isDense() && s.kernel() == KERNEL && s.width() <= WIDEST;
    }

    /** Bytes of the packed filters of all groups. */
    static long filterBytes(ConvolutionShape s) {
        return Kernels.groups(s) * TAPS * BYTES;
    }

    /** Packs filters, a vector a tap; flipped, they are turned by 180 degrees. */
    static void packFilters(ConvolutionShape s, MemorySegment w, boolean flipped, MemorySegment filters) {
        for (int group = 0; group < Kernels.groups(s); group++) {
            long from = group * V + (flipped ? (TAPS - 1L) * s.channels() : 0);
            long step = flipped ? -s.channels() : s.channels();
            Packing.row(w, from, step, Kernels.lanes(s, group), filters, group * TAPS * BYTES, TAPS);
        }
    }

    /** About how many cycles one map of one group takes in one pass. */
    static double work(ConvolutionShape s, double perCall) {
        return Math.ceilDiv(s.height(), 2) * (s.width() * CYCLES + perCall);
    }

    static void forward(ConvolutionShape s, MemorySegment x, MemorySegment w, Epilogue epilogue, MemorySegment y) {
        new WindowDepthwise(s).correlate(x, packed(s, w, false), epilogue, y);
    }

    /** With what {@link #packFilters} packed. */
    static void forwardPrepared(
            ConvolutionShape s, MemorySegment x, MemorySegment filters, Epilogue epilogue, MemorySegment y) {
        new WindowDepthwise(s).correlate(x, filters, epilogue, y);
    }

    static void inputGradient(ConvolutionShape s, MemorySegment dy, MemorySegment w, MemorySegment dx) {
        new WindowDepthwise(s).correlate(dy, packed(s, w, true), Epilogue.NONE, dx);
    }

    private static MemorySegment packed(ConvolutionShape s, MemorySegment w, boolean flipped) {
        MemorySegment filters = Scratch.get(Use.SHARED, filterBytes(s));
        packFilters(s, w, flipped, filters);
        return filters;
    }

    static void weightGradient(ConvolutionShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        new WindowDepthwise(s).sumProducts(x, dy, dw);
    }

    /** One or two neighbouring rows of outputs and the rows of pixels that they see, as the kernels take them. */
    private record Rows(int count, Line above, long at, Line below) {}

    /**
     * A row of pixels in (batch, height, width, channels), or zeros instead.
     *
     * @param at byte of the first pixel
     * @param step bytes from a pixel to the next one, 0 for zeros
     */
    private record Line(MemorySegment memory, long at, long step) {
        private static final Line ZEROS = new Line(Correlation.ZEROS, 0, 0);

        long at(int group) {
            return step == 0 ? 0 : at + group * BYTES;
        }
    }

    /** What is done with some rows of a group of channels. */
    @FunctionalInterface
    private interface Body {
        void run(Rows rows, int group);
    }

    /** Tasks of rows that follow each other, over all maps, and of groups; as many as are worth it. */
    private int ranges(int most) {
        long columns = (long) s.batch() * pairs * groups * s.width();
        return (int) Math.clamp(Math.min(columns / TASK, most) / chunks, 1, (long) s.batch() * pairs);
    }

    private void forRows(MemorySegment x, int ranges, int range, int chunk, Body body) {
        int all = s.batch() * pairs;
        int end = Parallel.cut(groups, chunks, chunk + 1);
        for (int pair = Parallel.cut(all, ranges, range); pair < Parallel.cut(all, ranges, range + 1); pair++) {
            Rows rows = rows(x, pair / pairs, pair % pairs * 2);
            for (int group = Parallel.cut(groups, chunks, chunk); group < end; group++) {
                body.run(rows, group);
            }
        }
    }

    private Rows rows(MemorySegment x, int n, int row) {
        int count = Math.min(2, s.height() - row);
        long step = s.pixelBytes();
        long line = s.width() * step;
        long at = ((long) n * s.height() + row) * line;
        return new Rows(
                count,
                row == 0 ? Line.ZEROS : new Line(x, at - line, step),
                at,
                row + count == s.height() ? Line.ZEROS : new Line(x, at + count * line, step));
    }

    private void correlate(MemorySegment x, MemorySegment filters, Epilogue epilogue, MemorySegment y) {
        MemorySegment starts = Scratch.get(Use.SECOND_SHARED, groups * BYTES);
        for (int group = 0; group < groups; group++) {
            Packing.fill(epilogue.bias(), group * V, Kernels.lanes(s, group), starts.asSlice(group * BYTES, BYTES), 1);
        }
        int ranges = ranges(MOST_TASKS);
        Parallel.forEach(
                ranges * chunks,
                task -> forRows(
                        x,
                        ranges,
                        task / chunks,
                        task % chunks,
                        (rows, group) -> filter(rows, group, x, filters, starts, epilogue, y)));
    }

    private void filter(
            Rows rows,
            int group,
            MemorySegment x,
            MemorySegment filters,
            MemorySegment starts,
            Epilogue epilogue,
            MemorySegment y) {
        int lanes = Kernels.lanes(s, group);
        long at = rows.at() + group * BYTES;
        long step = s.pixelBytes();
        Line above = rows.above();
        Line below = rows.below();
        if (epilogue.clamps()) {
            WindowKernels.bound(
                    rows.count(),
                    lanes,
                    above.memory(),
                    above.at(group),
                    above.step(),
                    x,
                    at,
                    s.width() * step,
                    step,
                    below.memory(),
                    below.at(group),
                    below.step(),
                    s.width(),
                    filters,
                    group * TAPS * BYTES,
                    starts,
                    group * BYTES,
                    y,
                    at,
                    epilogue.lowest(),
                    epilogue.highest());
        } else {
            WindowKernels.filter(
                    rows.count(),
                    lanes,
                    above.memory(),
                    above.at(group),
                    above.step(),
                    x,
                    at,
                    s.width() * step,
                    step,
                    below.memory(),
                    below.at(group),
                    below.step(),
                    s.width(),
                    filters,
                    group * TAPS * BYTES,
                    starts,
                    group * BYTES,
                    y,
                    at);
        }
    }

    private void sumProducts(MemorySegment x, MemorySegment dy, MemorySegment dw) {
        int ranges = ranges(MOST_SUMS);
        long sumBytes = groups * TAPS * BYTES;
        MemorySegment sums = Scratch.get(Use.SHARED, ranges * sumBytes);
        sums.asSlice(0, ranges * sumBytes).fill((byte) 0);
        Parallel.forEach(
                ranges * chunks,
                task -> forRows(
                        x,
                        ranges,
                        task / chunks,
                        task % chunks,
                        (rows, group) -> add(rows, group, x, dy, sums, task / chunks * sumBytes)));
        MemorySegment total = sums.asSlice(0, sumBytes);
        for (int range = 1; range < ranges; range++) {
            Packing.add(total, sums.asSlice(range * sumBytes, sumBytes));
        }
        for (int group = 0; group < groups; group++) {
            Packing.unpack(total, group * TAPS * BYTES, TAPS, dw, group * V, s.channels(), Kernels.lanes(s, group));
        }
    }

    private void add(Rows rows, int group, MemorySegment x, MemorySegment dy, MemorySegment sums, long sumsAt) {
        long at = rows.at() + group * BYTES;
        long step = s.pixelBytes();
        Line above = rows.above();
        Line below = rows.below();
        WindowKernels.add(
                rows.count(),
                Kernels.lanes(s, group),
                above.memory(),
                above.at(group),
                above.step(),
                x,
                at,
                s.width() * step,
                step,
                below.memory(),
                below.at(group),
                below.step(),
                s.width(),
                dy,
                at,
                sums,
                sumsAt + group * TAPS * BYTES);
    }
}
