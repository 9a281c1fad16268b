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
    public boolean supports(ConvolutionShape s) {
        return true;
    }

    @Override
    public void forward(ConvolutionShape s, MemorySegment x, MemorySegment w, Epilogue epilogue, MemorySegment y) {
        SegmentChecks.requireForward(s, x, w, epilogue, y);
        if (WindowDepthwise.takes(s)) {
            WindowDepthwise.forward(s, x, w, epilogue, y);
        } else if (s.isDense()) {
            correlate(s, x, packing(s, w, false), epilogue, y);
        } else {
            StridedDepthwise.forward(s, x, w, epilogue, y);
        }
    }

    /** As the other {@code forward}, with filters that were packed before. Stride and dilation 1 only. */
    public void forward(
            ConvolutionShape s,
            MemorySegment x,
            MemorySegment w,
            PreparedFilters filters,
            Epilogue epilogue,
            MemorySegment y) {
        SegmentChecks.requireForward(s, x, w, epilogue, y);
        filters.requireFor(Algorithm.DIRECT, s);
        if (WindowDepthwise.takes(s)) {
            WindowDepthwise.forwardPrepared(s, x, filters.memory(), epilogue, y);
            return;
        }
        long bytes = DenseCorrelation.of(s).filterBytes();
        // Kernels go through the rows backwards, which no processor fetches ahead: a copy is nearer.
        Filters copying = (first, end) -> Scratch.get(Use.FILTER, Kernels.GROUPS_A_LINE * bytes)
                .asSlice(0, (end - first) * bytes)
                .copyFrom(filters.memory().asSlice(first * bytes, (end - first) * bytes));
        correlate(s, x, copying, epilogue, y);
    }

    /** Packs filters once for all forward passes on maps of this shape, of any batch size. Stride and dilation 1 only. */
    public PreparedFilters prepare(ConvolutionShape s, MemorySegment w) {
        if (!s.isDense()) {
            throw new IllegalArgumentException("filters are prepared for stride 1 and dilation 1, not for stride "
                    + s.stride() + " and dilation " + s.dilation());
        }
        SegmentChecks.require("w", w, s.filterSize());
        if (WindowDepthwise.takes(s)) {
            PreparedFilters filters = new PreparedFilters(Algorithm.DIRECT, s, WindowDepthwise.filterBytes(s));
            WindowDepthwise.packFilters(s, w, false, filters.memory());
            return filters;
        }
        DenseCorrelation correlation = DenseCorrelation.of(s);
        long bytes = correlation.filterBytes();
        PreparedFilters filters = new PreparedFilters(Algorithm.DIRECT, s, Kernels.groups(s) * bytes);
        Parallel.forEach(
                Kernels.groups(s),
                group -> correlation.packFilter(
                        w,
                        group * V,
                        Kernels.lanes(s, group),
                        false,
                        filters.memory().asSlice(group * bytes, bytes)));
        return filters;
    }

    @Override
    public void inputGradient(ConvolutionShape s, MemorySegment dy, MemorySegment w, MemorySegment dx) {
        SegmentChecks.requireInputGradient(s, dy, w, dx);
        if (WindowDepthwise.takes(s)) {
            WindowDepthwise.inputGradient(s, dy, w, dx);
        } else if (s.isDense()) {
            correlate(s, dy, packing(s, w, true), Epilogue.NONE, dx);
        } else {
            StridedDepthwise.inputGradient(s, dy, w, dx);
        }
    }

    @Override
    public void weightGradient(ConvolutionShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        SegmentChecks.requireWeightGradient(s, x, dy, dw);
        if (WindowDepthwise.takes(s)) {
            WindowDepthwise.weightGradient(s, x, dy, dw);
        } else if (s.isDense()) {
            sumProducts(s, x, dy, dw);
        } else {
            StridedDepthwise.weightGradient(s, x, dy, dw);
        }
    }

    @Override
    public void gradients(
            ConvolutionShape s,
            MemorySegment x,
            MemorySegment dy,
            MemorySegment w,
            MemorySegment dx,
            MemorySegment dw) {
        SegmentChecks.requireGradients(s, x, dy, w, dx, dw);
        inputGradient(s, dy, w, dx);
        weightGradient(s, x, dy, dw);
    }

    /** Where the packed filters of neighbouring groups of channels come from. */
    @FunctionalInterface
    private interface Filters {
        /** Those of the groups from {@code first} to before {@code end}, one after another. */
        MemorySegment of(int first, int end);
    }

    /** Filters that are packed when a thread needs them, into memory of its own. */
    private static Filters packing(ConvolutionShape s, MemorySegment w, boolean flipped) {
        DenseCorrelation correlation = DenseCorrelation.of(s);
        long bytes = correlation.filterBytes();
        return (first, end) -> {
            MemorySegment filters = Scratch.get(Use.FILTER, Kernels.GROUPS_A_LINE * bytes);
            for (int group = first; group < end; group++) {
                MemorySegment filter = filters.asSlice((group - first) * bytes, bytes);
                correlation.packFilter(w, group * V, Kernels.lanes(s, group), flipped, filter);
            }
            return filters;
        };
    }

    private static void correlate(
            ConvolutionShape s, MemorySegment x, Filters packed, Epilogue epilogue, MemorySegment y) {
        DenseCorrelation correlation = DenseCorrelation.of(s);
        int groups = Kernels.groups(s);
        int lines = Kernels.lines(s);
        int ranges = ranges(s, lines);
        Parallel.forEach(lines * ranges, task -> {
            int first = task / ranges * Kernels.GROUPS_A_LINE;
            int end = Math.min(groups, first + Kernels.GROUPS_A_LINE);
            MemorySegment filters = packed.of(first, end);
            int range = task % ranges;
            for (int n = Parallel.cut(s.batch(), ranges, range); n < Parallel.cut(s.batch(), ranges, range + 1); n++) {
                correlation.run(x, n, first, end - first, filters, epilogue, y);
            }
        });
    }

    private static void sumProducts(ConvolutionShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        DenseWeightGradient gradient = DenseWeightGradient.of(s);
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
    private static int ranges(ConvolutionShape s, int parts) {
        return Math.clamp(Math.ceilDiv(PARTS, parts), 1, s.batch());
    }
}
