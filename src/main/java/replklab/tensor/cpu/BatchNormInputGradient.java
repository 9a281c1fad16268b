package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.ORDER;
import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.bound;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import replklab.tensor.Activation;

/** The loops of batch norm's gradient with respect to its input: dx = scale dz + xFactor x + constant, row by row. */
final class BatchNormInputGradient {
    private BatchNormInputGradient() {}

    /** One row, which starts at index {@code at}; {@code dxs} may be {@code dys}. */
    static void row(
            MemorySegment xs,
            MemorySegment dys,
            MemorySegment dxs,
            BatchNormCoefficients coefficients,
            Activation clamp,
            long at,
            int channels) {
        int whole = (int) bound(0, channels);
        if (clamp == Activation.NONE) {
            linear(xs, dys, dxs, coefficients, at, whole);
        } else {
            clamped(xs, dys, dxs, coefficients, clamp, at, whole);
        }
        if (whole < channels) {
            rest(xs, dys, dxs, coefficients, clamp, at, whole, channels);
        }
    }

    private static void linear(
            MemorySegment xs,
            MemorySegment dys,
            MemorySegment dxs,
            BatchNormCoefficients coefficients,
            long at,
            int channels) {
        MemorySegment scales = coefficients.scale();
        MemorySegment factors = coefficients.xFactor();
        MemorySegment constants = coefficients.constant();
        for (int c = 0; c < channels; c += V) {
            long channel = (long) c * Float.BYTES;
            long here = at * Float.BYTES + channel;
            FloatVector scale = FloatVector.fromMemorySegment(SPECIES, scales, channel, ORDER);
            FloatVector factor = FloatVector.fromMemorySegment(SPECIES, factors, channel, ORDER);
            FloatVector constant = FloatVector.fromMemorySegment(SPECIES, constants, channel, ORDER);
            FloatVector x = FloatVector.fromMemorySegment(SPECIES, xs, here, ORDER);
            FloatVector.fromMemorySegment(SPECIES, dys, here, ORDER)
                    .fma(scale, x.fma(factor, constant))
                    .intoMemorySegment(dxs, here, ORDER);
        }
    }

    private static void clamped(
            MemorySegment xs,
            MemorySegment dys,
            MemorySegment dxs,
            BatchNormCoefficients coefficients,
            Activation clamp,
            long at,
            int channels) {
        MemorySegment scales = coefficients.scale();
        MemorySegment shifts = coefficients.shift();
        MemorySegment factors = coefficients.xFactor();
        MemorySegment constants = coefficients.constant();
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector low = FloatVector.broadcast(SPECIES, clamp.lowest());
        FloatVector high = FloatVector.broadcast(SPECIES, clamp.highest());
        for (int c = 0; c < channels; c += V) {
            long channel = (long) c * Float.BYTES;
            long here = at * Float.BYTES + channel;
            FloatVector scale = FloatVector.fromMemorySegment(SPECIES, scales, channel, ORDER);
            FloatVector shift = FloatVector.fromMemorySegment(SPECIES, shifts, channel, ORDER);
            FloatVector factor = FloatVector.fromMemorySegment(SPECIES, factors, channel, ORDER);
            FloatVector constant = FloatVector.fromMemorySegment(SPECIES, constants, channel, ORDER);
            FloatVector x = FloatVector.fromMemorySegment(SPECIES, xs, here, ORDER);
            FloatVector z = x.fma(scale, shift);
            FloatVector dz = FloatVector.fromMemorySegment(SPECIES, dys, here, ORDER);
            dz = zero.blend(dz, z.compare(VectorOperators.GT, low));
            dz = zero.blend(dz, z.compare(VectorOperators.LT, high));
            dz.fma(scale, x.fma(factor, constant)).intoMemorySegment(dxs, here, ORDER);
        }
    }

    private static void rest(
            MemorySegment xs,
            MemorySegment dys,
            MemorySegment dxs,
            BatchNormCoefficients coefficients,
            Activation clamp,
            long at,
            int c,
            int channels) {
        VectorMask<Float> mask = before(c, channels);
        FloatVector scale = load(coefficients.scale(), c);
        FloatVector x = load(xs, at + c, mask);
        FloatVector z = x.fma(scale, load(coefficients.shift(), c));
        VectorMask<Float> pass = clamp == Activation.NONE
                ? mask
                : z.compare(VectorOperators.GT, clamp.lowest()).and(z.compare(VectorOperators.LT, clamp.highest()));
        FloatVector dz = FloatVector.zero(SPECIES).blend(load(dys, at + c, mask), pass);
        FloatVector offset = x.fma(load(coefficients.xFactor(), c), load(coefficients.constant(), c));
        store(dz.fma(scale, offset), dxs, at + c, mask);
    }
}
