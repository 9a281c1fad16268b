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

/**
 * Operations between an image and one row of channels: global average pooling, and gating by such a row. A task is one
 * image's vector of channels. Float sums run over {@value #BLOCK} pixels at most, and go on in double precision.
 */
final class SpaceKernels {
    private static final int BLOCK = 64;

    private SpaceKernels() {}

    /** Works on the channels from {@code c}, the lanes of {@code mask} or, if it is null, all of a vector. */
    @FunctionalInterface
    interface Column {
        void run(int n, int c, VectorMask<Float> mask);
    }

    static void forColumns(int images, int channels, Column column) {
        int columns = Math.ceilDiv(channels, V);
        int whole = (int) bound(0, channels);
        Parallel.forEach(images * columns, i -> {
            int c = i % columns * V;
            column.run(i / columns, c, c < whole ? null : before(c, channels));
        });
    }

    static void globalAveragePool(Tensor x, Tensor y) {
        int channels = x.size(3);
        int pixels = x.size(1) * x.size(2);
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        forColumns(x.size(0), channels, (n, c, mask) -> {
            double[] totals = new double[V];
            for (int block = 0; block < pixels; block += BLOCK) {
                long at = ((long) n * pixels + block) * channels + c;
                addLanes(sum(xs, at, channels, Math.min(BLOCK, pixels - block), mask), totals);
            }
            for (int lane = 0; lane < Math.min(V, channels - c); lane++) {
                Lanes.set(ys, (long) n * channels + c + lane, (float) (totals[lane] / pixels));
            }
        });
    }

    static FloatVector sum(MemorySegment xs, long at, int step, int count, VectorMask<Float> mask) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int p = 0; p < count; p++) {
            long i = at + (long) p * step;
            sum = sum.add(mask == null ? load(xs, i) : load(xs, i, mask));
        }
        return sum;
    }

    static void globalAveragePoolGradient(Tensor dy, Tensor dx) {
        int channels = dx.size(3);
        int pixels = dx.size(1) * dx.size(2);
        MemorySegment dys = dy.memory();
        MemorySegment dxs = dx.memory();
        forColumns(dx.size(0), channels, (n, c, mask) -> {
            long row = (long) n * channels + c;
            FloatVector share = (mask == null ? load(dys, row) : load(dys, row, mask)).mul(1f / pixels);
            for (int p = 0; p < pixels; p++) {
                long i = ((long) n * pixels + p) * channels + c;
                if (mask == null) {
                    store(share, dxs, i);
                } else {
                    store(share, dxs, i, mask);
                }
            }
        });
    }

    static void gate(Tensor x, Tensor gate, Tensor y) {
        int channels = x.shape().channels();
        int pixels = pixels(x);
        MemorySegment xs = x.memory();
        MemorySegment gates = gate.memory();
        MemorySegment ys = y.memory();
        forColumns(x.size(0), channels, (n, c, mask) -> {
            long row = (long) n * channels + c;
            FloatVector factor = mask == null ? load(gates, row) : load(gates, row, mask);
            for (int p = 0; p < pixels; p++) {
                long i = ((long) n * pixels + p) * channels + c;
                if (mask == null) {
                    store(load(xs, i).mul(factor), ys, i);
                } else {
                    store(load(xs, i, mask).mul(factor), ys, i, mask);
                }
            }
        });
    }

    /** The gradient with respect to the gate: the sum over pixels of dy x. */
    static void gateWeightGradient(Tensor x, Tensor dy, Tensor dgate) {
        int channels = x.shape().channels();
        int pixels = pixels(x);
        MemorySegment xs = x.memory();
        MemorySegment dys = dy.memory();
        MemorySegment dgates = dgate.memory();
        forColumns(x.size(0), channels, (n, c, mask) -> {
            double[] totals = new double[V];
            for (int block = 0; block < pixels; block += BLOCK) {
                long at = ((long) n * pixels + block) * channels + c;
                addLanes(product(xs, dys, at, channels, Math.min(BLOCK, pixels - block), mask), totals);
            }
            for (int lane = 0; lane < Math.min(V, channels - c); lane++) {
                Lanes.set(dgates, (long) n * channels + c + lane, (float) totals[lane]);
            }
        });
    }

    private static FloatVector product(
            MemorySegment xs, MemorySegment dys, long at, int step, int count, VectorMask<Float> mask) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int p = 0; p < count; p++) {
            long i = at + (long) p * step;
            sum = mask == null
                    ? load(xs, i).fma(load(dys, i), sum)
                    : load(xs, i, mask).fma(load(dys, i, mask), sum);
        }
        return sum;
    }

    static void addLanes(FloatVector sum, double[] totals) {
        float[] lanes = sum.toArray();
        for (int lane = 0; lane < V; lane++) {
            totals[lane] += lanes[lane];
        }
    }

    private static int pixels(Tensor x) {
        return x.shape().rows() / x.size(0);
    }
}
