package replklab.conv;

import static replklab.conv.Correlation.SPECIES;

import java.lang.foreign.MemorySegment;
import java.util.List;
import replklab.base.Remembered;
import replklab.conv.Correlation.Steps;
import replklab.conv.Scratch.Use;

/**
 * The filters' gradient at stride 1 without dilation, for one vector of channels: the correlation of the map with the
 * output's gradient, whose outputs are the filter's taps.
 *
 * <p>Sums of some hundred products are kept in a part that is added to the total: rounding errors stay small, however
 * many pixels there are.
 */
final class DenseWeightGradient {
    private static final int PARTIAL_SUM = 512;
    private static final Remembered<ConvolutionShape, DenseWeightGradient> BY_SHAPE =
            new Remembered<>(DenseWeightGradient::new, plan -> 400);
    private static final long BYTES = SPECIES.vectorByteSize();

    private final ConvolutionShape s;
    private final int halfY;
    private final int halfX;
    private final int tapsY;
    private final int tapsX;
    private final List<Integer> pairWidths;
    private final List<Integer> lastWidths;
    private final int covered;

    private DenseWeightGradient(ConvolutionShape s) {
        this.s = s;
        this.halfY = Math.min(s.kernel() / 2, s.height() - 1);
        this.halfX = Math.min(s.kernel() / 2, s.width() - 1);
        this.tapsY = 2 * halfY + 1;
        this.tapsX = 2 * halfX + 1;
        this.pairWidths = Blocks.cover(BlockKind.TWO_ROWS, tapsX, s.width());
        this.lastWidths = Blocks.cover(BlockKind.ONE_ROW, tapsX, s.width());
        this.covered = Math.max(
                Blocks.covered(BlockKind.TWO_ROWS, tapsX, s.width()),
                Blocks.covered(BlockKind.ONE_ROW, tapsX, s.width()));
    }

    /** The one for maps of a shape, whatever the batch. */
    static DenseWeightGradient of(ConvolutionShape s) {
        return BY_SHAPE.of(s.withBatch(1));
    }

    /** Bytes of a sum: the taps that can touch the map, each row rounded up to whole blocks. */
    long sumBytes() {
        return (long) tapsY * covered * BYTES;
    }

    /** About how many cycles one map takes, {@code perBlock} for each block of taps included. */
    double work(double perBlock) {
        double sum = 0;
        for (int ky = 0; ky < tapsY; ky += 2) {
            BlockKind kind = kindOf(ky);
            int rows = s.height() - Math.max(0, Math.abs(ky - halfY) - 1);
            int kx = 0;
            for (int width : kind.rows() == 2 ? pairWidths : lastWidths) {
                int first = Math.max(0, halfX - (kx + width - 1));
                int last = Math.min(s.width() - 1, s.width() - 1 + halfX - kx);
                sum += rows * kind.cycles(width, Math.max(0, last - first + 1)) + perBlock;
                kx += width;
            }
        }
        return sum;
    }

    /** Of the rows of taps from {@code ky} on. Written-out rows of taps gain nothing here: there are too few outputs. */
    private BlockKind kindOf(int ky) {
        return tapsY - ky > 1 ? BlockKind.TWO_ROWS : BlockKind.ONE_ROW;
    }

    /** Adds the gradient over images {@code from} to {@code to} to {@code sum}. */
    void add(MemorySegment x, MemorySegment dy, int from, int to, int c, int lanes, MemorySegment sum) {
        int columns = s.width() + halfX + covered;
        long imageRow = columns * BYTES;
        long dyRow = s.width() * BYTES;
        int pixels = s.height() * s.width();
        MemorySegment image = Scratch.get(Use.IMAGE, s.height() * imageRow);
        // A row of zeros before and after: the rows that only one of two rows of taps meets.
        MemorySegment gradient = Scratch.get(Use.FILTER, (s.height() + 2) * dyRow);
        gradient.asSlice(0, dyRow).fill((byte) 0);
        gradient.asSlice((s.height() + 1) * dyRow, dyRow).fill((byte) 0);
        MemorySegment part = Scratch.get(Use.PART, sumBytes());
        part.asSlice(0, sumBytes()).fill((byte) 0);
        int rowsAtOnce = Math.max(1, PARTIAL_SUM / s.width());
        int products = 0;
        for (int n = from; n < to; n++) {
            Packing.images(s, x, n, c, lanes, image, columns, halfX);
            long first = (long) n * pixels * s.channels() + c;
            Packing.row(dy, first, s.channels(), lanes, gradient, dyRow, pixels);
            for (int row = 0; row < s.height(); row += rowsAtOnce) {
                int end = Math.min(s.height(), row + rowsAtOnce);
                addRows(image, imageRow, gradient, dyRow, row, end, part);
                products += (end - row) * s.width();
                if (products + rowsAtOnce * s.width() > PARTIAL_SUM) {
                    Packing.add(sum, part.asSlice(0, sumBytes()));
                    part.asSlice(0, sumBytes()).fill((byte) 0);
                    products = 0;
                }
            }
        }
        Packing.add(sum, part.asSlice(0, sumBytes()));
    }

    /** Adds what image rows {@code from} to {@code to} contribute. */
    private void addRows(
            MemorySegment image,
            long imageRow,
            MemorySegment gradient,
            long dyRow,
            int from,
            int to,
            MemorySegment part) {
        long partRow = covered * BYTES;
        Steps steps = new Steps(BYTES, BYTES, imageRow, BYTES, dyRow, -dyRow, BYTES, partRow, BYTES, partRow);
        for (int ky = 0; ky < tapsY; ky += 2) {
            BlockKind kind = kindOf(ky);
            // Image row Y meets tap row ky at output row Y - ky + halfY, and tap row ky + 1 at the one before.
            int first = Math.max(from, ky - halfY);
            int last = Math.min(to - 1, s.height() - 1 + ky + kind.rows() - 1 - halfY);
            int kx = 0;
            for (int width : kind.rows() == 2 ? pairWidths : lastWidths) {
                int firstColumn = Math.max(0, halfX - (kx + width - 1));
                int lastColumn = Math.min(s.width() - 1, s.width() - 1 + halfX - kx);
                int taps = lastColumn - firstColumn + 1;
                long at = ky * partRow + kx * BYTES;
                if (last >= first && taps > 0) {
                    Blocks.run(
                            kind,
                            width,
                            steps,
                            1,
                            last - first + 1,
                            taps,
                            image,
                            first * imageRow + (firstColumn + kx) * BYTES,
                            gradient,
                            (first - ky + halfY + 1) * dyRow + firstColumn * BYTES,
                            part,
                            at,
                            part,
                            at);
                }
                kx += width;
            }
        }
    }

    /** Writes a sum to the filters' gradient; taps that never touch the map are zero. */
    void write(MemorySegment sum, MemorySegment dw, int c, int lanes) {
        int kernel = s.kernel();
        int skippedY = kernel / 2 - halfY;
        int skippedX = kernel / 2 - halfX;
        if (skippedY > 0 || skippedX > 0) {
            Packing.clear(dw, c, s.channels(), lanes, kernel * kernel);
        }
        for (int ky = 0; ky < tapsY; ky++) {
            long to = ((long) (ky + skippedY) * kernel + skippedX) * s.channels() + c;
            Packing.unpack(sum, ky * covered * BYTES, tapsX, dw, to, s.channels(), lanes);
        }
    }
}
