package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.ORDER;
import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.bound;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import replklab.base.Parallel;
import replklab.tensor.Activation;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.Tensor;

/**
 * Batch norm over rows of channels, fused with the activation after it: y = activation(scale x + shift), one pass for the
 * statistics and one for the output; in the gradient one for the two channel sums and one for dx. The activation's input is
 * computed again in the gradient, which is cheaper than keeping it. Activations that are no clamps are computed on a few
 * rows at a time while these are in the cache, and their gradient's input stays in dx between the two passes.
 *
 * <p>Where channels are few, several rows are taken {@link SideBySide} as one of more channels.
 *
 * <p>The variance is taken around the mean of a few rows, so that a large mean costs no digits.
 */
final class BatchNormKernels {
    /** Elements that are normed and then activated at a time. */
    private static final int BLOCK = 1 << 13;

    private static final int PIECE = 1 << 15;
    private static final int PIECES = 128;

    private BatchNormKernels() {}

    static void statistics(Tensor x, Tensor mean, Tensor variance) {
        int channels = x.shape().channels();
        int rows = x.shape().rows();
        MemorySegment origin = mean.memory();
        origin(x.memory(), rows, channels, origin);
        ChannelSums sums = BatchNormSums.deviations(x.memory(), origin, rows, channels);
        for (int c = 0; c < channels; c++) {
            double shift = sums.first(c) / rows;
            Lanes.set(origin, c, (float) (Lanes.get(origin, c) + shift));
            Lanes.set(variance.memory(), c, (float) Math.max(0, sums.second(c) / rows - shift * shift));
        }
    }

    /** About the mean of each channel: the mean of up to 8 rows, since a single one may lie far from the others. */
    private static void origin(MemorySegment xs, int rows, int channels, MemorySegment origin) {
        int count = Math.min(8, rows);
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += Lanes.get(xs, (long) Parallel.cut(rows, count, i) * channels + c);
            }
            Lanes.set(origin, c, (float) (sum / count));
        }
    }

    static void apply(Tensor x, BatchNormTerms terms, Tensor y) {
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        int channels = x.shape().channels();
        Activation activation = terms.activation();
        Activation clamp = activation.isClamp() ? activation : Activation.NONE;
        int side = SideBySide.rows(channels);
        BatchNormCoefficients coefficients = BatchNormCoefficients.of(terms);
        forBlocks(x.shape().rows(), channels, (from, to) -> {
            for (long row = from; row < to; row += side) {
                affine(xs, ys, coefficients, clamp, row * channels, (int) Math.min(side, to - row) * channels);
            }
            if (activation != clamp) {
                MemorySegment here = rows(ys, channels, from, to);
                ActivationKernels.forward(activation, here, here, (to - from) * channels);
            }
        });
    }

    /** {@code ys} = clamp(scale {@code xs} + shift) for one row of the coefficients' channels, which starts at index {@code at}. */
    private static void affine(
            MemorySegment xs,
            MemorySegment ys,
            BatchNormCoefficients coefficients,
            Activation clamp,
            long at,
            int channels) {
        MemorySegment scales = coefficients.scale();
        MemorySegment shifts = coefficients.shift();
        FloatVector low = FloatVector.broadcast(SPECIES, clamp.lowest());
        FloatVector high = FloatVector.broadcast(SPECIES, clamp.highest());
        int whole = (int) bound(0, channels);
        for (int c = 0; c < whole; c += V) {
            FloatVector scale = FloatVector.fromMemorySegment(SPECIES, scales, (long) c * Float.BYTES, ORDER);
            FloatVector shift = FloatVector.fromMemorySegment(SPECIES, shifts, (long) c * Float.BYTES, ORDER);
            FloatVector.fromMemorySegment(SPECIES, xs, (at + c) * Float.BYTES, ORDER)
                    .fma(scale, shift)
                    .max(low)
                    .min(high)
                    .intoMemorySegment(ys, (at + c) * Float.BYTES, ORDER);
        }
        if (whole < channels) {
            VectorMask<Float> mask = before(whole, channels);
            FloatVector z = Lanes.load(xs, at + whole, mask).fma(Lanes.load(scales, whole), Lanes.load(shifts, whole));
            Lanes.store(z.max(low).min(high), ys, at + whole, mask);
        }
    }

    /**
     * The gradient; with {@code throughStatistics} for training, without for given statistics. Writes what is not null.
     */
    static void gradient(
            Tensor x,
            BatchNormTerms terms,
            boolean throughStatistics,
            Tensor dy,
            Tensor dx,
            Tensor dgamma,
            Tensor dbeta) {
        int channels = x.shape().channels();
        int rows = x.shape().rows();
        BatchNormCoefficients coefficients = BatchNormCoefficients.of(terms);
        Activation clamp = terms.activation();
        Tensor dz = dy;
        if (!clamp.isClamp()) {
            dz = dx != null ? dx : Tensor.empty(x.shape());
            activationGradient(x.memory(), coefficients, clamp, dy.memory(), dz.memory(), rows, channels);
            clamp = Activation.NONE;
        }
        MemorySegment means = terms.mean().memory();
        ChannelSums sums = BatchNormSums.gradients(x.memory(), dz.memory(), coefficients, means, clamp, rows, channels);
        for (int c = 0; c < channels; c++) {
            if (dbeta != null) {
                Lanes.set(dbeta.memory(), c, (float) sums.first(c));
            }
            if (dgamma != null) {
                Lanes.set(dgamma.memory(), c, (float) (sums.second(c) * coefficients.inverseDeviation(terms, c)));
            }
        }
        if (dx != null) {
            if (throughStatistics) {
                coefficients.throughStatistics(terms, sums, rows);
            }
            MemorySegment xs = x.memory();
            MemorySegment dzs = dz.memory();
            MemorySegment dxs = dx.memory();
            Activation last = clamp;
            int side = SideBySide.rows(channels);
            forBlocks(rows, channels, (from, to) -> {
                for (long row = from; row < to; row += side) {
                    int width = (int) Math.min(side, to - row) * channels;
                    BatchNormInputGradient.row(xs, dzs, dxs, coefficients, last, row * channels, width);
                }
            });
        }
    }

    /** {@code dzs} = {@code dys} times the activation's derivative. */
    private static void activationGradient(
            MemorySegment xs,
            BatchNormCoefficients coefficients,
            Activation activation,
            MemorySegment dys,
            MemorySegment dzs,
            int rows,
            int channels) {
        int side = SideBySide.rows(channels);
        forBlocks(rows, channels, (from, to) -> {
            for (long row = from; row < to; row += side) {
                int width = (int) Math.min(side, to - row) * channels;
                affine(xs, dzs, coefficients, Activation.NONE, row * channels, width);
            }
            MemorySegment here = rows(dzs, channels, from, to);
            MemorySegment dyHere = rows(dys, channels, from, to);
            ActivationKernels.gradient(activation, here, dyHere, here, (to - from) * channels);
        });
    }

    private static MemorySegment rows(MemorySegment memory, int channels, long from, long to) {
        return memory.asSlice(from * channels * Float.BYTES, (to - from) * channels * Float.BYTES);
    }

    /** Cuts rows into pieces for the threads, and these into blocks that fit the nearest cache. */
    private static void forBlocks(int rows, int channels, Lanes.Range body) {
        int pieces = Math.clamp((long) rows * channels / PIECE, 1, PIECES);
        int step = Math.max(1, BLOCK / channels);
        Parallel.forEach(pieces, piece -> {
            int end = Parallel.cut(rows, pieces, piece + 1);
            for (int row = Parallel.cut(rows, pieces, piece); row < end; row += step) {
                body.run(row, Math.min(end, row + step));
            }
        });
    }
}
