package replklab.tensor.cpu;

import static replklab.tensor.cpu.Exponential.C2;
import static replklab.tensor.cpu.Exponential.C3;
import static replklab.tensor.cpu.Exponential.C4;
import static replklab.tensor.cpu.Exponential.C5;
import static replklab.tensor.cpu.Exponential.C6;
import static replklab.tensor.cpu.Exponential.C7;
import static replklab.tensor.cpu.Exponential.LN2;
import static replklab.tensor.cpu.Exponential.LN2_REST;
import static replklab.tensor.cpu.Exponential.LOG2_E;
import static replklab.tensor.cpu.Exponential.ROUNDER;
import static replklab.tensor.cpu.Exponential.all;
import static replklab.tensor.cpu.Lanes.ORDER;
import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * GELU, x Phi(x), by the distribution function of the standard normal, Phi(x) = (1 + erf(x / sqrt 2)) / 2. The error
 * function is Abramowitz and Stegun's formula 7.1.26 (absolute error below 1.5e-7), which gives 1 - erf(|z|) and so loses
 * nothing in the tail.
 */
final class GeluKernel {
    /** As an integer it is above all finite floats' bits and below those of infinity, which stay out of products with 0. */
    private static final int LARGEST_BITS = Float.floatToRawIntBits(Float.MAX_VALUE);

    /** Beyond, the density is no longer normal and counts as 0, also times the largest numbers. */
    private static final float FAR = 13.19f;

    /** The smallest exponent whose exponential is a normal number; GELU is then far below a float's smallest step. */
    private static final float LOWEST = -87;

    private static final float P = (float) (0.3275911 * Math.sqrt(0.5));
    // Half of the formula's coefficients: of 1 + erf, half is needed.
    private static final float A1 = (float) (0.254829592 / 2);
    private static final float A2 = (float) (-0.284496736 / 2);
    private static final float A3 = (float) (1.421413741 / 2);
    private static final float A4 = (float) (-1.453152027 / 2);
    private static final float A5 = (float) (1.061405429 / 2);
    private static final float DENSITY_AT_ZERO = (float) (1 / Math.sqrt(2 * Math.PI));

    private GeluKernel() {}

    // Two methods without helpers, with Exponential written out: too long for HotSpot to inline elsewhere, where it
    // would
    // run out of nodes half way and box the vectors, and short enough to be inlined fully themselves. Constants are
    // broadcast before the loop: HotSpot reads a vector that is a static constant from its object at each use, across
    // a border of cache lines, which makes a fifth of the time.

    /**
     * {@code y} = GELU of {@code x} over the whole vectors of [from, to): max(x, 0) - |x| (1 - Phi(|x|)), which needs no
     * case for the sign.
     */
    static void forward(MemorySegment x, MemorySegment y, long from, long to) {
        FloatVector zero = all(0);
        FloatVector minusHalf = all(-0.5f);
        FloatVector lowest = all(LOWEST);
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
        FloatVector p = all(P);
        FloatVector a1 = all(A1);
        FloatVector a2 = all(A2);
        FloatVector a3 = all(A3);
        FloatVector a4 = all(A4);
        FloatVector a5 = all(A5);
        IntVector largest = zero.reinterpretAsInts().broadcast(LARGEST_BITS);
        for (long i = from; i < to; i += V) {
            FloatVector in = FloatVector.fromMemorySegment(SPECIES, x, i * Float.BYTES, ORDER);
            FloatVector exponent = in.mul(in).mul(minusHalf).max(lowest);
            FloatVector shifted = exponent.fma(log2e, rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(ln2Rest, n.fma(ln2, exponent));
            FloatVector exp = r.fma(c7, c6)
                    .fma(r, c5)
                    .fma(r, c4)
                    .fma(r, c3)
                    .fma(r, c2)
                    .fma(r, c1)
                    .fma(r, c1);
            // Times 2^n: n, in the lowest bits of the shifted number, goes into the exponent.
            exp = exp.reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats();
            // A NaN becomes a number here, and comes in again with the maximum.
            FloatVector magnitude = in.abs().reinterpretAsInts().min(largest).reinterpretAsFloats();
            FloatVector t = c1.div(magnitude.fma(p, c1));
            FloatVector tail =
                    t.fma(a5, a4).fma(t, a3).fma(t, a2).fma(t, a1).mul(t).mul(exp);
            in.max(zero).sub(magnitude.mul(tail)).intoMemorySegment(y, i * Float.BYTES, ORDER);
        }
    }

    /** {@code dx} = {@code dy} times GELU's derivative, Phi(x) + x times the normal density, over whole vectors. */
    static void gradient(MemorySegment x, MemorySegment dy, MemorySegment dx, long from, long to) {
        FloatVector zero = all(0);
        FloatVector minusHalf = all(-0.5f);
        FloatVector lowest = all(LOWEST);
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
        FloatVector p = all(P);
        FloatVector a1 = all(A1);
        FloatVector a2 = all(A2);
        FloatVector a3 = all(A3);
        FloatVector a4 = all(A4);
        FloatVector a5 = all(A5);
        FloatVector far = all(FAR);
        FloatVector densityAtZero = all(DENSITY_AT_ZERO);
        for (long i = from; i < to; i += V) {
            FloatVector in = FloatVector.fromMemorySegment(SPECIES, x, i * Float.BYTES, ORDER);
            FloatVector exponent = in.mul(in).mul(minusHalf).max(lowest);
            FloatVector shifted = exponent.fma(log2e, rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(ln2Rest, n.fma(ln2, exponent));
            FloatVector exp = r.fma(c7, c6)
                    .fma(r, c5)
                    .fma(r, c4)
                    .fma(r, c3)
                    .fma(r, c2)
                    .fma(r, c1)
                    .fma(r, c1);
            exp = exp.reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats();
            FloatVector t = c1.div(in.abs().fma(p, c1));
            FloatVector tail =
                    t.fma(a5, a4).fma(t, a3).fma(t, a2).fma(t, a1).mul(t).mul(exp);
            FloatVector distribution = c1.sub(tail).blend(tail, in.compare(VectorOperators.LT, zero));
            FloatVector density = in.mul(exp).blend(zero, in.abs().compare(VectorOperators.GT, far));
            FloatVector slope = density.fma(densityAtZero, distribution);
            FloatVector.fromMemorySegment(SPECIES, dy, i * Float.BYTES, ORDER)
                    .mul(slope)
                    .intoMemorySegment(dx, i * Float.BYTES, ORDER);
        }
    }
}
