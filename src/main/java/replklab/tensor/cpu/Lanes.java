package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.LongFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import replklab.base.Parallel;

/** Vectors of floats at element indices of native memory, and the cutting of long arrays into parallel pieces. */
final class Lanes {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int V = SPECIES.length();

    /** Elements a task: large enough to be worth a thread, a whole number of vectors. */
    private static final int PIECE = 1 << 15;

    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private Lanes() {}

    /** Works on elements {@code from} (inclusive) to {@code to} (exclusive). */
    @FunctionalInterface
    interface Range {
        void run(long from, long to);
    }

    static FloatVector load(MemorySegment memory, long index) {
        return FloatVector.fromMemorySegment(SPECIES, memory, index * Float.BYTES, ORDER);
    }

    static FloatVector load(MemorySegment memory, long index, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(SPECIES, memory, index * Float.BYTES, ORDER, mask);
    }

    static void store(FloatVector vector, MemorySegment memory, long index) {
        vector.intoMemorySegment(memory, index * Float.BYTES, ORDER);
    }

    static void store(FloatVector vector, MemorySegment memory, long index, VectorMask<Float> mask) {
        vector.intoMemorySegment(memory, index * Float.BYTES, ORDER, mask);
    }

    static float get(MemorySegment memory, long index) {
        return memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    static void set(MemorySegment memory, long index, float value) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    }

    /** The mask of the lanes from {@code index} that lie before {@code end}. */
    static VectorMask<Float> before(long index, long end) {
        return SPECIES.indexInRange(index, end);
    }

    /** The next whole number of vectors, in elements. */
    static long roundedUp(long elements) {
        return Math.ceilDiv(elements, (long) V) * V;
    }

    /** The first index of [from, to) at which no whole vector fits any more. */
    static long bound(long from, long to) {
        return from + (to - from) / V * V;
    }

    /** Runs {@code body} over [0, elements) in parallel pieces that start at whole vectors. */
    static void parallel(long elements, Range body) {
        int pieces = Math.toIntExact(Math.ceilDiv(elements, PIECE));
        Parallel.forEach(pieces, i -> body.run((long) i * PIECE, Math.min(elements, (i + 1L) * PIECE)));
    }

    /** Sums in parallel pieces of fixed size, added up in their order. */
    static double parallelSum(long elements, LongFunction<Double> pieceFrom) {
        int pieces = Math.toIntExact(Math.ceilDiv(elements, PIECE));
        double[] sums = new double[pieces];
        Parallel.forEach(pieces, i -> sums[i] = pieceFrom.apply((long) i * PIECE));
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }

    /** The end of the piece of {@link #parallelSum} that starts at {@code from}. */
    static long pieceEnd(long from, long elements) {
        return Math.min(elements, from + PIECE);
    }
}
