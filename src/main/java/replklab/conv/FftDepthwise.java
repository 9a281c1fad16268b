package replklab.conv;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.conv.Scratch.Use;

/**
 * Depthwise convolution by the convolution theorem: transform, multiply, transform back. Its cost hardly depends on the
 * kernel size. Stride and dilation 1 only.
 *
 * <p>The filters' spectra are computed once a call and shared by the batch, or once for all for weights that do not change. The
 * backward pass transforms the output's gradient once for both gradients, and sums the filters' gradient over the batch
 * as a spectrum. A large and a small kernel on the same input share the transform of the input, and the inverse transform
 * of the sum of their input gradients.
 */
public final class FftDepthwise implements DepthwiseConvolution {
    private static final int V = Kernels.vectorLength();

    /** Images whose spectra are added up before the sum is added to a total: rounding errors stay small. */
    private static final int IMAGES_AT_ONCE = 8;

    /** Parts that the backward pass is cut into at least, if there are as many: each costs a sum of its own. */
    private static final int PARTS = 8;

    @Override
    public String name() {
        return "fft";
    }

    @Override
    public boolean supports(ConvolutionShape s) {
        return s.isDense();
    }

    @Override
    public void forward(ConvolutionShape s, MemorySegment x, MemorySegment w, Epilogue epilogue, MemorySegment y) {
        requireDense(s);
        SegmentChecks.requireForward(s, x, w, epilogue, y);
        MapTransform transform = new MapTransform(FourierGrid.of(s));
        MemorySegment spectra = spectra(s, w, transform, Use.SHARED);
        filterImages(s, transform, x, spectra, false, epilogue, y);
    }

    /** As the other {@code forward}, with filters that were transformed before. */
    public void forward(
            ConvolutionShape s,
            MemorySegment x,
            MemorySegment w,
            PreparedFilters filters,
            Epilogue epilogue,
            MemorySegment y) {
        requireDense(s);
        SegmentChecks.requireForward(s, x, w, epilogue, y);
        filters.requireFor(Algorithm.FFT, s);
        MapTransform transform = new MapTransform(FourierGrid.of(s));
        filterImages(s, transform, x, filters.memory(), false, epilogue, y);
    }

    /** Transforms filters once for all forward passes on maps of this shape, of any batch size. */
    public PreparedFilters prepare(ConvolutionShape s, MemorySegment w) {
        requireDense(s);
        SegmentChecks.require("w", w, s.filterSize());
        MapTransform transform = new MapTransform(FourierGrid.of(s));
        PreparedFilters filters = new PreparedFilters(
                Algorithm.FFT, s, Kernels.groups(s) * transform.grid().spectrumBytes());
        transformFilters(s, w, transform, filters.memory());
        return filters;
    }

    @Override
    public void inputGradient(ConvolutionShape s, MemorySegment dy, MemorySegment w, MemorySegment dx) {
        requireDense(s);
        SegmentChecks.requireInputGradient(s, dy, w, dx);
        MapTransform transform = new MapTransform(FourierGrid.of(s));
        MemorySegment spectra = spectra(s, w, transform, Use.SHARED);
        filterImages(s, transform, dy, spectra, true, Epilogue.NONE, dx);
    }

    @Override
    public void weightGradient(ConvolutionShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        requireDense(s);
        SegmentChecks.requireWeightGradient(s, x, dy, dw);
        MapTransform transform = new MapTransform(FourierGrid.of(s));
        new Gradients(s, transform, x, null, new Branch[] {new Branch(s, dy, null, dw)}).run();
    }

    @Override
    public void gradients(
            ConvolutionShape s,
            MemorySegment x,
            MemorySegment dy,
            MemorySegment w,
            MemorySegment dx,
            MemorySegment dw) {
        requireDense(s);
        SegmentChecks.requireGradients(s, x, dy, w, dx, dw);
        MapTransform transform = new MapTransform(FourierGrid.of(s));
        MemorySegment spectra = spectra(s, w, transform, Use.SHARED);
        new Gradients(s, transform, x, dx, new Branch[] {new Branch(s, dy, spectra, dw)}).run();
    }

    /**
     * The forward pass of two parallel kernels on the same input, which is transformed once.
     *
     * @param large shape with the larger kernel
     * @param small the same shape with the smaller kernel
     */
    public void forwardPair(
            ConvolutionShape large,
            ConvolutionShape small,
            MemorySegment x,
            MemorySegment wLarge,
            MemorySegment wSmall,
            MemorySegment yLarge,
            MemorySegment ySmall) {
        requirePair(large, small);
        SegmentChecks.requireForwardPair(large, small, x, wLarge, wSmall, yLarge, ySmall);
        FourierGrid grid = FourierGrid.of(large);
        MapTransform transform = new MapTransform(grid);
        MapTransform smallTransform = new MapTransform(grid.withKernel(small.kernel()));
        MemorySegment largeSpectra = spectra(large, wLarge, transform, Use.SHARED);
        MemorySegment smallSpectra = spectra(small, wSmall, smallTransform, Use.SECOND_SHARED);
        filterImages(large, transform, x, largeSpectra, smallSpectra, false, Epilogue.NONE, yLarge, ySmall);
    }

    /**
     * All gradients of two parallel kernels on the same input: {@code dx} is the sum of both kernels' input gradients.
     *
     * @param large shape with the larger kernel
     * @param small the same shape with the smaller kernel
     */
    public void gradientsPair(
            ConvolutionShape large,
            ConvolutionShape small,
            MemorySegment x,
            MemorySegment dyLarge,
            MemorySegment dySmall,
            MemorySegment wLarge,
            MemorySegment wSmall,
            MemorySegment dx,
            MemorySegment dwLarge,
            MemorySegment dwSmall) {
        requirePair(large, small);
        SegmentChecks.requireGradientsPair(large, small, x, dyLarge, dySmall, wLarge, wSmall, dx, dwLarge, dwSmall);
        FourierGrid grid = FourierGrid.of(large);
        MapTransform transform = new MapTransform(grid);
        MapTransform smallTransform = new MapTransform(grid.withKernel(small.kernel()));
        MemorySegment largeSpectra = spectra(large, wLarge, transform, Use.SHARED);
        MemorySegment smallSpectra = spectra(small, wSmall, smallTransform, Use.SECOND_SHARED);
        Branch[] branches = {
            new Branch(large, dyLarge, largeSpectra, dwLarge), new Branch(small, dySmall, smallSpectra, dwSmall)
        };
        new Gradients(large, transform, x, dx, branches).run();
    }

    /** Correlates each image with the filters; convolves it if {@code flipped}. */
    private static void filterImages(
            ConvolutionShape s,
            MapTransform transform,
            MemorySegment x,
            MemorySegment spectra,
            boolean flipped,
            Epilogue epilogue,
            MemorySegment y) {
        filterImages(s, transform, x, spectra, null, flipped, epilogue, y, null);
    }

    /** Does so with a second set of filters too, unless it is null. */
    private static void filterImages(
            ConvolutionShape s,
            MapTransform transform,
            MemorySegment x,
            MemorySegment spectra,
            MemorySegment moreSpectra,
            boolean flipped,
            Epilogue epilogue,
            MemorySegment y,
            MemorySegment moreY) {
        Parallel.forEach(Kernels.lines(s) * s.batch(), task -> {
            int first = task / s.batch() * Kernels.GROUPS_A_LINE;
            int end = Math.min(Kernels.groups(s), first + Kernels.GROUPS_A_LINE);
            for (int group = first; group < end; group++) {
                int n = task % s.batch();
                filterImage(s, transform, x, spectra, moreSpectra, flipped, epilogue, y, moreY, n, group);
            }
        });
    }

    private static void filterImage(
            ConvolutionShape s,
            MapTransform transform,
            MemorySegment x,
            MemorySegment spectra,
            MemorySegment moreSpectra,
            boolean flipped,
            Epilogue epilogue,
            MemorySegment y,
            MemorySegment moreY,
            int n,
            int group) {
        FourierGrid g = transform.grid();
        int lanes = Kernels.lanes(s, group);
        long at = byteOf(s, n, group);
        MemorySegment line = Scratch.get(Use.LINE, g.lineBatch() * g.line());
        MemorySegment pairs = Scratch.get(Use.PAIRS, g.pairsBytes());
        MemorySegment morePairs = moreY == null ? null : Scratch.get(Use.SECOND_PAIRS, g.pairsBytes());
        MemorySegment work = columns(g, Use.COLUMNS);
        MemorySegment columns = columns(g, Use.SECOND_COLUMNS);
        MemorySegment out = columns(g, Use.THIRD_COLUMNS);
        transform.imageRows(x, at, s.pixelBytes(), lanes, line, pairs);
        for (int k = 0; k < g.frequencies(); k += g.columnBatch()) {
            int count = Math.min(g.columnBatch(), g.frequencies() - k);
            transform.imageColumns(pairs, k, count, work, columns);
            long filter = group * g.spectrumBytes() + k * g.columnStep();
            if (moreY != null) {
                multiply(g, count, columns, moreSpectra, filter, flipped, work);
                transform.imageColumnsBack(work, out, k, count, morePairs);
            }
            multiply(g, count, columns, spectra, filter, flipped, work);
            transform.imageColumnsBack(work, out, k, count, pairs);
        }
        transform.imageRowsBack(pairs, line, epilogue, group * V, lanes, y, at, s.pixelBytes());
        if (moreY != null) {
            transform.imageRowsBack(morePairs, line, epilogue, group * V, lanes, moreY, at, s.pixelBytes());
        }
    }

    private static void multiply(
            FourierGrid g,
            int count,
            MemorySegment columns,
            MemorySegment spectra,
            long filterAt,
            boolean flipped,
            MemorySegment out) {
        for (int i = 0; i < count; i++) {
            long column = i * g.columnStep();
            if (flipped) {
                SpectrumKernels.convolve(g.periodY(), columns, column, spectra, filterAt + column, out, column);
            } else {
                SpectrumKernels.correlate(g.periodY(), columns, column, spectra, filterAt + column, out, column);
            }
        }
    }

    /**
     * One kernel's share of a backward pass.
     *
     * @param shape with the kernel's size
     * @param dy gradient of its output
     * @param spectra of its filters; null if the input's gradient is not wanted
     * @param dw its filters' gradient, written
     */
    private record Branch(ConvolutionShape shape, MemorySegment dy, MemorySegment spectra, MemorySegment dw) {}

    /** The backward pass of one kernel or two: the filters' gradients, and the input's if {@code dx} is not null. */
    private record Gradients(
            ConvolutionShape s, MapTransform transform, MemorySegment x, MemorySegment dx, Branch[] branches) {
        private static final Use[] SUMS = {Use.THIRD_SHARED, Use.FOURTH_SHARED};

        void run() {
            FourierGrid g = transform.grid();
            int groups = Kernels.groups(s);
            int lines = Kernels.lines(s);
            int ranges = Math.clamp(Math.ceilDiv(PARTS, lines), Math.ceilDiv(s.batch(), IMAGES_AT_ONCE), s.batch());
            MemorySegment[] sums = new MemorySegment[branches.length];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = Scratch.get(SUMS[i], groups * ranges * g.spectrumBytes());
            }
            Parallel.forEach(lines * ranges, task -> {
                int first = task / ranges * Kernels.GROUPS_A_LINE;
                int last = Math.min(groups, first + Kernels.GROUPS_A_LINE) - 1;
                int range = task % ranges;
                for (MemorySegment sum : sums) {
                    for (int group = first; group <= last; group++) {
                        sum.asSlice(sumAt(group, ranges, range), g.spectrumBytes())
                                .fill((byte) 0);
                    }
                }
                int end = Parallel.cut(s.batch(), ranges, range + 1);
                for (int n = Parallel.cut(s.batch(), ranges, range); n < end; n++) {
                    for (int group = first; group <= last; group++) {
                        add(n, group, sums, sumAt(group, ranges, range));
                    }
                }
            });
            Parallel.forEach(groups * branches.length, task -> {
                int group = task / branches.length;
                int i = task % branches.length;
                write(branches[i], group, ranges, sums[i]);
            });
        }

        private long sumAt(int group, int ranges, int range) {
            return ((long) group * ranges + range) * transform.grid().spectrumBytes();
        }

        /** Adds one image's contribution for one group of channels. */
        private void add(int n, int group, MemorySegment[] sums, long sumAt) {
            FourierGrid g = transform.grid();
            int lanes = Kernels.lanes(s, group);
            long at = byteOf(s, n, group);
            MemorySegment line = Scratch.get(Use.LINE, g.lineBatch() * g.line());
            MemorySegment xPairs = Scratch.get(Use.SECOND_PAIRS, g.pairsBytes());
            MemorySegment[] dyPairs = new MemorySegment[branches.length];
            for (int i = 0; i < branches.length; i++) {
                dyPairs[i] = Scratch.get(i == 0 ? Use.PAIRS : Use.THIRD_PAIRS, g.pairsBytes());
                transform.imageRows(branches[i].dy(), at, s.pixelBytes(), lanes, line, dyPairs[i]);
            }
            MemorySegment work = columns(g, Use.COLUMNS);
            MemorySegment xColumns = columns(g, Use.SECOND_COLUMNS);
            MemorySegment dyColumns = columns(g, Use.THIRD_COLUMNS);
            MemorySegment product = columns(g, Use.FOURTH_COLUMNS);
            transform.imageRows(x, at, s.pixelBytes(), lanes, line, xPairs);
            for (int k = 0; k < g.frequencies(); k += g.columnBatch()) {
                int count = Math.min(g.columnBatch(), g.frequencies() - k);
                transform.imageColumns(xPairs, k, count, work, xColumns);
                for (int i = 0; i < branches.length; i++) {
                    transform.imageColumns(dyPairs[i], k, count, work, dyColumns);
                    multiply(branches[i], i > 0, group, k, count, xColumns, dyColumns, sums[i], sumAt, product);
                }
                if (dx != null) {
                    transform.imageColumnsBack(product, dyColumns, k, count, dyPairs[0]);
                }
            }
            if (dx != null) {
                transform.imageRowsBack(dyPairs[0], line, Epilogue.NONE, group * V, lanes, dx, at, s.pixelBytes());
            }
        }

        private void multiply(
                Branch branch,
                boolean more,
                int group,
                int k,
                int count,
                MemorySegment xColumns,
                MemorySegment dyColumns,
                MemorySegment sum,
                long sumAt,
                MemorySegment product) {
            FourierGrid g = transform.grid();
            for (int i = 0; i < count; i++) {
                long column = i * g.columnStep();
                long there = (k + i) * g.columnStep();
                SpectrumKernels.addCorrelate(g.periodY(), xColumns, column, dyColumns, column, sum, sumAt + there);
                if (dx != null) {
                    long filter = group * g.spectrumBytes() + there;
                    if (more) {
                        SpectrumKernels.addConvolve(
                                g.periodY(), dyColumns, column, branch.spectra(), filter, product, column);
                    } else {
                        SpectrumKernels.convolve(
                                g.periodY(), dyColumns, column, branch.spectra(), filter, product, column);
                    }
                }
            }
        }

        /** Transforms a sum of spectra back to the gradient of one vector of filters. */
        private void write(Branch branch, int group, int ranges, MemorySegment sums) {
            FourierGrid g = transform.grid().withKernel(branch.shape().kernel());
            MemorySegment total = sums.asSlice(sumAt(group, ranges, 0), g.spectrumBytes());
            for (int range = 1; range < ranges; range++) {
                Packing.add(total, sums.asSlice(sumAt(group, ranges, range), g.spectrumBytes()));
            }
            ConvolutionShape shape = branch.shape();
            if (g.tapsY() < shape.kernel() || g.tapsX() < shape.kernel()) {
                Packing.clear(
                        branch.dw(), group * V, s.channels(), Kernels.lanes(s, group), shape.kernel() * shape.kernel());
            }
            new MapTransform(g)
                    .filterBack(
                            total,
                            columns(g, Use.COLUMNS),
                            Scratch.get(Use.PAIRS, g.pairsBytes()),
                            Scratch.get(Use.LINE, g.lineBatch() * g.line()),
                            branch.dw(),
                            shape.kernel(),
                            group * V,
                            s.pixelBytes(),
                            Kernels.lanes(s, group));
        }
    }

    private static MemorySegment columns(FourierGrid g, Use use) {
        return Scratch.get(use, g.columnBatch() * g.columnStep());
    }

    /** The filters' spectra in scratch memory of the calling thread. */
    private static MemorySegment spectra(ConvolutionShape s, MemorySegment w, MapTransform transform, Use use) {
        MemorySegment spectra =
                Scratch.get(use, Kernels.groups(s) * transform.grid().spectrumBytes());
        transformFilters(s, w, transform, spectra);
        return spectra;
    }

    /** One spectrum a group of channels, one after another. */
    private static void transformFilters(
            ConvolutionShape s, MemorySegment w, MapTransform transform, MemorySegment spectra) {
        FourierGrid g = transform.grid();
        Parallel.forEach(
                Kernels.groups(s),
                group -> transform.filter(
                        w,
                        s.kernel(),
                        group * V,
                        s.pixelBytes(),
                        Kernels.lanes(s, group),
                        Scratch.get(Use.LINE, g.lineBatch() * g.line()),
                        Scratch.get(Use.PAIRS, g.pairsBytes()),
                        columns(g, Use.COLUMNS),
                        spectra.asSlice(group * g.spectrumBytes(), g.spectrumBytes())));
    }

    private static void requireDense(ConvolutionShape s) {
        if (!s.isDense()) {
            throw new IllegalArgumentException("the fft algorithm takes stride 1 and dilation 1, not stride "
                    + s.stride() + " and dilation " + s.dilation());
        }
    }

    private static void requirePair(ConvolutionShape large, ConvolutionShape small) {
        requireDense(large);
        if (!small.equals(large.withKernel(small.kernel())) || small.kernel() > large.kernel()) {
            throw new IllegalArgumentException(
                    "a pair of kernels works on one input, the second not larger than the first;" + " these are "
                            + large + " and " + small);
        }
    }

    /** Where image {@code n}'s channels of a group begin. */
    private static long byteOf(ConvolutionShape s, int n, int group) {
        return (((long) n * s.height() * s.width()) * s.channels() + (long) group * V) * Float.BYTES;
    }
}
