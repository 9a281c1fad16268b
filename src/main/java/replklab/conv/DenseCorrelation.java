package replklab.conv;

import static replklab.conv.CorrelationKernel.SPECIES;

import java.lang.foreign.MemorySegment;
import java.util.List;
import replklab.conv.CorrelationKernel.Steps;
import replklab.conv.Scratch.Use;

/**
 * The direct algorithm at stride 1 without dilation, for one vector of channels of one map: the forward pass, and with a
 * flipped filter the input gradient.
 *
 * <p>Taps that cannot touch the map are left out; each block of outputs visits only the taps that touch the map from one
 * of its outputs. Where the map is so small that the filter has more taps than the map has pixels, the roles change: the taps
 * are the map's pixels, and the filter is what slides.
 */
final class DenseCorrelation {
    /** A float sum runs over at most about this many products before it is added to a total: rounding errors stay small. */
    private static final int PARTIAL_SUM = 256;

    private static final int V = SPECIES.length();
    private static final long BYTES = SPECIES.vectorByteSize();

    private final DepthwiseShape s;
    private final int halfY;
    private final int halfX;
    private final boolean mapSlides;
    private final int blockRows;
    private final List<Integer> widths;
    private final int covered;

    DenseCorrelation(DepthwiseShape s) {
        this.s = s;
        this.halfY = Math.min(s.kernel() / 2, s.height() - 1);
        this.halfX = Math.min(s.kernel() / 2, s.width() - 1);
        this.mapSlides = s.height() == 1 || cost(true) <= cost(false);
        this.blockRows = mapSlides && s.height() > 1 ? 2 : 1;
        this.widths = Blocks.cover(blockRows, s.width());
        this.covered = Blocks.covered(blockRows, s.width());
    }

    /** Bytes of a packed filter. */
    long filterBytes() {
        return filterRow() * (2L * halfY + 3);
    }

    private long filterRow() {
        // A filter that slides is met from all outputs of a block, also from those past the end of a row.
        return mapSlides ? tapsX() * BYTES : (2 * margin() + 1) * BYTES;
    }

    private int tapsX() {
        return 2 * halfX + 1;
    }

    /** Taps, zeros included, on both sides of the centre of a filter that slides. */
    private int margin() {
        return covered - 1;
    }

    private double cost(boolean mapSlides) {
        int rows = mapSlides ? 2 : 1;
        double sum = 0;
        int column = 0;
        for (int width : Blocks.cover(rows, s.width())) {
            int taps = mapSlides ? lastTap(column) - firstTap(column, width) + 1 : s.width();
            sum += Blocks.cycles(rows, width) * taps;
            column += width;
        }
        int meeting = Math.min(s.height(), 2 * halfY + rows);
        return sum * Math.ceilDiv(s.height(), rows) * meeting;
    }

    /** About how many cycles one map takes, {@code perBlock} for each block of outputs included. */
    double work(double perBlock) {
        return cost(mapSlides) + perBlock * Math.ceilDiv(s.height(), blockRows) * widths.size();
    }

    /** First tap column that touches the map from one of {@code width} outputs from {@code column} on. */
    private int firstTap(int column, int width) {
        return Math.max(0, halfX - (column + width - 1));
    }

    private int lastTap(int column) {
        return Math.min(tapsX() - 1, s.width() - 1 - column + halfX);
    }

    /** Packs one vector of filters; flipped, it is turned by 180 degrees. */
    void packFilter(MemorySegment w, int c, int lanes, boolean flipped, MemorySegment filter) {
        int kernel = s.kernel();
        long row = filterRow();
        long step = flipped ? -s.channels() : s.channels();
        int tapRows = 2 * halfY + 1;
        filter.asSlice(0, filterBytes()).fill((byte) 0);
        for (int k = 0; k < tapRows; k++) {
            int ky = flipped ? kernel / 2 + halfY - k : kernel / 2 - halfY + k;
            int kx = flipped ? kernel / 2 + halfX : kernel / 2 - halfX;
            long from = ((long) ky * kernel + kx) * s.channels() + c;
            // A row of zeros before and after: the rows that only one of two rows of outputs meets.
            long to = (k + 1) * row + (mapSlides ? 0 : (margin() - halfX) * BYTES);
            Packing.row(w, from, step, lanes, filter, to, tapsX());
        }
    }

    /** Correlates image {@code n}, channels from {@code c} on, with the packed filter. */
    void run(MemorySegment x, int n, int c, int lanes, MemorySegment filter, Epilogue epilogue, MemorySegment y) {
        int columns = mapSlides ? covered + 2 * halfX : s.width();
        MemorySegment image = Scratch.get(Use.IMAGE, (long) s.height() * columns * BYTES);
        Packing.images(s, x, n, c, lanes, image, columns, mapSlides ? halfX : 0);
        boolean straight = lanes == V && covered == s.width();
        long at = ((long) n * s.height() * s.width() * s.channels() + c) * Float.BYTES;
        long pixel = (long) s.channels() * Float.BYTES;
        MemorySegment out = straight ? y : Scratch.get(Use.OUTPUT, (long) s.height() * covered * BYTES);
        long outAt = straight ? at : 0;
        long outColumn = straight ? pixel : BYTES;
        long outRow = straight ? s.width() * pixel : covered * BYTES;
        MemorySegment start = Scratch.get(Use.START, BYTES);
        Packing.fill(epilogue.bias(), c, lanes, start, 1);
        correlate(image, columns, filter, start, out, outAt, outColumn, outRow);
        if (epilogue.clamps()) {
            for (int row = 0; row < s.height(); row++) {
                Packing.clamp(out, outAt + row * outRow, outColumn, straight ? s.width() : covered, epilogue);
            }
        }
        if (!straight) {
            for (int row = 0; row < s.height(); row++) {
                long to = at / Float.BYTES + (long) row * s.width() * s.channels();
                Packing.unpack(out, row * outRow, s.width(), y, to, s.channels(), lanes);
            }
        }
    }

    private void correlate(
            MemorySegment image,
            int columns,
            MemorySegment filter,
            MemorySegment start,
            MemorySegment out,
            long outAt,
            long outColumn,
            long outRow) {
        long imageRow = columns * BYTES;
        long filterRow = filterRow();
        Steps steps = mapSlides
                ? new Steps(BYTES, BYTES, imageRow, BYTES, filterRow, -filterRow, 0, 0, outColumn, outRow)
                : new Steps(-BYTES, BYTES, filterRow, BYTES, imageRow, 0, 0, 0, outColumn, outRow);
        int taps = mapSlides ? tapsX() : s.width();
        int rowsAtOnce = Math.max(1, PARTIAL_SUM / taps);
        for (int next = 0; next < s.height(); next += blockRows) {
            // An odd last row is computed together with the one before it, once more.
            int row = Math.min(next, s.height() - blockRows);
            int first = Math.max(0, row - halfY);
            int last = Math.min(s.height() - 1, row + blockRows - 1 + halfY);
            int column = 0;
            for (int width : widths) {
                int firstTap = mapSlides ? firstTap(column, width) : 0;
                int count = mapSlides ? lastTap(column) - firstTap + 1 : taps;
                long here = outAt + row * outRow + column * outColumn;
                for (int from = first; from <= last; from += rowsAtOnce) {
                    int rows = Math.min(rowsAtOnce, last - from + 1);
                    // The zero row is filter row 0, so row k lies at k + 1.
                    long filterAt = (from - row + halfY + 1) * filterRow;
                    long imageAt = from * imageRow;
                    if (mapSlides) {
                        imageAt += (column + firstTap) * BYTES;
                        filterAt += firstTap * BYTES;
                    } else {
                        filterAt += (margin() - column) * BYTES;
                    }
                    if (from == first) {
                        block(steps, width, rows, count, image, imageAt, filter, filterAt, start, out, here);
                    } else {
                        addPart(steps, width, rows, count, image, imageAt, filter, filterAt, out, here);
                    }
                }
                column += width;
            }
        }
    }

    private void block(
            Steps steps,
            int width,
            int rows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            MemorySegment out,
            long outAt) {
        if (mapSlides) {
            Blocks.run(blockRows, width, steps, rows, taps, image, imageAt, filter, filterAt, start, 0, out, outAt);
        } else {
            // The roles are changed: the filter is what slides.
            Blocks.run(blockRows, width, steps, rows, taps, filter, filterAt, image, imageAt, start, 0, out, outAt);
        }
    }

    /** Sums of their own for further rows of taps, then added. */
    private void addPart(
            Steps steps,
            int width,
            int rows,
            int taps,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment out,
            long outAt) {
        MemorySegment part = Scratch.get(Use.PART, 3L * 8 * BYTES);
        long zero = 2L * 8 * BYTES;
        Packing.fill(null, 0, V, part.asSlice(zero), 1);
        Steps inPart = new Steps(
                steps.column(),
                steps.tapX(),
                steps.tapY(),
                steps.filterX(),
                steps.filterY(),
                steps.secondFilter(),
                0,
                0,
                BYTES,
                8 * BYTES);
        block(inPart, width, rows, taps, image, imageAt, filter, filterAt, part.asSlice(zero), part, 0);
        for (int r = 0; r < blockRows; r++) {
            Packing.addTo(out, outAt + r * steps.outRow(), steps.outColumn(), part.asSlice(r * 8 * BYTES), width);
        }
    }
}
