package replklab.conv;

import static replklab.conv.Correlation.SPECIES;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import replklab.base.Remembered;
import replklab.conv.Correlation.Steps;
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

    private static final Remembered<ConvolutionShape, DenseCorrelation> BY_SHAPE =
            new Remembered<>(DenseCorrelation::new, plan -> 400 + 48L * plan.strips.size());

    private static final int V = SPECIES.length();
    private static final long BYTES = SPECIES.vectorByteSize();

    private final ConvolutionShape s;
    private final int halfY;
    private final int halfX;
    private final boolean mapSlides;
    private final BlockKind kind;
    private final int taps;
    private final List<Strip> strips;
    private final int covered;

    /**
     * Neighbouring blocks of outputs that visit the same taps.
     *
     * @param width outputs of a block in a row
     * @param column the first block's first output
     * @param firstTap the first column of taps
     * @param taps columns of taps
     */
    private record Strip(int width, int blocks, int column, int firstTap, int taps) {
        boolean precedes(Strip next) {
            return next.width == width && next.firstTap == firstTap && next.taps == taps;
        }

        Strip joined(Strip next) {
            return new Strip(width, blocks + next.blocks, column, firstTap, taps);
        }
    }

    private DenseCorrelation(ConvolutionShape s) {
        this.s = s;
        this.halfY = Math.min(s.kernel() / 2, s.height() - 1);
        this.halfX = Math.min(s.kernel() / 2, s.width() - 1);
        Plan plan = cheapest();
        this.mapSlides = plan.mapSlides();
        this.kind = plan.kind();
        this.taps = kind.roundUp(visited(mapSlides));
        this.strips = strips(plan);
        this.covered = Blocks.covered(kind, s.width(), taps);
    }

    /** The one for maps of a shape, whatever the batch. */
    static DenseCorrelation of(ConvolutionShape s) {
        return BY_SHAPE.of(s.withBatch(1));
    }

    /**
     * A way to do it.
     *
     * @param mapSlides whether the filter's taps are the taps, and not the map's pixels
     */
    private record Plan(boolean mapSlides, BlockKind kind) {}

    private Plan cheapest() {
        Plan best = new Plan(true, BlockKind.ONE_ROW);
        for (BlockKind kind : BlockKind.ALL) {
            for (Plan plan : List.of(new Plan(true, kind), new Plan(false, kind))) {
                if (isPossible(plan) && cost(plan) < cost(best)) {
                    best = plan;
                }
            }
        }
        return best;
    }

    private boolean isPossible(Plan plan) {
        // Rows of zeros that a second row of outputs needs are packed with the filter only.
        return plan.kind().rows() == 1 || (plan.mapSlides() && s.height() > 1);
    }

    /** Taps of a row. */
    private int visited(boolean mapSlides) {
        return mapSlides ? tapsX() : s.width();
    }

    private List<Strip> strips(Plan plan) {
        BlockKind kind = plan.kind();
        int row = kind.roundUp(visited(plan.mapSlides()));
        List<Strip> found = new ArrayList<>();
        int column = 0;
        for (int width : Blocks.cover(kind, s.width(), row)) {
            int firstTap = 0;
            int taps = row;
            if (plan.mapSlides()) {
                // Only those that touch the map from one of the outputs, and what fills up an unrolled row.
                int lastTap = Math.min(tapsX() - 1, s.width() - 1 - column + halfX);
                firstTap = Math.max(0, halfX - (column + width - 1));
                taps = kind.roundUp(lastTap - firstTap + 1);
                firstTap = Math.min(firstTap, row - taps);
            }
            Strip strip = new Strip(width, 1, column, firstTap, taps);
            if (!found.isEmpty() && found.getLast().precedes(strip)) {
                strip = found.removeLast().joined(strip);
            }
            found.add(strip);
            column += width;
        }
        return found;
    }

    /** Bytes of a packed filter. */
    long filterBytes() {
        return filterRow() * (2L * halfY + 3);
    }

    private long filterRow() {
        // A filter that slides is met from all outputs of a block, also from those past the end of a row.
        return (mapSlides ? taps : 2 * margin() + 1 + taps - s.width()) * BYTES;
    }

    private int tapsX() {
        return 2 * halfX + 1;
    }

    /** Taps, zeros included, on both sides of the centre of a filter that slides. */
    private int margin() {
        return covered - 1;
    }

    private double cost(Plan plan) {
        double sum = 0;
        for (Strip strip : strips(plan)) {
            sum += strip.blocks() * plan.kind().cycles(strip.width(), strip.taps());
        }
        int rows = plan.kind().rows();
        int meeting = Math.min(s.height(), 2 * halfY + rows);
        return sum * Math.ceilDiv(s.height(), rows) * meeting;
    }

    /** Taps of a filter that can touch the map. */
    double filterTaps() {
        return (2.0 * halfY + 1) * tapsX();
    }

    /** About how many cycles one map takes, {@code perBlock} for each block of outputs included. */
    double work(double perBlock) {
        int blocks = strips.stream().mapToInt(Strip::blocks).sum();
        return cost(new Plan(mapSlides, kind)) + perBlock * Math.ceilDiv(s.height(), kind.rows()) * blocks;
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

    /**
     * One group's share of a correlation: where it reads and writes.
     *
     * @param start the bias, where sums start
     */
    private record Target(
            Steps steps,
            MemorySegment image,
            MemorySegment filter,
            MemorySegment start,
            MemorySegment out,
            long outAt) {}

    /**
     * Correlates image {@code n} with packed filters, for {@code groups} groups of channels from {@code group} on: those whose
     * channels share cache lines, so each block of rows is done for all of them while its lines are near.
     *
     * @param filters the groups' filters, {@link #filterBytes} each
     */
    void run(MemorySegment x, int n, int group, int groups, MemorySegment filters, Epilogue epilogue, MemorySegment y) {
        int columns = mapSlides ? covered + taps - 1 : taps;
        long imageBytes = (long) s.height() * columns * BYTES;
        long outBytes = (long) s.height() * covered * BYTES;
        MemorySegment images = Scratch.get(Use.IMAGE, groups * imageBytes);
        MemorySegment starts = Scratch.get(Use.START, groups * BYTES);
        MemorySegment outs = Scratch.get(Use.OUTPUT, groups * outBytes);
        Target[] targets = new Target[groups];
        for (int i = 0; i < groups; i++) {
            int c = (group + i) * V;
            int lanes = Math.min(V, s.channels() - c);
            MemorySegment image = images.asSlice(i * imageBytes, imageBytes);
            MemorySegment start = starts.asSlice(i * BYTES, BYTES);
            Packing.images(s, x, n, c, lanes, image, columns, mapSlides ? halfX : 0);
            Packing.fill(epilogue.bias(), c, lanes, start, 1);
            MemorySegment filter = filters.asSlice(i * filterBytes(), filterBytes());
            boolean straight = writesStraight(lanes);
            targets[i] = new Target(
                    steps(columns, straight),
                    image,
                    filter,
                    start,
                    straight ? y : outs.asSlice(i * outBytes, outBytes),
                    straight ? floatAt(n, c) * Float.BYTES : 0);
        }
        for (int row = 0; row < s.height(); row += kind.rows()) {
            for (Target target : targets) {
                // An odd last row is computed together with the one before it, once more.
                correlateRows(target, Math.min(row, s.height() - kind.rows()));
            }
        }
        for (int i = 0; i < groups; i++) {
            finish(targets[i], n, (group + i) * V, epilogue, y);
        }
    }

    /** Whether whole vectors may be written to the output: there are as many channels, and blocks end where rows end. */
    private boolean writesStraight(int lanes) {
        return lanes == V && covered == s.width();
    }

    private long floatAt(int n, int c) {
        return (long) n * s.height() * s.width() * s.channels() + c;
    }

    private Steps steps(int columns, boolean straight) {
        long imageRow = columns * BYTES;
        long filterRow = filterRow();
        long outColumn = straight ? s.pixelBytes() : BYTES;
        long outRow = straight ? s.width() * s.pixelBytes() : covered * BYTES;
        return mapSlides
                ? new Steps(BYTES, BYTES, imageRow, BYTES, filterRow, -filterRow, 0, 0, outColumn, outRow)
                : new Steps(-BYTES, BYTES, filterRow, BYTES, imageRow, 0, 0, 0, outColumn, outRow);
    }

    private void finish(Target target, int n, int c, Epilogue epilogue, MemorySegment y) {
        int lanes = Math.min(V, s.channels() - c);
        boolean straight = writesStraight(lanes);
        Steps steps = target.steps();
        for (int row = 0; row < s.height(); row++) {
            long at = target.outAt() + row * steps.outRow();
            if (epilogue.clamps()) {
                Packing.clamp(target.out(), at, steps.outColumn(), s.width(), epilogue);
            }
            if (!straight) {
                long to = floatAt(n, c) + (long) row * s.width() * s.channels();
                Packing.unpack(target.out(), at, s.width(), y, to, s.channels(), lanes);
            }
        }
    }

    private void correlateRows(Target target, int row) {
        Steps steps = target.steps();
        MemorySegment image = target.image();
        MemorySegment filter = target.filter();
        long imageRow = mapSlides ? steps.tapY() : steps.filterY();
        int rowsAtOnce = Math.max(1, PARTIAL_SUM / (mapSlides ? tapsX() : s.width()));
        int first = Math.max(0, row - halfY);
        int last = Math.min(s.height() - 1, row + kind.rows() - 1 + halfY);
        for (Strip strip : strips) {
            long here = target.outAt() + row * steps.outRow() + strip.column() * steps.outColumn();
            for (int from = first; from <= last; from += rowsAtOnce) {
                int rows = Math.min(rowsAtOnce, last - from + 1);
                // The zero row is filter row 0, so row k lies at k + 1.
                long filterAt = (from - row + halfY + 1) * filterRow();
                long imageAt = from * imageRow;
                if (mapSlides) {
                    imageAt += (strip.column() + strip.firstTap()) * BYTES;
                    filterAt += strip.firstTap() * BYTES;
                } else {
                    filterAt += (margin() - strip.column()) * BYTES;
                }
                if (from == first) {
                    run(steps, strip, rows, image, imageAt, filter, filterAt, target.start(), target.out(), here);
                } else {
                    addParts(steps, strip, rows, image, imageAt, filter, filterAt, target.out(), here);
                }
            }
        }
    }

    private void run(
            Steps steps,
            Strip strip,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment start,
            MemorySegment out,
            long outAt) {
        int width = strip.width();
        int blocks = strip.blocks();
        int taps = strip.taps();
        if (mapSlides) {
            Blocks.run(kind, width, steps, blocks, rows, taps, image, imageAt, filter, filterAt, start, 0, out, outAt);
        } else {
            // The roles are changed: the filter is what slides.
            Blocks.run(kind, width, steps, blocks, rows, taps, filter, filterAt, image, imageAt, start, 0, out, outAt);
        }
    }

    /** Sums of their own for further rows of taps, then added. */
    private void addParts(
            Steps steps,
            Strip strip,
            int rows,
            MemorySegment image,
            long imageAt,
            MemorySegment filter,
            long filterAt,
            MemorySegment out,
            long outAt) {
        int outputs = strip.width() * strip.blocks();
        MemorySegment part = Scratch.get(Use.PART, (2L * outputs + 1) * BYTES);
        long zero = 2L * outputs * BYTES;
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
                outputs * BYTES);
        run(inPart, strip, rows, image, imageAt, filter, filterAt, part.asSlice(zero), part, 0);
        for (int r = 0; r < kind.rows(); r++) {
            Packing.addTo(
                    out, outAt + r * steps.outRow(), steps.outColumn(), part.asSlice(r * outputs * BYTES), outputs);
        }
    }
}
