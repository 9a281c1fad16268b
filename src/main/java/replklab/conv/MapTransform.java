package replklab.conv;

import static replklab.conv.Correlation.SPECIES;
import static replklab.conv.FourierTransform.COMPLEX;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import replklab.conv.RowPairs.Finish;

/**
 * The two-dimensional real transforms of one map or filter, one vector of channels: rows in pairs, then columns.
 *
 * <p>Rows become the pairs' spectra ("pairs"), from which blocks of columns are gathered, transformed, multiplied and
 * scattered back while they are in the first-level cache. Everything is a forward transform: the inverse of a spectrum s is
 * the conjugate of the transform of conj(s), and the conjugates cost nothing, because the products are computed as
 * conjugates. For the rows: the inverse transform of A - iB is a - ib, so the transform of its conjugate is a + ib.
 *
 * <p>A filter lies around the origin: its taps from the centre on come first, those before the centre at the period's end.
 */
final class MapTransform {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final FourierGrid g;
    private final FourierTransform alongX;
    private final FourierTransform alongY;

    MapTransform(FourierGrid grid) {
        this.g = grid;
        this.alongX = FourierTransform.of(grid.periodX());
        this.alongY = FourierTransform.of(grid.periodY());
    }

    FourierGrid grid() {
        return g;
    }

    /**
     * Transforms an image's rows.
     *
     * @param at byte of the first pixel's first channel
     * @param pixel bytes from a pixel to the next one
     * @param lanes channels there are
     * @param line scratch for {@link FourierGrid#lineBatch} lines
     * @param pairs written
     */
    void imageRows(MemorySegment x, long at, long pixel, int lanes, MemorySegment line, MemorySegment pairs) {
        long row = g.width() * pixel;
        for (int pair = 0; pair < g.pairs(); pair += g.lineBatch()) {
            int batch = Math.min(g.lineBatch(), g.pairs() - pair);
            for (int i = 0; i < batch; i++) {
                int y = 2 * (pair + i);
                long first = at + y * row;
                RowPairs.pack(
                        x, first, y + 1 < g.height() ? first + row : -1, pixel, g.width(), lanes, line, i * g.line());
                zero(line, i * g.line() + g.width() * COMPLEX, g.periodX() - g.width());
            }
            alongX.run(line, 0, g.line(), pairs, pair * g.pairStep(), g.pairStep(), batch);
        }
    }

    /** Inverse of {@link #imageRows}: the rows of the result, scaled, through the epilogue. Destroys {@code pairs}. */
    void imageRowsBack(
            MemorySegment pairs,
            MemorySegment line,
            Epilogue epilogue,
            int channel,
            int lanes,
            MemorySegment y,
            long at,
            long pixel) {
        long rowBytes = g.width() * pixel;
        Finish finish = finish(epilogue, channel, lanes);
        for (int pair = 0; pair < g.pairs(); pair += g.lineBatch()) {
            int batch = Math.min(g.lineBatch(), g.pairs() - pair);
            alongX.run(pairs, pair * g.pairStep(), g.pairStep(), line, 0, g.line(), batch);
            for (int i = 0; i < batch; i++) {
                int row = 2 * (pair + i);
                long a = at + row * rowBytes;
                long b = row + 1 < g.height() ? a + rowBytes : -1;
                RowPairs.unpack(line, i * g.line(), g.width(), finish, lanes, y, a, b, pixel);
            }
        }
    }

    private Finish finish(Epilogue epilogue, int channel, int lanes) {
        FloatVector bias = epilogue.bias() == null
                ? FloatVector.zero(SPECIES)
                : FloatVector.fromMemorySegment(
                        SPECIES, epilogue.bias(), (long) channel * Float.BYTES, ORDER, SPECIES.indexInRange(0, lanes));
        FloatVector scale = FloatVector.broadcast(SPECIES, g.scale());
        return new Finish(scale, bias, epilogue.clamps(), epilogue.lowest(), epilogue.highest());
    }

    /** Transforms {@code count} columns of an image's spectrum, from frequency {@code k} on, into {@code out}. */
    void imageColumns(MemorySegment pairs, int k, int count, MemorySegment work, MemorySegment out) {
        for (int i = 0; i < count; i++) {
            long column = i * g.columnStep();
            SpectrumKernels.gather(g.pairs(), pairs, frequency(k + i), opposite(k + i), g.pairStep(), work, column);
            zero(work, column + g.height() * COMPLEX, g.periodY() - g.height());
        }
        alongY.run(work, 0, g.columnStep(), out, 0, g.columnStep(), count);
    }

    /** Transforms {@code count} columns of a conjugated product and scatters them to the pairs. Destroys {@code work}. */
    void imageColumnsBack(MemorySegment work, MemorySegment out, int k, int count, MemorySegment pairs) {
        alongY.run(work, 0, g.columnStep(), out, 0, g.columnStep(), count);
        for (int i = 0; i < count; i++) {
            long column = i * g.columnStep();
            // The odd row of the last pair lies past the period if the map fills it.
            zero(out, column + g.periodY() * COMPLEX, 1);
            SpectrumKernels.scatter(g.pairs(), out, column, pairs, frequency(k + i), opposite(k + i), g.pairStep());
        }
    }

    /**
     * The spectrum of one vector of filters.
     *
     * @param w (kernel, kernel, channels)
     * @param kernel its side
     * @param pixel bytes from a tap to the next one
     */
    void filter(
            MemorySegment w,
            int kernel,
            int channel,
            long pixel,
            int lanes,
            MemorySegment line,
            MemorySegment pairs,
            MemorySegment work,
            MemorySegment spectrum) {
        // The centre tap; taps that can't touch the map are skipped on both sides.
        long centre = (kernel / 2) * (kernel * pixel + pixel) + (long) channel * Float.BYTES;
        int halfY = g.tapsY() / 2;
        int halfX = g.tapsX() / 2;
        for (int pair = 0; pair < filterPairs(); pair++) {
            int y = filterRow(pair);
            long first = centre + y * kernel * pixel;
            boolean alone = y == halfY || y == -1;
            long second = alone ? -1 : first + kernel * pixel;
            RowPairs.pack(w, first, second, pixel, halfX + 1, lanes, line, 0);
            zero(line, (halfX + 1) * COMPLEX, g.periodX() - g.tapsX());
            long before = halfX * pixel;
            RowPairs.pack(
                    w,
                    first - before,
                    alone ? -1 : second - before,
                    pixel,
                    halfX,
                    lanes,
                    line,
                    (g.periodX() - halfX) * COMPLEX);
            alongX.run(line, 0, g.line(), pairs, pair * g.pairStep(), g.pairStep(), 1);
        }
        int ahead = pairsAhead();
        for (int k = 0; k < g.frequencies(); k += g.columnBatch()) {
            int count = Math.min(g.columnBatch(), g.frequencies() - k);
            for (int i = 0; i < count; i++) {
                long column = i * g.columnStep();
                SpectrumKernels.gather(ahead, pairs, frequency(k + i), opposite(k + i), g.pairStep(), work, column);
                zero(work, column + (halfY + 1) * COMPLEX, g.periodY() - g.tapsY());
                SpectrumKernels.gather(
                        filterPairs() - ahead,
                        pairs,
                        ahead * g.pairStep() + frequency(k + i),
                        ahead * g.pairStep() + opposite(k + i),
                        g.pairStep(),
                        work,
                        column + (g.periodY() - halfY) * COMPLEX);
            }
            alongY.run(work, 0, g.columnStep(), spectrum, k * g.columnStep(), g.columnStep(), count);
        }
    }

    /** Inverse of {@link #filter}: from the conjugate of a spectrum, which is destroyed, to the filter's gradient. */
    void filterBack(
            MemorySegment spectrum,
            MemorySegment out,
            MemorySegment pairs,
            MemorySegment line,
            MemorySegment dw,
            int kernel,
            int channel,
            long pixel,
            int lanes) {
        int halfY = g.tapsY() / 2;
        int halfX = g.tapsX() / 2;
        int ahead = pairsAhead();
        for (int k = 0; k < g.frequencies(); k += g.columnBatch()) {
            int count = Math.min(g.columnBatch(), g.frequencies() - k);
            alongY.run(spectrum, k * g.columnStep(), g.columnStep(), out, 0, g.columnStep(), count);
            for (int i = 0; i < count; i++) {
                long column = i * g.columnStep();
                zero(out, column + g.periodY() * COMPLEX, 1);
                SpectrumKernels.scatter(ahead, out, column, pairs, frequency(k + i), opposite(k + i), g.pairStep());
                SpectrumKernels.scatter(
                        filterPairs() - ahead,
                        out,
                        column + (g.periodY() - halfY) * COMPLEX,
                        pairs,
                        ahead * g.pairStep() + frequency(k + i),
                        ahead * g.pairStep() + opposite(k + i),
                        g.pairStep());
            }
        }
        Finish finish = finish(Epilogue.NONE, channel, lanes);
        long centre = (kernel / 2) * (kernel * pixel + pixel) + (long) channel * Float.BYTES;
        for (int pair = 0; pair < filterPairs(); pair++) {
            alongX.run(pairs, pair * g.pairStep(), g.pairStep(), line, 0, g.line(), 1);
            int y = filterRow(pair);
            long first = centre + y * kernel * pixel;
            boolean alone = y == halfY || y == -1;
            long second = alone ? -1 : first + kernel * pixel;
            RowPairs.unpack(line, 0, halfX + 1, finish, lanes, dw, first, second, pixel);
            long before = halfX * pixel;
            RowPairs.unpack(
                    line,
                    (g.periodX() - halfX) * COMPLEX,
                    halfX,
                    finish,
                    lanes,
                    dw,
                    first - before,
                    alone ? -1 : second - before,
                    pixel);
        }
    }

    /** Pairs of filter rows: those from the centre on, then those before it. */
    private int filterPairs() {
        return g.tapsY() / 2 + 1;
    }

    /** Pairs that begin at the centre row or after it. */
    private int pairsAhead() {
        return (g.tapsY() / 2 + 2) / 2;
    }

    /** A pair's first row, counted from the centre. A row at the end of its group, the last tap or -1, is alone. */
    private int filterRow(int pair) {
        return pair < pairsAhead() ? 2 * pair : -(g.tapsY() / 2) + 2 * (pair - pairsAhead());
    }

    private static long frequency(int k) {
        return k * COMPLEX;
    }

    private long opposite(int k) {
        return k == 0 ? 0 : (g.periodX() - k) * COMPLEX;
    }

    private static void zero(MemorySegment to, long at, int count) {
        if (count > 0) {
            to.asSlice(at, count * COMPLEX).fill((byte) 0);
        }
    }
}
