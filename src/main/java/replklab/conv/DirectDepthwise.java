package replklab.conv;

import static replklab.conv.CorrelationKernel.SPECIES;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.conv.CorrelationKernel.Steps;

/**
 * The direct algorithm: sums over the taps that touch the image, one vector of channels at a time.
 *
 * <p>One image's group of channels is packed into scratch memory (a vector a pixel, zero columns on both sides), so the
 * inner loop reads one cache-resident stream; rows outside the image are never visited. Work is cut by image and group,
 * in the weight gradient by group and a number of image ranges that depends on the shape alone.
 */
public final class DirectDepthwise implements DepthwiseConvolution {
    /** A float sum runs over at most about this many products before it is added to a total: rounding errors stay small. */
    private static final int PARTIAL_SUM = 512;

    private static final int V = SPECIES.length();
    private static final long BYTES = SPECIES.vectorByteSize();

    @Override
    public String name() {
        return "direct";
    }

    @Override
    public void forward(DepthwiseShape s, MemorySegment x, MemorySegment w, MemorySegment bias, MemorySegment y) {
        SegmentChecks.require("x", x, s.inputSize());
        SegmentChecks.require("w", w, s.filterSize());
        if (bias != null) {
            SegmentChecks.require("bias", bias, s.channels());
        }
        SegmentChecks.require("y", y, s.outputSize());
        SegmentChecks.requireApart("x", x, s.inputSize(), "y", y, s.outputSize());
        SegmentChecks.requireApart("w", w, s.filterSize(), "y", y, s.outputSize());
        int groups = groups(s);
        Parallel.forEach(s.batch() * groups, task -> forward(s, x, w, bias, y, task / groups, task % groups * V));
    }

    private static void forward(
            DepthwiseShape s, MemorySegment x, MemorySegment w, MemorySegment bias, MemorySegment y, int n, int c) {
        int lanes = Math.min(V, s.channels() - c);
        int rounded = rounded(s.outWidth());
        int columns = Math.max(s.width() + 2 * s.padding(), (rounded - 1) * s.stride() + reach(s) + 1);
        Scratch scratch = Scratch.get();
        MemorySegment image = scratch.image((long) s.height() * columns * BYTES);
        Packing.images(s, x, n, c, lanes, image, columns);
        MemorySegment filter = scratch.filter((long) s.kernel() * s.kernel() * BYTES);
        Packing.rows(w, c, s.channels(), lanes, filter, s.kernel() * s.kernel());
        MemorySegment row = scratch.output(rounded * BYTES);
        MemorySegment part = scratch.part(rounded * BYTES);
        long rowBytes = columns * BYTES;
        Steps steps = new Steps(
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
            Packing.fill(bias, c, lanes, row, rounded);
            correlate(
                    steps,
                    last - first + 1,
                    image,
                    (top + first * s.dilation()) * rowBytes,
                    filter,
                    first * s.kernel() * BYTES,
                    row,
                    part,
                    s.outWidth());
            long pixel = ((long) n * s.outHeight() + oy) * s.outWidth();
            Packing.unpack(row, s.outWidth(), y, pixel * s.channels() + c, s.channels(), lanes);
        }
    }

    @Override
    public void inputGradient(DepthwiseShape s, MemorySegment dy, MemorySegment w, MemorySegment dx) {
        SegmentChecks.require("dy", dy, s.outputSize());
        SegmentChecks.require("w", w, s.filterSize());
        SegmentChecks.require("dx", dx, s.inputSize());
        SegmentChecks.requireApart("dy", dy, s.outputSize(), "dx", dx, s.inputSize());
        SegmentChecks.requireApart("w", w, s.filterSize(), "dx", dx, s.inputSize());
        int groups = groups(s);
        Parallel.forEach(s.batch() * groups, task -> inputGradient(s, dy, w, dx, task / groups, task % groups * V));
    }

    private static void inputGradient(
            DepthwiseShape s, MemorySegment dy, MemorySegment w, MemorySegment dx, int n, int c) {
        int lanes = Math.min(V, s.channels() - c);
        int rounded = rounded(s.width());
        // dy's columns are spread by the stride, zeros between them, so a step of one is right for every stride.
        int columns = rounded + reach(s) + 1 + s.stride();
        Scratch scratch = Scratch.get();
        MemorySegment spread = scratch.image((long) s.outHeight() * columns * BYTES);
        Packing.outputsSpread(s, dy, n, c, lanes, spread, columns);
        int taps = s.kernel() * s.kernel();
        MemorySegment filter = scratch.filter(taps * BYTES);
        Packing.rows(w, c, s.channels(), lanes, filter, taps);
        MemorySegment row = scratch.output(rounded * BYTES);
        MemorySegment part = scratch.part(rounded * BYTES);
        // Filter rows that meet an output row lie this far apart; the output row then moves up by rowStep.
        int filterStep = s.stride() / gcd(s.stride(), s.dilation());
        int rowStep = filterStep * s.dilation() / s.stride();
        Steps steps = new Steps(
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
                        steps,
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
            Packing.unpack(row, s.width(), dx, pixel * s.channels() + c, s.channels(), lanes);
        }
    }

    @Override
    public void weightGradient(DepthwiseShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        SegmentChecks.require("x", x, s.inputSize());
        SegmentChecks.require("dy", dy, s.outputSize());
        SegmentChecks.require("dw", dw, s.filterSize());
        SegmentChecks.requireApart("x", x, s.inputSize(), "dw", dw, s.filterSize());
        SegmentChecks.requireApart("dy", dy, s.outputSize(), "dw", dw, s.filterSize());
        int groups = groups(s);
        int ranges = Math.clamp(s.batch(), 1, Math.max(1, 16 / groups));
        int rounded = rounded(s.kernel());
        long partBytes = s.kernel() * rounded * BYTES;
        MemorySegment parts = Scratch.get().shared(groups * ranges * partBytes);
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
                Packing.unpack(line, s.kernel(), dw, at, s.channels(), lanes);
            }
        }
    }

    private static void addWeightGradient(
            DepthwiseShape s, MemorySegment x, MemorySegment dy, MemorySegment sum, int rounded, int n, int c) {
        int lanes = Math.min(V, s.channels() - c);
        int columns =
                Math.max(s.width() + 2 * s.padding(), (s.outWidth() - 1) * s.stride() + rounded * s.dilation() + 1);
        Scratch scratch = Scratch.get();
        MemorySegment image = scratch.image((long) s.height() * columns * BYTES);
        Packing.images(s, x, n, c, lanes, image, columns);
        int pixels = s.outHeight() * s.outWidth();
        MemorySegment filter = scratch.filter(pixels * BYTES);
        Packing.rows(dy, (long) n * pixels * s.channels() + c, s.channels(), lanes, filter, pixels);
        MemorySegment part = scratch.part(rounded * BYTES);
        long rowBytes = columns * BYTES;
        Steps steps = new Steps(
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
                    steps,
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
            Steps steps,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment out,
            MemorySegment part,
            int count) {
        if (rows * steps.taps() <= PARTIAL_SUM) {
            addAll(steps, rows, image, imageAt, filter, filterAt, out, count);
        } else {
            addBlockwise(steps, rows, image, imageAt, filter, filterAt, out, part, count);
        }
    }

    private static void addBlockwise(
            Steps steps,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment out,
            MemorySegment part,
            int count) {
        int rowsAtOnce = Math.max(1, PARTIAL_SUM / steps.taps());
        MemorySegment block = part.asSlice(0, rounded(count) * BYTES);
        for (int row = 0; row < rows; row += rowsAtOnce) {
            block.fill((byte) 0);
            addAll(
                    steps,
                    Math.min(rowsAtOnce, rows - row),
                    image,
                    imageAt + row * steps.tapY(),
                    filter,
                    filterAt + row * steps.filterY(),
                    block,
                    count);
            Packing.add(out, block);
        }
    }

    private static void addAll(
            Steps steps,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment out,
            int count) {
        for (int done = 0; done < count; ) {
            long imageHere = imageAt + done * steps.column();
            long outHere = done * BYTES;
            if (count - done > 4) {
                CorrelationKernel.add8(steps, rows, image, imageHere, filter, filterAt, out, outHere);
                done += 8;
            } else {
                CorrelationKernel.add4(steps, rows, image, imageHere, filter, filterAt, out, outHere);
                done += 4;
            }
        }
    }

    /** Outputs that {@link #addAll} really writes when asked for {@code count}. */
    private static int rounded(int count) {
        int rest = count % 8;
        return count - rest + (rest == 0 ? 0 : rest <= 4 ? 4 : 8);
    }

    private static int groups(DepthwiseShape s) {
        return Math.ceilDiv(s.channels(), V);
    }

    /** Pixels from the first tap of a row to its last. */
    private static int reach(DepthwiseShape s) {
        return (s.kernel() - 1) * s.dilation();
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
