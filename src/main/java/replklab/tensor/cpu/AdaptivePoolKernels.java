package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import replklab.tensor.Tensor;

/**
 * Means over the cells of a grid, which overlap where the image's sides are no multiples of the grid's. A task is one image's
 * vector of channels, so no two tasks write the same pixels. Float sums run over one row of a cell and go on in double
 * precision.
 */
final class AdaptivePoolKernels {
    private AdaptivePoolKernels() {}

    /** Where cell {@code i} of {@code cells} over {@code length} pixels begins. */
    private static int begin(int i, int cells, int length) {
        return (int) ((long) i * length / cells);
    }

    private static int end(int i, int cells, int length) {
        return (int) Math.ceilDiv((i + 1L) * length, cells);
    }

    static void forward(Tensor x, Tensor y) {
        int channels = x.size(3);
        int height = x.size(1);
        int width = x.size(2);
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        SpaceKernels.forColumns(x.size(0), channels, (n, c, mask) -> {
            for (int cell = 0; cell < y.size(1) * y.size(2); cell++) {
                int top = begin(cell / y.size(2), y.size(1), height);
                int bottom = end(cell / y.size(2), y.size(1), height);
                int left = begin(cell % y.size(2), y.size(2), width);
                int right = end(cell % y.size(2), y.size(2), width);
                double[] totals = new double[V];
                for (int row = top; row < bottom; row++) {
                    long at = (((long) n * height + row) * width + left) * channels + c;
                    SpaceKernels.addLanes(SpaceKernels.sum(xs, at, channels, right - left, mask), totals);
                }
                long to = ((long) n * y.size(1) * y.size(2) + cell) * channels + c;
                double area = (double) (bottom - top) * (right - left);
                for (int lane = 0; lane < Math.min(V, channels - c); lane++) {
                    Lanes.set(ys, to + lane, (float) (totals[lane] / area));
                }
            }
        });
    }

    static void gradient(Tensor dy, Tensor dx) {
        int channels = dx.size(3);
        int height = dx.size(1);
        int width = dx.size(2);
        MemorySegment dys = dy.memory();
        MemorySegment dxs = dx.memory();
        ElementwiseKernels.fill(dx, 0);
        SpaceKernels.forColumns(dx.size(0), channels, (n, c, mask) -> {
            for (int cell = 0; cell < dy.size(1) * dy.size(2); cell++) {
                int top = begin(cell / dy.size(2), dy.size(1), height);
                int bottom = end(cell / dy.size(2), dy.size(1), height);
                int left = begin(cell % dy.size(2), dy.size(2), width);
                int right = end(cell % dy.size(2), dy.size(2), width);
                long from = ((long) n * dy.size(1) * dy.size(2) + cell) * channels + c;
                float weight = (float) (1.0 / ((double) (bottom - top) * (right - left)));
                for (int row = top; row < bottom; row++) {
                    long at = (((long) n * height + row) * width + left) * channels + c;
                    add(dys, from, weight, dxs, at, channels, right - left, mask);
                }
            }
        });
    }

    /** Adds a vector times {@code weight} to those of {@code count} pixels that lie {@code step} elements apart. */
    private static void add(
            MemorySegment from,
            long fromAt,
            float weight,
            MemorySegment to,
            long toAt,
            int step,
            int count,
            VectorMask<Float> mask) {
        FloatVector share = (mask == null ? load(from, fromAt) : load(from, fromAt, mask)).mul(weight);
        for (int p = 0; p < count; p++) {
            long i = toAt + (long) p * step;
            if (mask == null) {
                store(load(to, i).add(share), to, i);
            } else {
                store(load(to, i, mask).add(share), to, i, mask);
            }
        }
    }
}
