package replklab.conv;

import static replklab.conv.Correlation.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Between NHWC memory, where a pixel's channels lie side by side, and packed scratch memory, where one vector of them
 * does. Lanes beyond the last channel are zero in scratch and never written outside.
 */
final class Packing {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long BYTES = SPECIES.vectorByteSize();
    private static final int V = SPECIES.length();

    private Packing() {}

    /**
     * Packs {@code count} vectors side by side.
     *
     * @param at float where the first one begins
     * @param step floats from one to the next; may be negative
     * @param toAt byte where the first one goes
     */
    static void row(MemorySegment from, long at, long step, int lanes, MemorySegment to, long toAt, int count) {
        copy(from, at * Float.BYTES, step * Float.BYTES, lanes, to, toAt, BYTES, count);
    }

    /** Packs image {@code n}'s channels from {@code c}: rows of {@code columns} vectors, {@code left} of them zeros first. */
    static void images(
            ConvolutionShape s, MemorySegment x, int n, int c, int lanes, MemorySegment to, int columns, int left) {
        for (int row = 0; row < s.height(); row++) {
            long start = row * columns * BYTES;
            long first = start + left * BYTES;
            long end = first + s.width() * BYTES;
            long pixel = ((long) n * s.height() + row) * s.width();
            if (left > 0) {
                to.asSlice(start, left * BYTES).fill((byte) 0);
            }
            row(x, pixel * s.channels() + c, s.channels(), lanes, to, first, s.width());
            if (end < start + columns * BYTES) {
                to.asSlice(end, start + columns * BYTES - end).fill((byte) 0);
            }
        }
    }

    /**
     * Packs the output gradient of image {@code n} with its columns {@code stride} apart and zeros between and around
     * them: output column o lies at {@code o * stride + padding}.
     */
    static void outputsSpread(
            ConvolutionShape s, MemorySegment dy, int n, int c, int lanes, MemorySegment to, int columns) {
        for (int row = 0; row < s.outHeight(); row++) {
            long start = row * columns * BYTES;
            long pixel = ((long) n * s.outHeight() + row) * s.outWidth();
            to.asSlice(start, columns * BYTES).fill((byte) 0);
            copy(
                    dy,
                    (pixel * s.channels() + c) * Float.BYTES,
                    (long) s.channels() * Float.BYTES,
                    lanes,
                    to,
                    start + s.padding() * BYTES,
                    s.stride() * BYTES,
                    s.outWidth());
        }
    }

    /** Sets {@code count} vectors to the bias of the channels from {@code c}, or to zero without a bias. */
    static void fill(MemorySegment bias, int c, int lanes, MemorySegment to, int count) {
        FloatVector value = FloatVector.zero(SPECIES);
        if (bias != null) {
            long at = (long) c * Float.BYTES;
            value = FloatVector.fromMemorySegment(SPECIES, bias, at, ORDER, SPECIES.indexInRange(0, lanes));
        }
        for (int i = 0; i < count; i++) {
            value.intoMemorySegment(to, i * BYTES, ORDER);
        }
    }

    /**
     * Writes {@code count} packed vectors, the first at byte {@code fromAt}, to NHWC memory.
     *
     * @param at float where the first one goes
     * @param step floats from one to the next
     */
    static void unpack(MemorySegment from, long fromAt, int count, MemorySegment to, long at, int step, int lanes) {
        if (count == 0) {
            return;
        }
        if (lanes == V) {
            copyFull(from, fromAt, BYTES, to, at * Float.BYTES, (long) step * Float.BYTES, count);
        } else {
            unpackPart(from, fromAt, lanes, to, at * Float.BYTES, (long) step * Float.BYTES, count);
        }
    }

    /** Writes zeros to {@code count} vectors of NHWC memory that lie {@code step} floats apart, the first at float {@code at}. */
    static void clear(MemorySegment to, long at, int step, int lanes, int count) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, lanes);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (long i = 0; i < count; i++) {
            zero.intoMemorySegment(to, (at + i * step) * Float.BYTES, ORDER, mask);
        }
    }

    /** Holds {@code count} vectors, the first at byte {@code at}, {@code step} bytes apart, between the epilogue's bounds. */
    static void clamp(MemorySegment values, long at, long step, int count, Epilogue epilogue) {
        FloatVector lowest = FloatVector.broadcast(SPECIES, epilogue.lowest());
        FloatVector highest = FloatVector.broadcast(SPECIES, epilogue.highest());
        for (long here = at, end = at + count * step; here != end; here += step) {
            FloatVector.fromMemorySegment(SPECIES, values, here, ORDER)
                    .max(lowest)
                    .min(highest)
                    .intoMemorySegment(values, here, ORDER);
        }
    }

    /** Adds {@code count} packed vectors to those at byte {@code at} of {@code sum} and {@code step} bytes apart. */
    static void addTo(MemorySegment sum, long at, long step, MemorySegment part, int count) {
        long here = at;
        for (int i = 0; i < count; i++) {
            FloatVector.fromMemorySegment(SPECIES, sum, here, ORDER)
                    .add(FloatVector.fromMemorySegment(SPECIES, part, i * BYTES, ORDER))
                    .intoMemorySegment(sum, here, ORDER);
            here += step;
        }
    }

    /** {@code sum += part}, over the length of {@code part}, a whole number of vectors. */
    static void add(MemorySegment sum, MemorySegment part) {
        for (long at = 0; at < part.byteSize(); at += BYTES) {
            FloatVector.fromMemorySegment(SPECIES, sum, at, ORDER)
                    .add(FloatVector.fromMemorySegment(SPECIES, part, at, ORDER))
                    .intoMemorySegment(sum, at, ORDER);
        }
    }

    private static void copy(
            MemorySegment from,
            long fromAt,
            long fromStep,
            int lanes,
            MemorySegment to,
            long toAt,
            long toStep,
            int count) {
        if (count == 0) {
            return;
        }
        if (lanes == V) {
            copyFull(from, fromAt, fromStep, to, toAt, toStep, count);
        } else {
            copyPart(from, fromAt, fromStep, lanes, to, toAt, toStep, count);
        }
    }

    // The loops have no branches of their own: one that was not taken when HotSpot compiled the loop would throw the
    // compiled code away at its first use.

    private static void copyFull(
            MemorySegment from, long fromAt, long fromStep, MemorySegment to, long toAt, long toStep, int count) {
        long source = fromAt;
        long target = toAt;
        for (int i = 0; i < count; i++) {
            FloatVector.fromMemorySegment(SPECIES, from, source, ORDER).intoMemorySegment(to, target, ORDER);
            source += fromStep;
            target += toStep;
        }
    }

    /** Reads {@code lanes} lanes, the others become zero. */
    private static void copyPart(
            MemorySegment from,
            long fromAt,
            long fromStep,
            int lanes,
            MemorySegment to,
            long toAt,
            long toStep,
            int count) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, lanes);
        long source = fromAt;
        long target = toAt;
        for (int i = 0; i < count; i++) {
            FloatVector.fromMemorySegment(SPECIES, from, source, ORDER, mask).intoMemorySegment(to, target, ORDER);
            source += fromStep;
            target += toStep;
        }
    }

    /** Writes {@code lanes} lanes only. */
    private static void unpackPart(
            MemorySegment from, long fromAt, int lanes, MemorySegment to, long toAt, long toStep, int count) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, lanes);
        long source = fromAt;
        long target = toAt;
        for (int i = 0; i < count; i++) {
            FloatVector.fromMemorySegment(SPECIES, from, source, ORDER).intoMemorySegment(to, target, ORDER, mask);
            source += BYTES;
            target += toStep;
        }
    }
}
