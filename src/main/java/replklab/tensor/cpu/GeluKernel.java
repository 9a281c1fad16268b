package replklab.tensor.cpu;

import static replklab.tensor.cpu.Exponential.C1;
import static replklab.tensor.cpu.Exponential.C2;
import static replklab.tensor.cpu.Exponential.C3;
import static replklab.tensor.cpu.Exponential.C4;
import static replklab.tensor.cpu.Exponential.C5;
import static replklab.tensor.cpu.Exponential.C6;
import static replklab.tensor.cpu.Exponential.C7;
import static replklab.tensor.cpu.Exponential.EXPONENT_OF_ONE;
import static replklab.tensor.cpu.Exponential.LN2;
import static replklab.tensor.cpu.Exponential.LN2_REST;
import static replklab.tensor.cpu.Exponential.LOG2_E;
import static replklab.tensor.cpu.Exponential.LOWEST;
import static replklab.tensor.cpu.Exponential.ROUNDER;
import static replklab.tensor.cpu.Exponential.ROUNDER_BITS;
import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

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
    private static final FloatVector MINUS_HALF = FloatVector.broadcast(SPECIES, -0.5f);
    private static final FloatVector HALF = FloatVector.broadcast(SPECIES, 0.5f);
    private static final FloatVector P = FloatVector.broadcast(SPECIES, (float) (0.3275911 * Math.sqrt(0.5)));
    private static final FloatVector A1 = FloatVector.broadcast(SPECIES, 0.254829592f);
    private static final FloatVector A2 = FloatVector.broadcast(SPECIES, -0.284496736f);
    private static final FloatVector A3 = FloatVector.broadcast(SPECIES, 1.421413741f);
    private static final FloatVector A4 = FloatVector.broadcast(SPECIES, -1.453152027f);
    private static final FloatVector A5 = FloatVector.broadcast(SPECIES, 1.061405429f);
    private static final FloatVector DENSITY_AT_ZERO =
            FloatVector.broadcast(SPECIES, (float) (1 / Math.sqrt(2 * Math.PI)));

    private GeluKernel() {}

    /**
     * Over the whole vectors of [from, to): {@code out} = GELU of {@code x}; as {@code gradient}, {@code dy} times its
     * derivative, Phi(x) + x times the normal density.
     *
     * <p>One method without helpers, {@link Exponential} written out: too long for HotSpot to inline elsewhere, where it
     * would run out of nodes half way and box the vectors, and short enough to be inlined fully itself.
     */
    static void run(boolean gradient, MemorySegment x, MemorySegment dy, MemorySegment out, long from, long to) {
        for (long i = from; i < to; i += V) {
            FloatVector in = load(x, i);
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
            IntVector power = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
            IntVector half = power.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = power.sub(half);
            exp = exp.mul(
                    half.add(EXPONENT_OF_ONE).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            exp = exp.mul(
                    rest.add(EXPONENT_OF_ONE).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector t = C1.div(in.abs().fma(P, C1));
            FloatVector polynomial =
                    t.fma(A5, A4).fma(t, A3).fma(t, A2).fma(t, A1).mul(t);
            FloatVector tail = polynomial.mul(exp).mul(HALF);
            FloatVector distribution = C1.sub(tail).blend(tail, in.compare(VectorOperators.LT, ZERO));
            if (gradient) {
                FloatVector slope = in.mul(exp.mul(DENSITY_AT_ZERO)).add(distribution);
                store(load(dy, i).mul(slope), out, i);
            } else {
                store(in.mul(distribution), out, i);
            }
        }
    }
}
