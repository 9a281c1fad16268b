package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float32 rounded to bfloat16, the upper half of its bits: to the nearest, halves to even; what is too large becomes infinite
 * and NaN stays NaN.
 */
final class Bfloat16Kernels {
    private static final VectorSpecies<Integer> INTS = Lanes.SPECIES.withLanes(int.class);
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));
    private static final int INFINITE = 0x7f80_0000;
    private static final int QUIET = 0x0040_0000;

    private Bfloat16Kernels() {}

    /** Rounds {@code count} numbers from index {@code at} on into two bytes each. */
    static void toShorts(MemorySegment from, long at, long count, MemorySegment to) {
        Lanes.parallel(count, (first, end) -> {
            long i = first;
            for (; i < Lanes.bound(first, end); i += Lanes.V) {
                ShortVector upper = (ShortVector) rounded(load(from, at + i))
                        .lanewise(VectorOperators.LSHR, 16)
                        .convertShape(VectorOperators.I2S, SHORTS, 0);
                upper.intoMemorySegment(to, i * Short.BYTES, Lanes.ORDER);
            }
            for (; i < end; i++) {
                to.set(ValueLayout.JAVA_SHORT, i * Short.BYTES, (short) (rounded(bits(from, at + i)) >>> 16));
            }
        });
    }

    /** Rounds {@code count} numbers from index {@code at} on, which stay float32. */
    static void toFloats(MemorySegment from, long at, long count, MemorySegment to) {
        Lanes.parallel(count, (first, end) -> {
            long i = first;
            for (; i < Lanes.bound(first, end); i += Lanes.V) {
                rounded(load(from, at + i)).and(-1 << 16).intoMemorySegment(to, i * Float.BYTES, Lanes.ORDER);
            }
            for (; i < end; i++) {
                to.set(ValueLayout.JAVA_INT, i * Float.BYTES, rounded(bits(from, at + i)) & -1 << 16);
            }
        });
    }

    private static IntVector load(MemorySegment memory, long index) {
        return IntVector.fromMemorySegment(INTS, memory, index * Float.BYTES, Lanes.ORDER);
    }

    private static int bits(MemorySegment memory, long index) {
        return memory.get(ValueLayout.JAVA_INT, index * Float.BYTES);
    }

    /** Numbers whose upper halves are the rounded ones: half of the last place is added, a little less before an even number. */
    private static IntVector rounded(IntVector bits) {
        IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
        VectorMask<Integer> nan = bits.and(Integer.MAX_VALUE).compare(VectorOperators.GT, INFINITE);
        return bits.add(odd).add(0x7fff).blend(bits.or(QUIET), nan);
    }

    private static int rounded(int bits) {
        boolean nan = (bits & Integer.MAX_VALUE) > INFINITE;
        return nan ? bits | QUIET : bits + (bits >>> 16 & 1) + 0x7fff;
    }
}
