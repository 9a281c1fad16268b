package replklab.tensor.cpu;

import static replklab.tensor.cpu.Exponential.C1;
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
import static replklab.tensor.cpu.Exponential.constant;
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
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    /** As an integer it is above all finite floats' bits and below those of infinity, which stay out of products with 0. */
    private static final IntVector LARGEST_BITS =
            FloatVector.broadcast(SPECIES, Float.MAX_VALUE).reinterpretAsInts();
    /** Beyond, the density is no longer normal and counts as 0, also times the largest numbers. */
    private static final FloatVector FAR = constant(13.19);

    private static final FloatVector MINUS_HALF = constant(-0.5);
    /** The smallest exponent whose exponential is a normal number; GELU is then far below a float's smallest step. */
    private static final FloatVector LOWEST = constant(-87);

    private static final FloatVector P = constant(0.3275911 * Math.sqrt(0.5));
    // Half of the formula's coefficients: of 1 + erf, half is needed.
    private static final FloatVector A1 = constant(0.254829592 / 2);
    private static final FloatVector A2 = constant(-0.284496736 / 2);
    private static final FloatVector A3 = constant(1.421413741 / 2);
    private static final FloatVector A4 = constant(-1.453152027 / 2);
    private static final FloatVector A5 = constant(1.061405429 / 2);
    private static final FloatVector DENSITY_AT_ZERO = constant(1 / Math.sqrt(2 * Math.PI));

    private GeluKernel() {}

    // Two methods without helpers, with Exponential written out: too long for HotSpot to inline elsewhere, where it
    // would
    // run out of nodes half way and box the vectors, and short enough to be inlined fully themselves.

    /**
     * {@code y} = GELU of {@code x} over the whole vectors of [from, to): max(x, 0) - |x| (1 - Phi(|x|)), which needs no
     * case for the sign.
     */
    static void forward(MemorySegment x, MemorySegment y, long from, long to) {
        for (long i = from; i < to; i += V) {
            FloatVector in = FloatVector.fromMemorySegment(SPECIES, x, i * Float.BYTES, ORDER);
            FloatVector exponent = in.mul(in).mul(MINUS_HALF).max(LOWEST);
            FloatVector shifted = exponent.fma(LOG2_E, ROUNDER);
            FloatVector n = shifted.sub(ROUNDER);
            FloatVector r = n.fma(LN2_REST, n.fma(LN2, exponent));
            FloatVector exp = r.fma(C7, C6)
                    .fma(r, C5)
                    .fma(r, C4)
                    .fma(r, C3)
                    .fma(r, C2)
                    .fma(r, C1)
                    .fma(r, C1);
            // Times 2^n: n, in the lowest bits of the shifted number, goes into the exponent.
            exp = exp.reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats();
            // A NaN becomes a number here, and comes in again with the maximum.
            FloatVector magnitude =
                    in.abs().reinterpretAsInts().min(LARGEST_BITS).reinterpretAsFloats();
            FloatVector t = C1.div(magnitude.fma(P, C1));
            FloatVector tail =
                    t.fma(A5, A4).fma(t, A3).fma(t, A2).fma(t, A1).mul(t).mul(exp);
            in.max(ZERO).sub(magnitude.mul(tail)).intoMemorySegment(y, i * Float.BYTES, ORDER);
        }
    }

    /** {@code dx} = {@code dy} times GELU's derivative, Phi(x) + x times the normal density, over whole vectors. */
    static void gradient(MemorySegment x, MemorySegment dy, MemorySegment dx, long from, long to) {
        for (long i = from; i < to; i += V) {
            FloatVector in = FloatVector.fromMemorySegment(SPECIES, x, i * Float.BYTES, ORDER);
            FloatVector exponent = in.mul(in).mul(MINUS_HALF).max(LOWEST);
            FloatVector shifted = exponent.fma(LOG2_E, ROUNDER);
            FloatVector n = shifted.sub(ROUNDER);
            FloatVector r = n.fma(LN2_REST, n.fma(LN2, exponent));
            FloatVector exp = r.fma(C7, C6)
                    .fma(r, C5)
                    .fma(r, C4)
                    .fma(r, C3)
                    .fma(r, C2)
                    .fma(r, C1)
                    .fma(r, C1);
            exp = exp.reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats();
            FloatVector t = C1.div(in.abs().fma(P, C1));
            FloatVector tail =
                    t.fma(A5, A4).fma(t, A3).fma(t, A2).fma(t, A1).mul(t).mul(exp);
            FloatVector distribution = C1.sub(tail).blend(tail, in.compare(VectorOperators.LT, ZERO));
            FloatVector density = in.mul(exp).blend(ZERO, in.abs().compare(VectorOperators.GT, FAR));
            FloatVector slope = density.fma(DENSITY_AT_ZERO, distribution);
            FloatVector.fromMemorySegment(SPECIES, dy, i * Float.BYTES, ORDER)
                    .mul(slope)
                    .intoMemorySegment(dx, i * Float.BYTES, ORDER);
        }
    }
}
