package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import replklab.base.Parallel;
import replklab.tensor.Activation;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.Tensor;

/**
 * Batch norm over rows of channels, fused with the clamp after it, in the form y = clamp(a x + b): one pass for the
 * statistics, one for the output; in the gradient one pass for the two channel sums and one for dx. The activation's input
 * is computed again in the gradient, which is cheaper than keeping it.
 *
 * <p>Float sums run over {@value #BLOCK} rows at most, and go on in double precision: over a fixed number of row ranges,
 * which are added up in order. The variance is taken around the mean of a few rows, so that a large mean costs no digits.
 */
final class BatchNormKernels {
    private static final int BLOCK = 128;
    private static final int RANGES = 32;
    private static final int PIECE = 1 << 15;

    private BatchNormKernels() {}

    /** Two sums a channel. */
    private record Sums(double[] first, double[] second) {}

    /** Adds two sums of one block of rows for the channels from {@code c}, {@code lanes} of them. */
    @FunctionalInterface
    private interface BlockSums {
        void add(int fromRow, int toRow, double[] first, double[] second);
    }

    static void statistics(Tensor x, Tensor mean, Tensor variance) {
        MemorySegment xs = x.memory();
        int channels = x.shape().channels();
        int rows = x.shape().rows();
        MemorySegment origin = origin(xs, rows, channels);
        Sums sums = overRanges(rows, channels, (from, to, a, b) -> deviations(xs, origin, channels, from, to, a, b));
        for (int c = 0; c < channels; c++) {
            double shift = sums.first[c] / rows;
            Lanes.set(mean.memory(), c, (float) (Lanes.get(origin, c) + shift));
            Lanes.set(variance.memory(), c, (float) Math.max(0, sums.second[c] / rows - shift * shift));
        }
    }

    static void apply(Tensor x, BatchNormTerms terms, Tensor y) {
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        int channels = x.shape().channels();
        MemorySegment a = coefficients(channels);
        MemorySegment b = coefficients(channels);
        scaleAndShift(terms, a, b);
        Activation clamp = terms.clamp();
        forBlocks(x.shape().rows(), channels, (from, to) -> {
            for (int c = 0; c < channels; c += V) {
                VectorMask<Float> mask = before(c, channels);
                FloatVector scale = load(a, c);
                FloatVector shift = load(b, c);
                FloatVector low = FloatVector.broadcast(SPECIES, clamp.lowest());
                FloatVector high = FloatVector.broadcast(SPECIES, clamp.highest());
                long i = from * channels + c;
                if (mask.allTrue()) {
                    for (long row = from; row < to; row++, i += channels) {
                        store(load(xs, i).fma(scale, shift).max(low).min(high), ys, i);
                    }
                } else {
                    for (long row = from; row < to; row++, i += channels) {
                        store(load(xs, i, mask).fma(scale, shift).max(low).min(high), ys, i, mask);
                    }
                }
            }
        });
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
        MemorySegment xs = x.memory();
        MemorySegment dys = dy.memory();
        int channels = x.shape().channels();
        int rows = x.shape().rows();
        MemorySegment a = coefficients(channels);
        MemorySegment b = coefficients(channels);
        scaleAndShift(terms, a, b);
        Activation clamp = terms.clamp();
        MemorySegment means = terms.mean().memory();
        // With dz the gradient at the clamp's input: the sums of dz and of dz (x - mean).
        Sums sums = overRanges(
                rows,
                channels,
                (from, to, first, second) ->
                        gradientSums(xs, dys, a, b, means, clamp, channels, from, to, first, second));
        MemorySegment xFactor = coefficients(channels);
        MemorySegment constant = coefficients(channels);
        for (int c = 0; c < channels; c++) {
            double inverse = 1 / Math.sqrt(Lanes.get(terms.variance().memory(), c) + terms.epsilon());
            if (dbeta != null) {
                Lanes.set(dbeta.memory(), c, (float) sums.first[c]);
            }
            if (dgamma != null) {
                Lanes.set(dgamma.memory(), c, (float) (sums.second[c] * inverse));
            }
            if (throughStatistics) {
                // dx = a (dz - mean(dz) - (x - mean) inverse² mean(dz (x - mean))), written as a dz + xFactor x +
                // constant.
                double scale = Lanes.get(a, c);
                double factor = -scale * inverse * inverse * sums.second[c] / rows;
                Lanes.set(xFactor, c, (float) factor);
                Lanes.set(constant, c, (float) (-scale * sums.first[c] / rows - factor * Lanes.get(means, c)));
            }
        }
        if (dx == null) {
            return;
        }
        MemorySegment dxs = dx.memory();
        forBlocks(rows, channels, (from, to) -> {
            for (int c = 0; c < channels; c += V) {
                inputGradient(xs, dys, dxs, a, b, xFactor, constant, clamp, channels, c, from, to);
            }
        });
    }

    private static void inputGradient(
            MemorySegment xs,
            MemorySegment dys,
            MemorySegment dxs,
            MemorySegment a,
            MemorySegment b,
            MemorySegment xFactor,
            MemorySegment constant,
            Activation clamp,
            int channels,
            int c,
            long from,
            long to) {
        VectorMask<Float> mask = before(c, channels);
        FloatVector scale = load(a, c);
        FloatVector shift = load(b, c);
        FloatVector factor = load(xFactor, c);
        FloatVector offset = load(constant, c);
        FloatVector low = FloatVector.broadcast(SPECIES, clamp.lowest());
        FloatVector high = FloatVector.broadcast(SPECIES, clamp.highest());
        long i = from * channels + c;
        for (long row = from; row < to; row++, i += channels) {
            FloatVector x = mask.allTrue() ? load(xs, i) : load(xs, i, mask);
            FloatVector dy = mask.allTrue() ? load(dys, i) : load(dys, i, mask);
            FloatVector z = x.fma(scale, shift);
            VectorMask<Float> pass = z.compare(VectorOperators.GT, low).and(z.compare(VectorOperators.LT, high));
            FloatVector dx = dy.mul(scale, pass).blend(0, pass.not()).add(x.fma(factor, offset));
            if (mask.allTrue()) {
                store(dx, dxs, i);
            } else {
                store(dx, dxs, i, mask);
            }
        }
    }

    /** About the mean of each channel: the mean of up to 8 rows, since a single one may lie far from the others. */
    private static MemorySegment origin(MemorySegment xs, int rows, int channels) {
        int count = Math.min(8, rows);
        MemorySegment origin = coefficients(channels);
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += Lanes.get(xs, (long) Parallel.cut(rows, count, i) * channels + c);
            }
            Lanes.set(origin, c, (float) (sum / count));
        }
        return origin;
    }

    private static void deviations(
            MemorySegment xs,
            MemorySegment origins,
            int channels,
            int fromRow,
            int toRow,
            double[] first,
            double[] second) {
        for (int c = 0; c < channels; c += V) {
            VectorMask<Float> mask = before(c, channels);
            FloatVector origin = load(origins, c);
            FloatVector sum = FloatVector.zero(SPECIES);
            FloatVector squares = FloatVector.zero(SPECIES);
            long i = (long) fromRow * channels + c;
            if (mask.allTrue()) {
                for (int row = fromRow; row < toRow; row++, i += channels) {
                    FloatVector d = load(xs, i).sub(origin);
                    sum = sum.add(d);
                    squares = d.fma(d, squares);
                }
            } else {
                for (int row = fromRow; row < toRow; row++, i += channels) {
                    FloatVector d = load(xs, i, mask).sub(origin);
                    sum = sum.add(d);
                    squares = d.fma(d, squares);
                }
            }
            addLanes(sum, squares, c, channels, first, second);
        }
    }

    private static void gradientSums(
            MemorySegment xs,
            MemorySegment dys,
            MemorySegment a,
            MemorySegment b,
            MemorySegment means,
            Activation clamp,
            int channels,
            int fromRow,
            int toRow,
            double[] first,
            double[] second) {
        for (int c = 0; c < channels; c += V) {
            VectorMask<Float> mask = before(c, channels);
            FloatVector scale = load(a, c);
            FloatVector shift = load(b, c);
            FloatVector mean = load(means, c, mask);
            FloatVector low = FloatVector.broadcast(SPECIES, clamp.lowest());
            FloatVector high = FloatVector.broadcast(SPECIES, clamp.highest());
            FloatVector sum = FloatVector.zero(SPECIES);
            FloatVector products = FloatVector.zero(SPECIES);
            long i = (long) fromRow * channels + c;
            for (int row = fromRow; row < toRow; row++, i += channels) {
                FloatVector x = mask.allTrue() ? load(xs, i) : load(xs, i, mask);
                FloatVector dy = mask.allTrue() ? load(dys, i) : load(dys, i, mask);
                FloatVector z = x.fma(scale, shift);
                FloatVector dz = dy.blend(
                        0,
                        z.compare(VectorOperators.GT, low)
                                .and(z.compare(VectorOperators.LT, high))
                                .not());
                sum = sum.add(dz);
                products = x.sub(mean).fma(dz, products);
            }
            addLanes(sum, products, c, channels, first, second);
        }
    }

    private static void addLanes(FloatVector a, FloatVector b, int c, int channels, double[] first, double[] second) {
        float[] as = a.toArray();
        float[] bs = b.toArray();
        for (int lane = 0; lane < Math.min(V, channels - c); lane++) {
            first[c + lane] += as[lane];
            second[c + lane] += bs[lane];
        }
    }

    private static Sums overRanges(int rows, int channels, BlockSums block) {
        int ranges = Math.clamp(rows / BLOCK, 1, RANGES);
        double[][] first = new double[ranges][channels];
        double[][] second = new double[ranges][channels];
        Parallel.forEach(ranges, range -> {
            int end = Parallel.cut(rows, ranges, range + 1);
            for (int row = Parallel.cut(rows, ranges, range); row < end; row += BLOCK) {
                block.add(row, Math.min(end, row + BLOCK), first[range], second[range]);
            }
        });
        for (int range = 1; range < ranges; range++) {
            for (int c = 0; c < channels; c++) {
                first[0][c] += first[range][c];
                second[0][c] += second[range][c];
            }
        }
        return new Sums(first[0], second[0]);
    }

    private static void forBlocks(int rows, int channels, Lanes.Range body) {
        int ranges = Math.clamp((long) rows * channels / PIECE, 1, 4 * RANGES);
        Parallel.forEach(ranges, range -> {
            int end = Parallel.cut(rows, ranges, range + 1);
            for (int row = Parallel.cut(rows, ranges, range); row < end; row += BLOCK) {
                body.run(row, Math.min(end, row + BLOCK));
            }
        });
    }

    /** y = a x + b for a = gamma / sqrt(variance + epsilon), b = beta - mean a. */
    private static void scaleAndShift(BatchNormTerms terms, MemorySegment a, MemorySegment b) {
        for (int c = 0; c < terms.gamma().shape().channels(); c++) {
            double deviation = Math.sqrt(Lanes.get(terms.variance().memory(), c) + terms.epsilon());
            double scale = Lanes.get(terms.gamma().memory(), c) / deviation;
            Lanes.set(a, c, (float) scale);
            Lanes.set(b, c, (float) (Lanes.get(terms.beta().memory(), c)
                    - Lanes.get(terms.mean().memory(), c) * scale));
        }
    }

    /** A zeroed array of one number a channel, padded to whole vectors. */
    private static MemorySegment coefficients(int channels) {
        return java.lang.foreign.Arena.ofAuto().allocate(((long) channels + V) * Float.BYTES, 64);
    }
}
