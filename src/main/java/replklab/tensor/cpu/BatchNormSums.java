package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.ORDER;
import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.bound;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import replklab.tensor.Activation;

/**
 * The sums over rows that batch norm needs. Four rows are read side by side, each from left to right, as memory is read
 * fastest; the sums meanwhile stay in the nearest cache. What is left, some rows and a part of a vector of channels, goes
 * through a loop with a mask.
 */
final class BatchNormSums {
    private BatchNormSums() {}

    /** A block of a matrix of {@code channels} columns. */
    private record Block(int channels, int fromRow, int toRow, int fromChannel, int toChannel) {
        /** The rows in fours. */
        int fours() {
            return fromRow + (toRow - fromRow) / 4 * 4;
        }

        /** The channels in whole vectors. */
        int whole() {
            return (int) bound(fromChannel, toChannel);
        }
    }

    /** The sums of x - origin and of its square; {@code origins} holds one number a channel. */
    static ChannelSums deviations(MemorySegment xs, MemorySegment origins, int rows, int channels) {
        MemorySegment wide = SideBySide.repeated(origins, channels);
        return ChannelSums.sideBySide(
                rows,
                channels,
                (from, count, width) ->
                        deviationsOfRows(xs.asSlice(from * channels * Float.BYTES), wide, count, width));
    }

    private static ChannelSums deviationsOfRows(MemorySegment xs, MemorySegment origins, int rows, int channels) {
        return ChannelSums.of(rows, channels, (fromRow, toRow, fromChannel, toChannel, sums, squares) -> {
            Block b = new Block(channels, fromRow, toRow, fromChannel, toChannel);
            for (int row = fromRow; row < b.fours(); row += 4) {
                fourDeviations(xs, origins, channels, row, fromChannel, b.whole(), sums, squares);
            }
            for (int c = fromChannel; c < toChannel; c += V) {
                int first = c < b.whole() ? b.fours() : fromRow;
                deviations(xs, origins, channels, first, toRow, c, fromChannel, toChannel, sums, squares);
            }
        });
    }

    private static void fourDeviations(
            MemorySegment xs,
            MemorySegment origins,
            int channels,
            int row,
            int fromChannel,
            int toChannel,
            MemorySegment sums,
            MemorySegment squares) {
        long step = (long) channels * Float.BYTES;
        for (int c = fromChannel; c < toChannel; c += V) {
            long at = (long) row * step + (long) c * Float.BYTES;
            long sumAt = (long) (c - fromChannel) * Float.BYTES;
            FloatVector origin = FloatVector.fromMemorySegment(SPECIES, origins, (long) c * Float.BYTES, ORDER);
            FloatVector sum = FloatVector.fromMemorySegment(SPECIES, sums, sumAt, ORDER);
            FloatVector square = FloatVector.fromMemorySegment(SPECIES, squares, sumAt, ORDER);
            FloatVector d0 =
                    FloatVector.fromMemorySegment(SPECIES, xs, at, ORDER).sub(origin);
            FloatVector d1 =
                    FloatVector.fromMemorySegment(SPECIES, xs, at + step, ORDER).sub(origin);
            FloatVector d2 = FloatVector.fromMemorySegment(SPECIES, xs, at + 2 * step, ORDER)
                    .sub(origin);
            FloatVector d3 = FloatVector.fromMemorySegment(SPECIES, xs, at + 3 * step, ORDER)
                    .sub(origin);
            d0.add(d1).add(d2.add(d3)).add(sum).intoMemorySegment(sums, sumAt, ORDER);
            d3.fma(d3, d2.fma(d2, d1.fma(d1, d0.fma(d0, square)))).intoMemorySegment(squares, sumAt, ORDER);
        }
    }

    private static void deviations(
            MemorySegment xs,
            MemorySegment origins,
            int channels,
            int fromRow,
            int toRow,
            int c,
            int fromChannel,
            int toChannel,
            MemorySegment sums,
            MemorySegment squares) {
        VectorMask<Float> mask = before(c, toChannel);
        FloatVector origin = Lanes.load(origins, c, mask);
        FloatVector sum = Lanes.load(sums, c - fromChannel);
        FloatVector square = Lanes.load(squares, c - fromChannel);
        for (int row = fromRow; row < toRow; row++) {
            FloatVector d = Lanes.load(xs, (long) row * channels + c, mask).sub(origin);
            sum = sum.add(d);
            square = d.fma(d, square);
        }
        Lanes.store(sum, sums, c - fromChannel);
        Lanes.store(square, squares, c - fromChannel);
    }

    /**
     * The sums of dz, the gradient at the activation's input, and of dz (x - mean).
     *
     * @param clamp the activation that {@code dys} come through
     */
    static ChannelSums gradients(
            MemorySegment xs,
            MemorySegment dys,
            BatchNormCoefficients coefficients,
            MemorySegment means,
            Activation clamp,
            int rows,
            int channels) {
        MemorySegment wideMeans = SideBySide.repeated(means, channels);
        return ChannelSums.sideBySide(
                rows,
                channels,
                (from, count, width) -> gradientsOfRows(
                        xs.asSlice(from * channels * Float.BYTES),
                        dys.asSlice(from * channels * Float.BYTES),
                        coefficients,
                        wideMeans,
                        clamp,
                        count,
                        width));
    }

    private static ChannelSums gradientsOfRows(
            MemorySegment xs,
            MemorySegment dys,
            BatchNormCoefficients coefficients,
            MemorySegment means,
            Activation clamp,
            int rows,
            int channels) {
        return ChannelSums.of(rows, channels, (fromRow, toRow, fromChannel, toChannel, sums, products) -> {
            Block b = new Block(channels, fromRow, toRow, fromChannel, toChannel);
            for (int row = fromRow; row < b.fours(); row += 2) {
                if (clamp == Activation.NONE) {
                    twoGradients(xs, dys, means, channels, row, fromChannel, b.whole(), sums, products);
                } else {
                    twoGradients(
                            xs, dys, coefficients, means, clamp, channels, row, fromChannel, b.whole(), sums, products);
                }
            }
            for (int c = fromChannel; c < toChannel; c += V) {
                int first = c < b.whole() ? b.fours() : fromRow;
                gradients(
                        xs,
                        dys,
                        coefficients,
                        means,
                        clamp,
                        channels,
                        first,
                        toRow,
                        c,
                        fromChannel,
                        toChannel,
                        sums,
                        products);
            }
        });
    }

    private static void twoGradients(
            MemorySegment xs,
            MemorySegment dys,
            MemorySegment means,
            int channels,
            int row,
            int fromChannel,
            int toChannel,
            MemorySegment sums,
            MemorySegment products) {
        long step = (long) channels * Float.BYTES;
        for (int c = fromChannel; c < toChannel; c += V) {
            long channel = (long) c * Float.BYTES;
            long at = (long) row * step + channel;
            long sumAt = (long) (c - fromChannel) * Float.BYTES;
            FloatVector mean = FloatVector.fromMemorySegment(SPECIES, means, channel, ORDER);
            FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, xs, at, ORDER);
            FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, xs, at + step, ORDER);
            FloatVector dz0 = FloatVector.fromMemorySegment(SPECIES, dys, at, ORDER);
            FloatVector dz1 = FloatVector.fromMemorySegment(SPECIES, dys, at + step, ORDER);
            FloatVector.fromMemorySegment(SPECIES, sums, sumAt, ORDER)
                    .add(dz0.add(dz1))
                    .intoMemorySegment(sums, sumAt, ORDER);
            FloatVector product = FloatVector.fromMemorySegment(SPECIES, products, sumAt, ORDER);
            x1.sub(mean).fma(dz1, x0.sub(mean).fma(dz0, product)).intoMemorySegment(products, sumAt, ORDER);
        }
    }

    private static void twoGradients(
            MemorySegment xs,
            MemorySegment dys,
            BatchNormCoefficients coefficients,
            MemorySegment means,
            Activation clamp,
            int channels,
            int row,
            int fromChannel,
            int toChannel,
            MemorySegment sums,
            MemorySegment products) {
        MemorySegment scales = coefficients.scale();
        MemorySegment shifts = coefficients.shift();
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector low = FloatVector.broadcast(SPECIES, clamp.lowest());
        FloatVector high = FloatVector.broadcast(SPECIES, clamp.highest());
        long step = (long) channels * Float.BYTES;
        for (int c = fromChannel; c < toChannel; c += V) {
            long channel = (long) c * Float.BYTES;
            long at = (long) row * step + channel;
            long sumAt = (long) (c - fromChannel) * Float.BYTES;
            FloatVector scale = FloatVector.fromMemorySegment(SPECIES, scales, channel, ORDER);
            FloatVector shift = FloatVector.fromMemorySegment(SPECIES, shifts, channel, ORDER);
            FloatVector mean = FloatVector.fromMemorySegment(SPECIES, means, channel, ORDER);
            FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, xs, at, ORDER);
            FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, xs, at + step, ORDER);
            FloatVector z0 = x0.fma(scale, shift);
            FloatVector z1 = x1.fma(scale, shift);
            FloatVector dz0 = FloatVector.fromMemorySegment(SPECIES, dys, at, ORDER);
            FloatVector dz1 = FloatVector.fromMemorySegment(SPECIES, dys, at + step, ORDER);
            dz0 = zero.blend(dz0, z0.compare(VectorOperators.GT, low));
            dz1 = zero.blend(dz1, z1.compare(VectorOperators.GT, low));
            dz0 = zero.blend(dz0, z0.compare(VectorOperators.LT, high));
            dz1 = zero.blend(dz1, z1.compare(VectorOperators.LT, high));
            FloatVector.fromMemorySegment(SPECIES, sums, sumAt, ORDER)
                    .add(dz0.add(dz1))
                    .intoMemorySegment(sums, sumAt, ORDER);
            FloatVector product = FloatVector.fromMemorySegment(SPECIES, products, sumAt, ORDER);
            x1.sub(mean).fma(dz1, x0.sub(mean).fma(dz0, product)).intoMemorySegment(products, sumAt, ORDER);
        }
    }

    private static void gradients(
            MemorySegment xs,
            MemorySegment dys,
            BatchNormCoefficients coefficients,
            MemorySegment means,
            Activation clamp,
            int channels,
            int fromRow,
            int toRow,
            int c,
            int fromChannel,
            int toChannel,
            MemorySegment sums,
            MemorySegment products) {
        VectorMask<Float> mask = before(c, toChannel);
        FloatVector scale = Lanes.load(coefficients.scale(), c, mask);
        FloatVector shift = Lanes.load(coefficients.shift(), c, mask);
        FloatVector mean = Lanes.load(means, c, mask);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector sum = Lanes.load(sums, c - fromChannel);
        FloatVector product = Lanes.load(products, c - fromChannel);
        for (int row = fromRow; row < toRow; row++) {
            FloatVector x = Lanes.load(xs, (long) row * channels + c, mask);
            FloatVector z = x.fma(scale, shift);
            VectorMask<Float> pass =
                    z.compare(VectorOperators.GT, clamp.lowest()).and(z.compare(VectorOperators.LT, clamp.highest()));
            FloatVector dz = zero.blend(Lanes.load(dys, (long) row * channels + c, mask), pass);
            sum = sum.add(dz);
            product = x.sub(mean).fma(dz, product);
        }
        Lanes.store(sum, sums, c - fromChannel);
        Lanes.store(product, products, c - fromChannel);
    }
}
