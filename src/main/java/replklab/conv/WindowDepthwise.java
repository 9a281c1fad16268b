package replklab.conv;

import static replklab.conv.Correlation.SPECIES;

import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import replklab.base.Parallel;
import replklab.conv.Scratch.Use;

/**
 * The direct algorithm for 3x3 filters at strides 1 and 2 without dilation, where vectors are many enough to hold a window of the map: nothing
 * is packed, pixels are read where they lie, those of several groups of channels in a row while their memory is near. Its caller has
 * checked the memory.
 */
final class WindowDepthwise {
    private static final int KERNEL = 3;
    private static final int TAPS = KERNEL * KERNEL;

    /** The widest map: a float sum of the weight gradient runs over two rows of it before it is added to a total. */
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
    private final int chunks;
    private final int columns;

    /** Rows of outputs that a kernel computes at once. */
    private final int rowsAtOnce;

    /** The places of a map where one begins. */
    private final int starts;

    private WindowDepthwise(ConvolutionShape s) {
        this.s = s;
        this.groups = Kernels.groups(s);
        this.chunks = Math.ceilDiv(groups, GROUPS_AT_ONCE);
        this.columns = s.outWidth();
        this.rowsAtOnce = s.stride() == 1 ? 2 : 1;
        this.starts = Math.ceilDiv(s.outHeight(), rowsAtOnce);
    }

    /** Whether it computes maps of this shape. */
    static boolean takes(ConvolutionShape s) {
        return BlockKind.MANY_REGISTERS
                && s.kernel() == KERNEL
                && s.dilation() == 1
                && s.stride() <= 2
                && s.width() <= WIDEST;
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
        return Math.ceilDiv(s.outHeight(), 2) * (s.outWidth() * CYCLES + perCall);
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
        if (s.stride() == 1) {
            new WindowDepthwise(s).correlate(dy, packed(s, w, true), Epilogue.NONE, dx);
        } else {
            new WindowDepthwise(s).spread(dy, packed(s, w, false), dx);
        }
    }

    private static MemorySegment packed(ConvolutionShape s, MemorySegment w, boolean flipped) {
        MemorySegment filters = Scratch.get(Use.SHARED, filterBytes(s));
        packFilters(s, w, flipped, filters);
        return filters;
    }

    static void weightGradient(ConvolutionShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        new WindowDepthwise(s).sumProducts(x, dy, dw);
    }

    /** What is done with some rows of a group of channels. */
    @FunctionalInterface
    private interface Body {
        void run(Window window, int group);
    }

    /** Tasks of rows that follow each other, over all maps, and of groups; as many as are worth it. */
    private int ranges(int most) {
        long all = (long) s.batch() * starts;
        return (int) Math.clamp(Math.min(all * groups * columns / TASK, most) / chunks, 1, all);
    }

    /** Goes through the starts of a range and the groups of a chunk. */
    private void forRows(int ranges, int task, IntFunction<Window> windows, Body body) {
        int all = s.batch() * starts;
        int range = task / chunks;
        int chunk = task % chunks;
        int end = Parallel.cut(groups, chunks, chunk + 1);
        for (int start = Parallel.cut(all, ranges, range); start < Parallel.cut(all, ranges, range + 1); start++) {
            Window window = windows.apply(start);
            for (int group = Parallel.cut(groups, chunks, chunk); group < end; group++) {
                body.run(window, group);
            }
        }
    }

    /** The rows of outputs at a start, of all maps. */
    private Window outputs(MemorySegment x, int start) {
        int n = start / starts;
        int outRow = start % starts * rowsAtOnce;
        int count = Math.min(rowsAtOnce, s.outHeight() - outRow);
        int row = outRow * s.stride();
        boolean first = row == 0;
        boolean last = row + count == s.height();
        long step = s.pixelBytes();
        long line = s.width() * step;
        long at = ((long) n * s.height() + row) * line;
        return new Window(
                s.stride() == 1 ? WindowKernels.dense(count) : WindowKernels.strided(count, s.width()),
                first ? Correlation.ZEROS : x,
                first ? 0 : at - line,
                first ? 0 : step,
                x,
                at,
                line,
                step,
                last ? Correlation.ZEROS : x,
                last ? 0 : at + count * line,
                last ? 0 : step,
                columns,
                ((long) n * s.outHeight() + outRow) * columns * step);
    }

    /** At stride 2, a row of dy and the two rows of dx that it goes to together with the next one. */
    private Window inputs(MemorySegment dy, int start) {
        int n = start / starts;
        int outRow = start % starts;
        boolean last = outRow + 1 == s.outHeight();
        long step = s.pixelBytes();
        long at = ((long) n * s.outHeight() + outRow) * columns * step;
        return new Window(
                WindowKernels.strided(Math.min(2, s.height() - 2 * outRow), s.width()),
                Correlation.ZEROS,
                0,
                0,
                dy,
                at,
                s.width() * step,
                step,
                last ? Correlation.ZEROS : dy,
                last ? 0 : at + columns * step,
                last ? 0 : step,
                columns,
                ((long) n * s.height() + 2L * outRow) * s.width() * step);
    }

    private void correlate(MemorySegment x, MemorySegment filters, Epilogue epilogue, MemorySegment y) {
        MemorySegment first = Scratch.get(Use.SECOND_SHARED, groups * BYTES);
        for (int group = 0; group < groups; group++) {
            Packing.fill(epilogue.bias(), group * V, Kernels.lanes(s, group), first.asSlice(group * BYTES, BYTES), 1);
        }
        Body body = epilogue.clamps()
                ? (window, group) -> WindowKernels.bound(
                        Kernels.lanes(s, group),
                        window,
                        group * BYTES,
                        filters,
                        first,
                        y,
                        epilogue.lowest(),
                        epilogue.highest())
                : (window, group) ->
                        WindowKernels.filter(Kernels.lanes(s, group), window, group * BYTES, filters, first, y);
        int ranges = ranges(MOST_TASKS);
        Parallel.forEach(ranges * chunks, task -> forRows(ranges, task, start -> outputs(x, start), body));
    }

    private void sumProducts(MemorySegment x, MemorySegment dy, MemorySegment dw) {
        int ranges = ranges(MOST_SUMS);
        long sumBytes = groups * TAPS * BYTES;
        MemorySegment sums = Scratch.get(Use.SHARED, ranges * sumBytes);
        sums.asSlice(0, ranges * sumBytes).fill((byte) 0);
        Parallel.forEach(ranges * chunks, task -> {
            long at = task / chunks * sumBytes;
            forRows(
                    ranges,
                    task,
                    start -> outputs(x, start),
                    (window, group) -> WindowKernels.add(
                            Kernels.lanes(s, group), window, group * BYTES, dy, sums, at + group * TAPS * BYTES));
        });
        MemorySegment total = sums.asSlice(0, sumBytes);
        for (int range = 1; range < ranges; range++) {
            Packing.add(total, sums.asSlice(range * sumBytes, sumBytes));
        }
        for (int group = 0; group < groups; group++) {
            Packing.unpack(total, group * TAPS * BYTES, TAPS, dw, group * V, s.channels(), Kernels.lanes(s, group));
        }
    }

    private void spread(MemorySegment dy, MemorySegment filters, MemorySegment dx) {
        int ranges = ranges(MOST_TASKS);
        Body body =
                (window, group) -> WindowKernels.spread(Kernels.lanes(s, group), window, group * BYTES, filters, dx);
        Parallel.forEach(ranges * chunks, task -> forRows(ranges, task, start -> inputs(dy, start), body));
    }
}
