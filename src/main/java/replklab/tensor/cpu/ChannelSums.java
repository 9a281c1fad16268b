package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import replklab.base.Parallel;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Two sums a channel over all rows, in parallel. Float sums run over {@value #BLOCK} rows at most, and go on in double
 * precision; rows are cut into ranges by shape alone, whose sums are added up in order.
 */
final class ChannelSums {
    private static final int BLOCK = 128;
    private static final int RANGES = 32;

    /** Pieces to have at least, if there is enough to do; few rows are cut by channels, too. */
    private static final int WANTED = 8;

    private static final int LEAST_CHANNELS = 256;

    private final int channels;
    private final MemorySegment doubles;

    private ChannelSums(int channels, MemorySegment doubles) {
        this.channels = channels;
        this.doubles = doubles;
    }

    /** Adds rows {@code fromRow} to {@code toRow} of some channels to float sums. */
    @FunctionalInterface
    interface Adder {
        /** The sums of channel {@code c} lie at index {@code c - fromChannel} of both. */
        void add(int fromRow, int toRow, int fromChannel, int toChannel, MemorySegment first, MemorySegment second);
    }

    /** The sums over all rows. */
    static ChannelSums of(int rows, int channels, Adder adder) {
        int ranges = Math.clamp(rows / BLOCK, 1, RANGES);
        int chunks = Math.clamp(channels / LEAST_CHANNELS, 1, Math.ceilDiv(WANTED, ranges));
        // Two floats' room for each double; on a tape the pool's.
        MemorySegment doubles = Tensor.empty(Shape.of(ranges, 2, channels, 2)).memory();
        doubles.fill((byte) 0);
        Parallel.forEach(ranges * chunks, piece -> {
            int range = piece / chunks;
            int chunk = piece % chunks;
            int fromChannel = wholeVectors(channels, chunks, chunk);
            int toChannel = wholeVectors(channels, chunks, chunk + 1);
            int count = toChannel - fromChannel;
            long padded = Lanes.roundedUp(count);
            MemorySegment floats = ThreadScratch.get(2 * padded);
            MemorySegment first = floats.asSlice(0, padded * Float.BYTES);
            MemorySegment second = floats.asSlice(padded * Float.BYTES, padded * Float.BYTES);
            int end = Parallel.cut(rows, ranges, range + 1);
            for (int row = Parallel.cut(rows, ranges, range); row < end; row += BLOCK) {
                first.fill((byte) 0);
                second.fill((byte) 0);
                adder.add(row, Math.min(end, row + BLOCK), fromChannel, toChannel, first, second);
                addTo(doubles, 2L * range * channels + fromChannel, first, count);
                addTo(doubles, (2L * range + 1) * channels + fromChannel, second, count);
            }
        });
        for (int range = 1; range < ranges; range++) {
            for (int i = 0; i < 2 * channels; i++) {
                set(doubles, i, get(doubles, i) + get(doubles, 2L * range * channels + i));
            }
        }
        return new ChannelSums(channels, doubles);
    }

    /** The sums of some rows that lie together. */
    @FunctionalInterface
    interface Part {
        /**
         * @param fromRow the first row
         * @param count number of rows, of {@code width} channels each
         */
        ChannelSums of(long fromRow, int count, int width);
    }

    /** The sums over all rows, of which as many are taken as one as {@link SideBySide} says. */
    static ChannelSums sideBySide(int rows, int channels, Part part) {
        int side = SideBySide.rows(channels);
        int wideRows = rows / side;
        if (side == 1 || wideRows == 0) {
            return part.of(0, rows, channels);
        }
        ChannelSums wide = part.of(0, wideRows, side * channels);
        ChannelSums sums = new ChannelSums(
                channels, Tensor.empty(Shape.of(2, channels, 2)).memory()); // two floats' room for each double
        int rest = rows - wideRows * side;
        ChannelSums last = rest == 0 ? null : part.of((long) wideRows * side, rest, channels);
        for (int which = 0; which < 2; which++) {
            for (int c = 0; c < channels; c++) {
                double sum = last == null ? 0 : get(last.doubles, (long) which * channels + c);
                for (int i = 0; i < side; i++) {
                    sum += get(wide.doubles, (long) which * side * channels + (long) i * channels + c);
                }
                set(sums.doubles, (long) which * channels + c, sum);
            }
        }
        return sums;
    }

    private static int wholeVectors(int channels, int chunks, int chunk) {
        return chunk == chunks ? channels : (int) Lanes.bound(0, Parallel.cut(channels, chunks, chunk));
    }

    private static void addTo(MemorySegment doubles, long at, MemorySegment floats, int count) {
        for (int i = 0; i < count; i++) {
            set(doubles, at + i, get(doubles, at + i) + Lanes.get(floats, i));
        }
    }

    private static double get(MemorySegment doubles, long index) {
        return doubles.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
    }

    private static void set(MemorySegment doubles, long index, double value) {
        doubles.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
    }

    double first(int channel) {
        return get(doubles, channel);
    }

    double second(int channel) {
        return get(doubles, channels + (long) channel);
    }
}
