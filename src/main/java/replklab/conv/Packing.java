package replklab.conv;

import static replklab.conv.CorrelationKernel.SPECIES;

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

    /** Packs {@code count} vectors that lie {@code step} floats apart, the first at float {@code at}. */
    static void rows(MemorySegment from, long at, int step, int lanes, MemorySegment to, int count) {
        copy(from, at * Float.BYTES, (long) step * Float.BYTES, lanes, to, 0, BYTES, count);
    }

    /** Packs image {@code n}'s channels from {@code c}: rows of {@code columns} vectors, the padding's width of zeros first. */
    static void images(DepthwiseShape s, MemorySegment x, int n, int c, int lanes, MemorySegment to, int columns) {
        for (int row = 0; row < s.height(); row++) {
            long start = row * columns * BYTES;
            long left = s.padding() * BYTES;
            long pixel = ((long) n * s.height() + row) * s.width();
            to.asSlice(start, left).fill((byte) 0);
            copy(
                    x,
                    (pixel * s.channels() + c) * Float.BYTES,
                    (long) s.channels() * Float.BYTES,
                    lanes,
                    to,
                    start + left,
                    BYTES,
                    s.width());
            long right = left + s.width() * BYTES;
            to.asSlice(start + right, columns * BYTES - right).fill((byte) 0);
        }
    }

    /**
     * Packs the output gradient of image {@code n} with its columns {@code stride} apart and zeros between and around
     * them: output column o lies at {@code o * stride + padding}.
     */
    static void outputsSpread(
            DepthwiseShape s, MemorySegment dy, int n, int c, int lanes, MemorySegment to, int columns) {
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

    /** Writes {@code count} packed vectors to NHWC memory, {@code step} floats apart, the first at float {@code at}. */
    static void unpack(MemorySegment from, int count, MemorySegment to, long at, int step, int lanes) {
        long target = at * Float.BYTES;
        long stepBytes = (long) step * Float.BYTES;
        if (lanes == V) {
            for (int i = 0; i < count; i++) {
                FloatVector.fromMemorySegment(SPECIES, from, i * BYTES, ORDER).intoMemorySegment(to, target, ORDER);
                target += stepBytes;
            }
        } else {
            VectorMask<Float> mask = SPECIES.indexInRange(0, lanes);
            for (int i = 0; i < count; i++) {
                FloatVector.fromMemorySegment(SPECIES, from, i * BYTES, ORDER)
                        .intoMemorySegment(to, target, ORDER, mask);
                target += stepBytes;
            }
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
        long source = fromAt;
        long target = toAt;
        if (lanes == V) {
            for (int i = 0; i < count; i++) {
                FloatVector.fromMemorySegment(SPECIES, from, source, ORDER).intoMemorySegment(to, target, ORDER);
                source += fromStep;
                target += toStep;
            }
        } else {
            VectorMask<Float> mask = SPECIES.indexInRange(0, lanes);
            for (int i = 0; i < count; i++) {
                FloatVector.fromMemorySegment(SPECIES, from, source, ORDER, mask)
                        .intoMemorySegment(to, target, ORDER);
                source += fromStep;
                target += toStep;
            }
        }
    }
}
