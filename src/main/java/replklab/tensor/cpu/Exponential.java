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
 * <p>x = n ln 2 + r, then eight terms of Taylor's series in r, times 2^n in two steps, so that the smallest numbers and the
 * overflow to infinity come out right, too. The error is about one unit in the last place.
 */
final class Exponential {
    /** Beyond these, the result is zero or infinite. */
    static final FloatVector LOWEST = constant(-104);

    static final FloatVector HIGHEST = constant(89);
    static final FloatVector LOG2_E = constant(1 / Math.log(2));
    /** The logarithm of 2 in two parts, negative. */
    static final FloatVector LN2 = constant(-Math.log(2));

    static final FloatVector LN2_REST = constant((float) Math.log(2) - Math.log(2));
    /** Added to a float of moderate size, it leaves the nearest whole number in the lowest bits. */
    static final FloatVector ROUNDER = constant(0x1.8p23);

    static final IntVector ROUNDER_BITS = ROUNDER.reinterpretAsInts();
    static final IntVector EXPONENT_OF_ONE = ROUNDER_BITS.broadcast(127);
    static final FloatVector C1 = constant(1);
    static final FloatVector C2 = constant(1 / 2.0);
    static final FloatVector C3 = constant(1 / 6.0);
    static final FloatVector C4 = constant(1 / 24.0);
    static final FloatVector C5 = constant(1 / 120.0);
    static final FloatVector C6 = constant(1 / 720.0);
    static final FloatVector C7 = constant(1 / 5040.0);

    private Exponential() {}

    static FloatVector constant(double value) {
        return FloatVector.broadcast(SPECIES, (float) value);
    }

    /** Replaces the whole vectors of [from, to) by their exponentials. {@link GeluKernel} holds most of these lines, too. */
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
