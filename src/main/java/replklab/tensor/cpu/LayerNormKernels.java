package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.bound;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Layer norm over rows of channels. A row stays in the nearest cache, so each of its short loops reads it again: one for the
 * mean, one for the variance around it, one for the output. The gradient computes mean and deviation again and keeps them,
 * two numbers a row.
 */
final class LayerNormKernels {
    private LayerNormKernels() {}

    static void forward(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y) {
        int channels = x.shape().channels();
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        MemorySegment gammas = gamma.memory();
        MemorySegment betas = beta.memory();
        ChannelKernels.forRows(x.shape().rows(), channels, (from, to) -> {
            for (long row = from; row < to; row++) {
                long at = row * channels;
                float mean = (float) (sum(xs, at, channels) / channels);
                float inverse = inverseDeviation(xs, at, channels, mean, epsilon);
                norm(xs, at, mean, inverse, gammas, betas, ys, channels);
            }
        });
    }

    static void gradient(Tensor x, Tensor gamma, double epsilon, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta) {
        int channels = x.shape().channels();
        int rows = x.shape().rows();
        MemorySegment xs = x.memory();
        MemorySegment dys = dy.memory();
        MemorySegment statistics = Tensor.empty(Shape.of(rows, 2)).memory();
        ChannelKernels.forRows(rows, channels, (from, to) -> {
            for (long row = from; row < to; row++) {
                float mean = (float) (sum(xs, row * channels, channels) / channels);
                Lanes.set(statistics, 2 * row, mean);
                Lanes.set(statistics, 2 * row + 1, inverseDeviation(xs, row * channels, channels, mean, epsilon));
            }
        });
        if (dx != null) {
            inputGradient(xs, statistics, gamma.memory(), dys, dx.memory(), rows, channels);
        }
        if (dgamma != null || dbeta != null) {
            ChannelSums sums =
                    ChannelSums.of(rows, channels, (fromRow, toRow, fromChannel, toChannel, first, second) -> {
                        for (int row = fromRow; row < toRow; row++) {
                            float mean = Lanes.get(statistics, 2L * row);
                            float inverse = Lanes.get(statistics, 2L * row + 1);
                            long at = (long) row * channels + fromChannel;
                            addRow(xs, dys, at, toChannel - fromChannel, mean, inverse, first, second);
                        }
                    });
            for (int c = 0; c < channels; c++) {
                if (dbeta != null) {
                    Lanes.set(dbeta.memory(), c, (float) sums.first(c));
                }
                if (dgamma != null) {
                    Lanes.set(dgamma.memory(), c, (float) sums.second(c));
                }
            }
        }
    }

    /** With g = gamma dy: dx = (g - mean(g) - xhat mean(g xhat)) / deviation. */
    private static void inputGradient(
            MemorySegment xs,
            MemorySegment statistics,
            MemorySegment gammas,
            MemorySegment dys,
            MemorySegment dxs,
            int rows,
            int channels) {
        ChannelKernels.forRows(rows, channels, (from, to) -> {
            for (long row = from; row < to; row++) {
                long at = row * channels;
                float mean = Lanes.get(statistics, 2 * row);
                float inverse = Lanes.get(statistics, 2 * row + 1);
                float level = (float) (product(gammas, dys, at, channels) / channels);
                double slope = productWithDeviation(gammas, dys, xs, at, mean, channels) * inverse / channels;
                inputGradient(xs, dys, at, gammas, mean, inverse, level, (float) slope, dxs, channels);
            }
        });
    }

    private static double sum(MemorySegment xs, long at, int channels) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int c = 0;
        for (int whole = (int) bound(0, channels); c < whole; c += V) {
            sum = sum.add(load(xs, at + c));
        }
        return Reductions.sumOfLanes(c < channels ? sum.add(load(xs, at + c, before(c, channels))) : sum);
    }

    private static float inverseDeviation(MemorySegment xs, long at, int channels, float mean, double epsilon) {
        return (float) (1 / Math.sqrt(squares(xs, at, channels, mean) / channels + epsilon));
    }

    /** The sum of the squared distances from the mean. */
    private static double squares(MemorySegment xs, long at, int channels, float mean) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int c = 0;
        for (int whole = (int) bound(0, channels); c < whole; c += V) {
            FloatVector deviation = load(xs, at + c).sub(mean);
            sum = deviation.fma(deviation, sum);
        }
        if (c < channels) {
            VectorMask<Float> tail = before(c, channels);
            FloatVector deviation = load(xs, at + c, tail).sub(mean, tail);
            sum = deviation.fma(deviation, sum);
        }
        return Reductions.sumOfLanes(sum);
    }

    private static void norm(
            MemorySegment xs,
            long at,
            float mean,
            float inverse,
            MemorySegment gammas,
            MemorySegment betas,
            MemorySegment ys,
            int channels) {
        int c = 0;
        for (int whole = (int) bound(0, channels); c < whole; c += V) {
            store(load(xs, at + c).sub(mean).mul(inverse).fma(load(gammas, c), load(betas, c)), ys, at + c);
        }
        if (c < channels) {
            VectorMask<Float> tail = before(c, channels);
            FloatVector normed = load(xs, at + c, tail).sub(mean).mul(inverse);
            store(normed.fma(load(gammas, c, tail), load(betas, c, tail)), ys, at + c, tail);
        }
    }

    /** The sum of gamma dy. */
    private static double product(MemorySegment gammas, MemorySegment dys, long at, int channels) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int c = 0;
        for (int whole = (int) bound(0, channels); c < whole; c += V) {
            sum = load(gammas, c).fma(load(dys, at + c), sum);
        }
        if (c < channels) {
            VectorMask<Float> tail = before(c, channels);
            sum = load(gammas, c, tail).fma(load(dys, at + c, tail), sum);
        }
        return Reductions.sumOfLanes(sum);
    }

    /** The sum of gamma dy (x - mean). */
    private static double productWithDeviation(
            MemorySegment gammas, MemorySegment dys, MemorySegment xs, long at, float mean, int channels) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int c = 0;
        for (int whole = (int) bound(0, channels); c < whole; c += V) {
            sum = load(gammas, c).mul(load(dys, at + c)).fma(load(xs, at + c).sub(mean), sum);
        }
        if (c < channels) {
            VectorMask<Float> tail = before(c, channels);
            FloatVector scaled = load(gammas, c, tail).mul(load(dys, at + c, tail));
            sum = scaled.fma(load(xs, at + c, tail).sub(mean), sum);
        }
        return Reductions.sumOfLanes(sum);
    }

    private static void inputGradient(
            MemorySegment xs,
            MemorySegment dys,
            long at,
            MemorySegment gammas,
            float mean,
            float inverse,
            float level,
            float slope,
            MemorySegment dxs,
            int channels) {
        FloatVector towards = FloatVector.broadcast(SPECIES, -slope * inverse);
        int c = 0;
        for (int whole = (int) bound(0, channels); c < whole; c += V) {
            FloatVector scaled = load(gammas, c).mul(load(dys, at + c)).sub(level);
            store(load(xs, at + c).sub(mean).fma(towards, scaled).mul(inverse), dxs, at + c);
        }
        if (c < channels) {
            VectorMask<Float> tail = before(c, channels);
            FloatVector scaled =
                    load(gammas, c, tail).mul(load(dys, at + c, tail)).sub(level);
            store(load(xs, at + c, tail).sub(mean).fma(towards, scaled).mul(inverse), dxs, at + c, tail);
        }
    }

    /** Adds dy and dy xhat of one row's channels to their sums, which are padded to whole vectors. */
    private static void addRow(
            MemorySegment xs,
            MemorySegment dys,
            long at,
            int channels,
            float mean,
            float inverse,
            MemorySegment first,
            MemorySegment second) {
        int c = 0;
        for (int whole = (int) bound(0, channels); c < whole; c += V) {
            FloatVector dy = load(dys, at + c);
            store(load(first, c).add(dy), first, c);
            store(load(xs, at + c).sub(mean).mul(inverse).fma(dy, load(second, c)), second, c);
        }
        if (c < channels) {
            VectorMask<Float> tail = before(c, channels);
            FloatVector dy = load(dys, at + c, tail);
            store(load(first, c).add(dy), first, c);
            store(load(xs, at + c, tail).sub(mean).mul(inverse).fma(dy, load(second, c)), second, c);
        }
    }
}
