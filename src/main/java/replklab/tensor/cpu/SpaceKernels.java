package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import replklab.base.Parallel;
import replklab.tensor.Tensor;

/**
 * Operations between an image and one row of channels: global average pooling, and gating by such a row. Float sums run
 * over {@value #BLOCK} pixels at most, and go on in double precision.
 */
final class SpaceKernels {
    private static final int BLOCK = 64;

    private SpaceKernels() {}

    static void globalAveragePool(Tensor x, Tensor y) {
        int channels = x.size(3);
        int pixels = x.size(1) * x.size(2);
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        Parallel.forEach(x.size(0), n -> {
            for (int c = 0; c < channels; c += V) {
                VectorMask<Float> mask = before(c, channels);
                double[] totals = new double[V];
                for (int block = 0; block < pixels; block += BLOCK) {
                    FloatVector sum = FloatVector.zero(SPECIES);
                    for (int p = block; p < Math.min(pixels, block + BLOCK); p++) {
                        sum = sum.add(load(xs, ((long) n * pixels + p) * channels + c, mask));
                    }
                    addLanes(sum, totals);
                }
                for (int lane = 0; lane < Math.min(V, channels - c); lane++) {
                    Lanes.set(ys, (long) n * channels + c + lane, (float) (totals[lane] / pixels));
                }
            }
        });
    }

    static void globalAveragePoolGradient(Tensor dy, Tensor dx) {
        int channels = dx.size(3);
        int pixels = dx.size(1) * dx.size(2);
        MemorySegment dys = dy.memory();
        MemorySegment dxs = dx.memory();
        Parallel.forEach(dx.size(0), n -> {
            for (int c = 0; c < channels; c += V) {
                VectorMask<Float> mask = before(c, channels);
                FloatVector share = load(dys, (long) n * channels + c, mask).mul(1f / pixels);
                for (int p = 0; p < pixels; p++) {
                    store(share, dxs, ((long) n * pixels + p) * channels + c, mask);
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
        Parallel.forEach(x.size(0), n -> {
            for (int c = 0; c < channels; c += V) {
                VectorMask<Float> mask = before(c, channels);
                FloatVector factor = load(gates, (long) n * channels + c, mask);
                for (int p = 0; p < pixels; p++) {
                    long i = ((long) n * pixels + p) * channels + c;
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
        Parallel.forEach(x.size(0), n -> {
            for (int c = 0; c < channels; c += V) {
                VectorMask<Float> mask = before(c, channels);
                double[] totals = new double[V];
                for (int block = 0; block < pixels; block += BLOCK) {
                    FloatVector sum = FloatVector.zero(SPECIES);
                    for (int p = block; p < Math.min(pixels, block + BLOCK); p++) {
                        long i = ((long) n * pixels + p) * channels + c;
                        sum = load(xs, i, mask).fma(load(dys, i, mask), sum);
                    }
                    addLanes(sum, totals);
                }
                for (int lane = 0; lane < Math.min(V, channels - c); lane++) {
                    Lanes.set(dgates, (long) n * channels + c + lane, (float) totals[lane]);
                }
            }
        });
    }

    private static void addLanes(FloatVector sum, double[] totals) {
        float[] lanes = sum.toArray();
        for (int lane = 0; lane < V; lane++) {
            totals[lane] += lanes[lane];
        }
    }

    private static int pixels(Tensor x) {
        return x.shape().rows() / x.size(0);
    }
}
