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
import replklab.base.Parallel;
import replklab.tensor.Tensor;

/** Sums in an order that depends on the shape alone; float sums are short and go on in double precision. */
final class Reductions {
    private static final int BLOCK = 1 << 10;

    private Reductions() {}

    static double sum(Tensor x) {
        MemorySegment xs = x.memory();
        return blockwise(x.shape().elements(), (from, to) -> sum(xs, from, to));
    }

    static double sumOfSquares(Tensor x) {
        MemorySegment xs = x.memory();
        return blockwise(x.shape().elements(), (from, to) -> sumOfSquares(xs, from, to));
    }

    @FunctionalInterface
    private interface BlockSum {
        double of(long from, long to);
    }

    private static double blockwise(long elements, BlockSum block) {
        return Lanes.parallelSum(elements, start -> {
            long end = Lanes.pieceEnd(start, elements);
            double total = 0;
            for (long from = start; from < end; from += BLOCK) {
                total += block.of(from, Math.min(end, from + BLOCK));
            }
            return total;
        });
    }

    private static double sum(MemorySegment xs, long from, long to) {
        FloatVector sum = FloatVector.zero(SPECIES);
        long i = from;
        for (long end = bound(from, to); i < end; i += V) {
            sum = sum.add(load(xs, i));
        }
        return sumOfLanes(sum.add(load(xs, i, before(i, to))));
    }

    private static double sumOfSquares(MemorySegment xs, long from, long to) {
        FloatVector sum = FloatVector.zero(SPECIES);
        long i = from;
        for (long end = bound(from, to); i < end; i += V) {
            FloatVector x = load(xs, i);
            sum = x.fma(x, sum);
        }
        FloatVector tail = load(xs, i, before(i, to));
        return sumOfLanes(tail.fma(tail, sum));
    }

    // Not reduceLanes: its order differs between interpreted and compiled code.
    static double sumOfLanes(FloatVector vector) {
        double sum = 0;
        for (float lane : vector.toArray()) {
            sum += lane;
        }
        return sum;
    }

    /** The sum over rows: one number a channel. */
    static void sumRows(Tensor x, Tensor sums) {
        int channels = x.shape().channels();
        int rows = x.shape().rows();
        int ranges = Math.clamp(rows / 64, 1, 32);
        MemorySegment xs = x.memory();
        double[][] parts = new double[ranges][channels];
        Parallel.forEach(ranges, range -> {
            int end = Parallel.cut(rows, ranges, range + 1);
            for (int row = Parallel.cut(rows, ranges, range); row < end; row += 64) {
                addRows(xs, channels, row, Math.min(end, row + 64), parts[range]);
            }
        });
        for (int c = 0; c < channels; c++) {
            double total = 0;
            for (double[] part : parts) {
                total += part[c];
            }
            Lanes.set(sums.memory(), c, (float) total);
        }
    }

    private static void addRows(MemorySegment xs, int channels, int fromRow, int toRow, double[] sums) {
        for (int c = 0; c < channels; c += V) {
            VectorMask<Float> mask = before(c, channels);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int row = fromRow; row < toRow; row++) {
                sum = sum.add(load(xs, (long) row * channels + c, mask));
            }
            float[] lanes = sum.toArray();
            for (int lane = 0; lane < Math.min(V, channels - c); lane++) {
                sums[c + lane] += lanes[lane];
            }
        }
    }

    /** The elementwise sum of {@code count} arrays of {@code size} floats that lie one behind the other. */
    static void sumParts(MemorySegment parts, int count, long size, MemorySegment sum) {
        Lanes.parallel(size, (from, to) -> {
            long i = from;
            for (long end = bound(from, to); i < end; i += V) {
                FloatVector total = load(parts, i);
                for (int part = 1; part < count; part++) {
                    total = total.add(load(parts, part * size + i));
                }
                store(total, sum, i);
            }
            VectorMask<Float> tail = before(i, to);
            FloatVector total = load(parts, i, tail);
            for (int part = 1; part < count; part++) {
                total = total.add(load(parts, part * size + i, tail));
            }
            store(total, sum, i, tail);
        });
    }
}
