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
    private static final float LOWEST = -104;

    private static final float HIGHEST = 89;
    static final float LOG2_E = (float) (1 / Math.log(2));
    /** The logarithm of 2 in two parts, negative. */
    static final float LN2 = (float) -Math.log(2);

    static final float LN2_REST = (float) ((float) Math.log(2) - Math.log(2));
    /** Added to a float of moderate size, it leaves the nearest whole number in the lowest bits. */
    static final float ROUNDER = 0x1.8p23f;

    private static final int EXPONENT_OF_ONE = 127;
    static final float C2 = 1 / 2f;
    static final float C3 = 1 / 6f;
    static final float C4 = 1 / 24f;
    static final float C5 = 1 / 120f;
    static final float C6 = 1 / 720f;
    static final float C7 = 1 / 5040f;

    private Exponential() {}

    /** A constant as a loop wants it: see {@link GeluKernel}. */
    static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    /** Replaces the whole vectors of [from, to) by their exponentials. {@link GeluKernel} holds most of these lines, too. */
    static void run(MemorySegment values, long from, long to) {
        FloatVector lowest = all(LOWEST);
        FloatVector highest = all(HIGHEST);
        FloatVector log2e = all(LOG2_E);
        FloatVector rounder = all(ROUNDER);
        FloatVector ln2 = all(LN2);
        FloatVector ln2Rest = all(LN2_REST);
        FloatVector c1 = all(1);
        FloatVector c2 = all(C2);
        FloatVector c3 = all(C3);
        FloatVector c4 = all(C4);
        FloatVector c5 = all(C5);
        FloatVector c6 = all(C6);
        FloatVector c7 = all(C7);
        for (long i = from; i < to; i += V) {
            FloatVector x = load(values, i).max(lowest).min(highest);
            FloatVector shifted = x.fma(log2e, rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(ln2Rest, n.fma(ln2, x));
            FloatVector polynomial = r.fma(c7, c6)
                    .fma(r, c5)
                    .fma(r, c4)
                    .fma(r, c3)
                    .fma(r, c2)
                    .fma(r, c1)
                    .fma(r, c1);
            IntVector power = shifted.reinterpretAsInts().sub(rounder.reinterpretAsInts());
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
