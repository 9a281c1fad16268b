package replklab.conv;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.conv.Scratch.Use;

/**
 * The direct algorithm: sums over the taps that touch the image, one vector of channels at a time.
 *
 * <p>One image's group of channels is packed into scratch memory, a vector a pixel, so the inner loop reads one
 * cache-resident stream. Work is cut by group of channels and a number of image ranges that depends on the shape alone.
 */
public final class DirectDepthwise implements DepthwiseConvolution {
    /** About as many parts as make the load even on some ten threads. */
    private static final int PARTS = 32;

    private static final int V = Kernels.vectorLength();

    @Override
    public String name() {
        return "direct";
    }

    @Override
    public boolean supports(DepthwiseShape s) {
        return true;
    }

    @Override
    public void forward(DepthwiseShape s, MemorySegment x, MemorySegment w, Epilogue epilogue, MemorySegment y) {
        SegmentChecks.requireForward(s, x, w, epilogue, y);
        if (s.isDense()) {
            correlate(s, x, w, false, epilogue, y);
        } else {
            StridedDepthwise.forward(s, x, w, epilogue, y);
        }
    }

    @Override
    public void inputGradient(DepthwiseShape s, MemorySegment dy, MemorySegment w, MemorySegment dx) {
        SegmentChecks.requireInputGradient(s, dy, w, dx);
        if (s.isDense()) {
            correlate(s, dy, w, true, Epilogue.NONE, dx);
        } else {
            StridedDepthwise.inputGradient(s, dy, w, dx);
        }
    }

    @Override
    public void weightGradient(DepthwiseShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        SegmentChecks.requireWeightGradient(s, x, dy, dw);
        if (s.isDense()) {
            sumProducts(s, x, dy, dw);
        } else {
            StridedDepthwise.weightGradient(s, x, dy, dw);
        }
    }

    @Override
    public void gradients(
            DepthwiseShape s, MemorySegment x, MemorySegment dy, MemorySegment w, MemorySegment dx, MemorySegment dw) {
        SegmentChecks.requireGradients(s, x, dy, w, dx, dw);
        inputGradient(s, dy, w, dx);
        weightGradient(s, x, dy, dw);
    }

    private static void correlate(
            DepthwiseShape s, MemorySegment x, MemorySegment w, boolean flipped, Epilogue epilogue, MemorySegment y) {
        DenseCorrelation correlation = new DenseCorrelation(s);
        int groups = Kernels.groups(s);
        int lines = Kernels.lines(s);
        int ranges = ranges(s, lines);
        long filterBytes = correlation.filterBytes();
        Parallel.forEach(lines * ranges, task -> {
            int first = task / ranges * Kernels.GROUPS_A_LINE;
            int end = Math.min(groups, first + Kernels.GROUPS_A_LINE);
            MemorySegment filters = Scratch.get(Use.FILTER, Kernels.GROUPS_A_LINE * filterBytes);
            for (int group = first; group < end; group++) {
                MemorySegment filter = filters.asSlice((group - first) * filterBytes, filterBytes);
                correlation.packFilter(w, group * V, Kernels.lanes(s, group), flipped, filter);
            }
            int range = task % ranges;
            for (int n = Parallel.cut(s.batch(), ranges, range); n < Parallel.cut(s.batch(), ranges, range + 1); n++) {
                correlation.run(x, n, first, end - first, filters, epilogue, y);
            }
        });
    }

    private static void sumProducts(DepthwiseShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        DenseWeightGradient gradient = new DenseWeightGradient(s);
        int groups = Kernels.groups(s);
        int ranges = ranges(s, groups);
        long bytes = gradient.sumBytes();
        MemorySegment sums = Scratch.get(Use.SHARED, groups * ranges * bytes);
        Parallel.forEach(groups * ranges, task -> {
            int group = task / ranges;
            int range = task % ranges;
            MemorySegment sum = sums.asSlice(task * bytes, bytes);
            sum.fill((byte) 0);
            int from = Parallel.cut(s.batch(), ranges, range);
            int to = Parallel.cut(s.batch(), ranges, range + 1);
            gradient.add(x, dy, from, to, group * V, Kernels.lanes(s, group), sum);
        });
        Parallel.forEach(groups, group -> {
            MemorySegment total = sums.asSlice(group * ranges * bytes, bytes);
            for (int range = 1; range < ranges; range++) {
                Packing.add(total, sums.asSlice((group * ranges + range) * bytes, bytes));
            }
            gradient.write(total, dw, group * V, Kernels.lanes(s, group));
        });
    }

    /** Image ranges that make enough parts of so many independent ones. */
    private static int ranges(DepthwiseShape s, int parts) {
        return Math.clamp(Math.ceilDiv(PARTS, parts), 1, s.batch());
    }
}
