package replklab.conv;

import static replklab.conv.Correlation.SPECIES;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.conv.Correlation.Steps;
import replklab.conv.Scratch.Use;

/** The direct algorithm for every stride and dilation: one row of outputs at a time. Its caller has checked the memory. */
final class StridedDepthwise {
    /** A float sum runs over at most about this many products before it is added to a total: rounding errors stay small. */
    private static final int PARTIAL_SUM = 512;

    private static final int V = SPECIES.length();
    private static final long BYTES = SPECIES.vectorByteSize();

    private StridedDepthwise() {}

    /**
     * The steps of a correlation whose outputs lie side by side and start from what is there.
     *
     * @param count taps in a row
     */
    private record Taps(Steps steps, int count) {
        static Taps of(long column, long tapX, long tapY, long filterX, long filterY, int count) {
            return new Taps(new Steps(column, tapX, tapY, filterX, filterY, 0, BYTES, 0, BYTES, 0), count);
        }
    }

    static void forward(ConvolutionShape s, MemorySegment x, MemorySegment w, Epilogue epilogue, MemorySegment y) {
        int groups = Kernels.groups(s);
        Parallel.forEach(s.batch() * groups, task -> forward(s, x, w, epilogue, y, task / groups, task % groups * V));
    }

    private static void forward(
            ConvolutionShape s, MemorySegment x, MemorySegment w, Epilogue epilogue, MemorySegment y, int n, int c) {
        int lanes = Math.min(V, s.channels() - c);
        int rounded = rounded(s.outWidth());
        int columns = Math.max(s.width() + 2 * s.padding(), (rounded - 1) * s.stride() + reach(s) + 1);
        MemorySegment image = Scratch.get(Use.IMAGE, (long) s.height() * columns * BYTES);
        Packing.images(s, x, n, c, lanes, image, columns, s.padding());
        MemorySegment filter = Scratch.get(Use.FILTER, (long) s.kernel() * s.kernel() * BYTES);
        Packing.row(w, c, s.channels(), lanes, filter, 0, s.kernel() * s.kernel());
        MemorySegment row = Scratch.get(Use.OUTPUT, rounded * BYTES);
        MemorySegment part = Scratch.get(Use.PART, rounded * BYTES);
        long rowBytes = columns * BYTES;
        Taps taps = Taps.of(
                s.stride() * BYTES,
                s.dilation() * BYTES,
                s.dilation() * rowBytes,
                BYTES,
                s.kernel() * BYTES,
                s.kernel());
        for (int oy = 0; oy < s.outHeight(); oy++) {
            // Image row of filter row k: oy * stride + k * dilation - padding.
            int top = oy * s.stride() - s.padding();
            int first = Math.ceilDiv(Math.max(0, -top), s.dilation());
            int last = Math.min(s.kernel() - 1, Math.floorDiv(s.height() - 1 - top, s.dilation()));
            Packing.fill(epilogue.bias(), c, lanes, row, rounded);
            correlate(
                    taps,
                    last - first + 1,
                    image,
                    (top + first * s.dilation()) * rowBytes,
                    filter,
                    first * s.kernel() * BYTES,
                    row,
                    part,
                    s.outWidth());
            if (epilogue.clamps()) {
                Packing.clamp(row, 0, BYTES, s.outWidth(), epilogue);
            }
            long pixel = ((long) n * s.outHeight() + oy) * s.outWidth();
            Packing.unpack(row, 0, s.outWidth(), y, pixel * s.channels() + c, s.channels(), lanes);
        }
    }

    static void inputGradient(ConvolutionShape s, MemorySegment dy, MemorySegment w, MemorySegment dx) {
        int groups = Kernels.groups(s);
        Parallel.forEach(s.batch() * groups, task -> inputGradient(s, dy, w, dx, task / groups, task % groups * V));
    }

    private static void inputGradient(
            ConvolutionShape s, MemorySegment dy, MemorySegment w, MemorySegment dx, int n, int c) {
        int lanes = Math.min(V, s.channels() - c);
        int rounded = rounded(s.width());
        // dy's columns are spread by the stride, zeros between them, so a step of one is right for every stride.
        int columns = rounded + reach(s) + 1 + s.stride();
        MemorySegment spread = Scratch.get(Use.IMAGE, (long) s.outHeight() * columns * BYTES);
        Packing.outputsSpread(s, dy, n, c, lanes, spread, columns);
        int filterTaps = s.kernel() * s.kernel();
        MemorySegment filter = Scratch.get(Use.FILTER, filterTaps * BYTES);
        Packing.row(w, c, s.channels(), lanes, filter, 0, filterTaps);
        MemorySegment row = Scratch.get(Use.OUTPUT, rounded * BYTES);
        MemorySegment part = Scratch.get(Use.PART, rounded * BYTES);
        // Filter rows that meet an output row lie this far apart; the output row then moves up by rowStep.
        int filterStep = s.stride() / gcd(s.stride(), s.dilation());
        int rowStep = filterStep * s.dilation() / s.stride();
        Taps taps = Taps.of(
                BYTES,
                s.dilation() * BYTES,
                -rowStep * columns * BYTES,
                -BYTES,
                filterStep * s.kernel() * BYTES,
                s.kernel());
        for (int iy = 0; iy < s.height(); iy++) {
            Packing.fill(null, c, lanes, row, rounded);
            int first = 0;
            while (first < filterStep && (iy + s.padding() - first * s.dilation()) % s.stride() != 0) {
                first++;
            }
            if (first < filterStep && first < s.kernel()) {
                int oy = Math.floorDiv(iy + s.padding() - first * s.dilation(), s.stride());
                int skipped = Math.max(0, Math.ceilDiv(oy - (s.outHeight() - 1), rowStep));
                int count = Math.min((s.kernel() - 1 - first) / filterStep, Math.floorDiv(oy, rowStep)) - skipped + 1;
                int top = first + skipped * filterStep;
                correlate(
                        taps,
                        count,
                        spread,
                        (oy - skipped * rowStep) * columns * BYTES,
                        filter,
                        ((top + 1) * s.kernel() - 1) * BYTES,
                        row,
                        part,
                        s.width());
            }
            long pixel = ((long) n * s.height() + iy) * s.width();
            Packing.unpack(row, 0, s.width(), dx, pixel * s.channels() + c, s.channels(), lanes);
        }
    }

    static void weightGradient(ConvolutionShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        int groups = Kernels.groups(s);
        int ranges = Math.clamp(s.batch(), 1, Math.max(1, 16 / groups));
        int rounded = rounded(s.kernel());
        long partBytes = s.kernel() * rounded * BYTES;
        MemorySegment parts = Scratch.get(Use.SHARED, groups * ranges * partBytes);
        Parallel.forEach(groups * ranges, task -> {
            int range = task % ranges;
            MemorySegment part = parts.asSlice(task * partBytes, partBytes);
            part.fill((byte) 0);
            for (int n = Parallel.cut(s.batch(), ranges, range); n < Parallel.cut(s.batch(), ranges, range + 1); n++) {
                addWeightGradient(s, x, dy, part, rounded, n, task / ranges * V);
            }
        });
        for (int group = 0; group < groups; group++) {
            MemorySegment total = parts.asSlice(group * ranges * partBytes, partBytes);
            for (int range = 1; range < ranges; range++) {
                Packing.add(total, parts.asSlice((group * ranges + range) * partBytes, partBytes));
            }
            int lanes = Math.min(V, s.channels() - group * V);
            for (int k = 0; k < s.kernel(); k++) {
                MemorySegment line = total.asSlice(k * rounded * BYTES, rounded * BYTES);
                long at = (long) k * s.kernel() * s.channels() + group * V;
                Packing.unpack(line, 0, s.kernel(), dw, at, s.channels(), lanes);
            }
        }
    }

    private static void addWeightGradient(
            ConvolutionShape s, MemorySegment x, MemorySegment dy, MemorySegment sum, int rounded, int n, int c) {
        int lanes = Math.min(V, s.channels() - c);
        int columns =
                Math.max(s.width() + 2 * s.padding(), (s.outWidth() - 1) * s.stride() + rounded * s.dilation() + 1);
        MemorySegment image = Scratch.get(Use.IMAGE, (long) s.height() * columns * BYTES);
        Packing.images(s, x, n, c, lanes, image, columns, s.padding());
        int pixels = s.outHeight() * s.outWidth();
        MemorySegment filter = Scratch.get(Use.FILTER, pixels * BYTES);
        Packing.row(dy, (long) n * pixels * s.channels() + c, s.channels(), lanes, filter, 0, pixels);
        MemorySegment part = Scratch.get(Use.PART, rounded * BYTES);
        long rowBytes = columns * BYTES;
        Taps taps = Taps.of(
                s.dilation() * BYTES,
                s.stride() * BYTES,
                s.stride() * rowBytes,
                BYTES,
                s.outWidth() * BYTES,
                s.outWidth());
        for (int k = 0; k < s.kernel(); k++) {
            int shift = k * s.dilation() - s.padding();
            int first = Math.ceilDiv(Math.max(0, -shift), s.stride());
            int last = Math.min(s.outHeight() - 1, Math.floorDiv(s.height() - 1 - shift, s.stride()));
            addBlockwise(
                    taps,
                    last - first + 1,
                    image,
                    (first * s.stride() + shift) * rowBytes,
                    filter,
                    (long) first * s.outWidth() * BYTES,
                    sum.asSlice(k * rounded * BYTES, rounded * BYTES),
                    part,
                    s.kernel());
        }
    }

    /** Adds {@code count} outputs' sums over {@code rows} rows of taps to {@code out}, blockwise if they are long. */
    private static void correlate(
            Taps taps,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment out,
            MemorySegment part,
            int count) {
        if (rows * taps.count() <= PARTIAL_SUM) {
            addAll(taps, rows, image, imageAt, filter, filterAt, out, count);
        } else {
            addBlockwise(taps, rows, image, imageAt, filter, filterAt, out, part, count);
        }
    }

    private static void addBlockwise(
            Taps taps,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment out,
            MemorySegment part,
            int count) {
        int rowsAtOnce = Math.max(1, PARTIAL_SUM / taps.count());
        MemorySegment block = part.asSlice(0, rounded(count) * BYTES);
        for (int row = 0; row < rows; row += rowsAtOnce) {
            block.fill((byte) 0);
            addAll(
                    taps,
                    Math.min(rowsAtOnce, rows - row),
                    image,
                    imageAt + row * taps.steps().tapY(),
                    filter,
                    filterAt + row * taps.steps().filterY(),
                    block,
                    count);
            Packing.add(out, block);
        }
    }

    private static void addAll(
            Taps taps,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment out,
            int count) {
        for (int done = 0; done < count; ) {
            long imageHere = imageAt + done * taps.steps().column();
            long outHere = done * BYTES;
            if (count - done > 4) {
                CorrelationKernels.oneBy8(
                        taps.steps(),
                        1,
                        rows,
                        taps.count(),
                        image,
                        imageHere,
                        filter,
                        filterAt,
                        out,
                        outHere,
                        out,
                        outHere);
                done += 8;
            } else {
                CorrelationKernels.oneBy4(
                        taps.steps(),
                        1,
                        rows,
                        taps.count(),
                        image,
                        imageHere,
                        filter,
                        filterAt,
                        out,
                        outHere,
                        out,
                        outHere);
                done += 4;
            }
        }
    }

    /** Outputs that {@link #addAll} really writes when asked for {@code count}. */
    private static int rounded(int count) {
        int rest = count % 8;
        return count - rest + (rest == 0 ? 0 : rest <= 4 ? 4 : 8);
    }

    /** Pixels from the first tap of a row to its last. */
    private static int reach(ConvolutionShape s) {
        return (s.kernel() - 1) * s.dilation();
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
