package replklab.conv;

import static replklab.conv.Correlation.SPECIES;
import static replklab.conv.FourierTransform.COMPLEX;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Between rows of NHWC memory and the complex line that carries two of them: one in the real, one in the imaginary parts. */
final class RowPairs {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long IM = SPECIES.vectorByteSize();
    private static final int V = SPECIES.length();

    private RowPairs() {}

    /**
     * Reads {@code count} pixels of two rows, one vector of channels each.
     *
     * @param a byte of the first row's first value
     * @param b the same of the second row; negative if there is none, which reads as zeros
     * @param step bytes from a pixel to the next one
     * @param lanes channels to read; the other lanes become zero
     */
    static void pack(
            MemorySegment from, long a, long b, long step, int count, int lanes, MemorySegment line, long lineAt) {
        MemorySegment second = b < 0 ? Correlation.ZEROS : from;
        long secondStep = b < 0 ? 0 : step;
        if (count == 0) {
            return;
        }
        if (lanes == V) {
            packFull(from, a, step, second, Math.max(b, 0), secondStep, count, line, lineAt);
        } else {
            packPart(from, a, step, second, Math.max(b, 0), secondStep, count, lanes, line, lineAt);
        }
    }

    // The loops have no branches of their own: one that was not taken when HotSpot compiled the loop would throw the
    // compiled code away at its first use.

    private static void packFull(
            MemorySegment first,
            long firstAt,
            long firstStep,
            MemorySegment second,
            long secondAt,
            long secondStep,
            int count,
            MemorySegment line,
            long lineAt) {
        long p = firstAt;
        long q = secondAt;
        long at = lineAt;
        for (long end = lineAt + count * COMPLEX; at != end; at += COMPLEX, p += firstStep, q += secondStep) {
            FloatVector.fromMemorySegment(SPECIES, first, p, ORDER).intoMemorySegment(line, at, ORDER);
            FloatVector.fromMemorySegment(SPECIES, second, q, ORDER).intoMemorySegment(line, at + IM, ORDER);
        }
    }

    private static void packPart(
            MemorySegment first,
            long firstAt,
            long firstStep,
            MemorySegment second,
            long secondAt,
            long secondStep,
            int count,
            int lanes,
            MemorySegment line,
            long lineAt) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, lanes);
        long p = firstAt;
        long q = secondAt;
        long at = lineAt;
        for (long end = lineAt + count * COMPLEX; at != end; at += COMPLEX, p += firstStep, q += secondStep) {
            FloatVector.fromMemorySegment(SPECIES, first, p, ORDER, mask).intoMemorySegment(line, at, ORDER);
            FloatVector.fromMemorySegment(SPECIES, second, q, ORDER, mask).intoMemorySegment(line, at + IM, ORDER);
        }
    }

    /**
     * What {@link #unpack} does to a value: times {@code scale} plus {@code bias}, then between the bounds.
     *
     * @param clamps whether there are bounds at all
     */
    record Finish(FloatVector scale, FloatVector bias, boolean clamps, float lowest, float highest) {}

    /**
     * Writes {@code count} pixels of two rows.
     *
     * @param b negative if there is no second row
     */
    static void unpack(
            MemorySegment line,
            long lineAt,
            int count,
            Finish finish,
            int lanes,
            MemorySegment to,
            long a,
            long b,
            long step) {
        if (count == 0) {
            return;
        }
        // Without a second row the first one is written twice, its own values last.
        long second = b < 0 ? a : b;
        if (finish.clamps()) {
            unpackClamped(line, lineAt, count, finish, lanes, to, a, second, step);
        } else if (lanes == V) {
            unpackFull(line, lineAt, count, finish.scale(), finish.bias(), to, a, second, step);
        } else {
            unpackPart(line, lineAt, count, finish.scale(), finish.bias(), lanes, to, a, second, step);
        }
    }

    private static void unpackFull(
            MemorySegment line,
            long lineAt,
            int count,
            FloatVector scale,
            FloatVector bias,
            MemorySegment to,
            long a,
            long b,
            long step) {
        long p = a;
        long q = b;
        long at = lineAt;
        for (long end = lineAt + count * COMPLEX; at != end; at += COMPLEX, p += step, q += step) {
            FloatVector re = FloatVector.fromMemorySegment(SPECIES, line, at, ORDER);
            FloatVector im = FloatVector.fromMemorySegment(SPECIES, line, at + IM, ORDER);
            im.fma(scale, bias).intoMemorySegment(to, q, ORDER);
            re.fma(scale, bias).intoMemorySegment(to, p, ORDER);
        }
    }

    private static void unpackPart(
            MemorySegment line,
            long lineAt,
            int count,
            FloatVector scale,
            FloatVector bias,
            int lanes,
            MemorySegment to,
            long a,
            long b,
            long step) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, lanes);
        long p = a;
        long q = b;
        long at = lineAt;
        for (long end = lineAt + count * COMPLEX; at != end; at += COMPLEX, p += step, q += step) {
            FloatVector re = FloatVector.fromMemorySegment(SPECIES, line, at, ORDER);
            FloatVector im = FloatVector.fromMemorySegment(SPECIES, line, at + IM, ORDER);
            im.fma(scale, bias).intoMemorySegment(to, q, ORDER, mask);
            re.fma(scale, bias).intoMemorySegment(to, p, ORDER, mask);
        }
    }

    private static void unpackClamped(
            MemorySegment line,
            long lineAt,
            int count,
            Finish finish,
            int lanes,
            MemorySegment to,
            long a,
            long b,
            long step) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, lanes);
        FloatVector scale = finish.scale();
        FloatVector bias = finish.bias();
        FloatVector lowest = FloatVector.broadcast(SPECIES, finish.lowest());
        FloatVector highest = FloatVector.broadcast(SPECIES, finish.highest());
        long p = a;
        long q = b;
        long at = lineAt;
        for (long end = lineAt + count * COMPLEX; at != end; at += COMPLEX, p += step, q += step) {
            FloatVector re = FloatVector.fromMemorySegment(SPECIES, line, at, ORDER);
            FloatVector im = FloatVector.fromMemorySegment(SPECIES, line, at + IM, ORDER);
            im.fma(scale, bias).max(lowest).min(highest).intoMemorySegment(to, q, ORDER, mask);
            re.fma(scale, bias).max(lowest).min(highest).intoMemorySegment(to, p, ORDER, mask);
        }
    }
}
