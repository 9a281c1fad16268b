package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential, made of operations that IEEE 754 rounds in one way only. {@code VectorOperators.EXP} is one function in
 * interpreted code and another in compiled code, so a result would depend on when HotSpot compiles.
 *
 * <p>x = n ln 2 + r, then a polynomial in r (Cephes' expf), times 2^n in two steps, so that the smallest numbers and the
 * overflow to infinity come out right, too. The error is about one unit in the last place.
 */
final class Exponential {
    /** Beyond these, the result is zero or infinite. */
    static final FloatVector LOWEST = FloatVector.broadcast(SPECIES, -104);

    static final FloatVector HIGHEST = FloatVector.broadcast(SPECIES, 89);
    static final FloatVector LOG2_E = FloatVector.broadcast(SPECIES, (float) (1 / Math.log(2)));
    /** The logarithm of 2 in two parts, negative. */
    static final FloatVector LN2 = FloatVector.broadcast(SPECIES, (float) -Math.log(2));

    static final FloatVector LN2_REST = FloatVector.broadcast(SPECIES, (float) ((float) Math.log(2) - Math.log(2)));
    /** Added to a float of moderate size, it leaves the nearest whole number in the lowest bits. */
    static final FloatVector ROUNDER = FloatVector.broadcast(SPECIES, 0x1.8p23f);

    static final IntVector ROUNDER_BITS = ROUNDER.reinterpretAsInts();
    static final IntVector EXPONENT_OF_ONE = ROUNDER_BITS.broadcast(127);
    static final FloatVector C1 = FloatVector.broadcast(SPECIES, 1);
    static final FloatVector C2 = FloatVector.broadcast(SPECIES, 5.0000001201e-1f);
    static final FloatVector C3 = FloatVector.broadcast(SPECIES, 1.6666665459e-1f);
    static final FloatVector C4 = FloatVector.broadcast(SPECIES, 4.1665795894e-2f);
    static final FloatVector C5 = FloatVector.broadcast(SPECIES, 8.3334519073e-3f);
    static final FloatVector C6 = FloatVector.broadcast(SPECIES, 1.3981999507e-3f);
    static final FloatVector C7 = FloatVector.broadcast(SPECIES, 1.9875691500e-4f);

    private Exponential() {}

    /** Replaces the whole vectors of [from, to) by their exponentials. {@link GeluKernel} holds these lines once more. */
    static void run(MemorySegment values, long from, long to) {
        for (long i = from; i < to; i += V) {
            FloatVector x = load(values, i).max(LOWEST).min(HIGHEST);
            FloatVector shifted = x.fma(LOG2_E, ROUNDER);
            FloatVector n = shifted.sub(ROUNDER);
            FloatVector r = n.fma(LN2_REST, n.fma(LN2, x));
            FloatVector polynomial = r.fma(C7, C6)
                    .fma(r, C5)
                    .fma(r, C4)
                    .fma(r, C3)
                    .fma(r, C2)
                    .fma(r, C1)
                    .fma(r, C1);
            IntVector power = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
            IntVector half = power.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = power.sub(half);
            FloatVector first =
                    half.add(EXPONENT_OF_ONE).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector second =
                    rest.add(EXPONENT_OF_ONE).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            store(polynomial.mul(first).mul(second), values, i);
        }
    }
}
