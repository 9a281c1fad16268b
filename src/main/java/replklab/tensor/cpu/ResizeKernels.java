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
 * Bilinear interpolation with pixel centres at half-integers: output pixel o looks at source position (o + 1/2) in / out -
 * 1/2, held inside the image; frameworks call it {@code align_corners=False}.
 */
final class ResizeKernels {
    private ResizeKernels() {}

    /** For each output index the two source indices and the weight of the second. */
    private record Axis(int[] low, int[] high, float[] weight) {
        static Axis of(int in, int out) {
            int[] low = new int[out];
            int[] high = new int[out];
            float[] weight = new float[out];
            for (int o = 0; o < out; o++) {
                double position = Math.max(0, (o + 0.5) * in / out - 0.5);
                low[o] = Math.min(in - 1, (int) position);
                high[o] = Math.min(in - 1, low[o] + 1);
                weight[o] = (float) (position - low[o]);
            }
            return new Axis(low, high, weight);
        }
    }

    static void forward(Tensor x, Tensor y) {
        int channels = x.size(3);
        Axis rows = Axis.of(x.size(1), y.size(1));
        Axis columns = Axis.of(x.size(2), y.size(2));
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        Parallel.forEach(y.size(0) * y.size(1), line -> {
            int oy = line % y.size(1);
            int image = line / y.size(1) * x.size(1);
            long top = (long) (image + rows.low[oy]) * x.size(2);
            long bottom = (long) (image + rows.high[oy]) * x.size(2);
            float down = rows.weight[oy];
            for (int ox = 0; ox < y.size(2); ox++) {
                float right = columns.weight[ox];
                mix(
                        xs,
                        (top + columns.low[ox]) * channels,
                        (top + columns.high[ox]) * channels,
                        (bottom + columns.low[ox]) * channels,
                        (bottom + columns.high[ox]) * channels,
                        down,
                        right,
                        ys,
                        ((long) line * y.size(2) + ox) * channels,
                        channels);
            }
        });
    }

    /** One output pixel at {@code to} from four input pixels; the weights are those of the lower and the right ones. */
    private static void mix(
            MemorySegment xs,
            long topLeft,
            long topRight,
            long bottomLeft,
            long bottomRight,
            float down,
            float right,
            MemorySegment ys,
            long to,
            int channels) {
        FloatVector w00 = FloatVector.broadcast(SPECIES, (1 - down) * (1 - right));
        FloatVector w01 = FloatVector.broadcast(SPECIES, (1 - down) * right);
        FloatVector w10 = FloatVector.broadcast(SPECIES, down * (1 - right));
        FloatVector w11 = FloatVector.broadcast(SPECIES, down * right);
        int c = 0;
        for (; c + V <= channels; c += V) {
            FloatVector sum = load(xs, topLeft + c)
                    .mul(w00)
                    .add(load(xs, topRight + c).mul(w01))
                    .add(load(xs, bottomLeft + c).mul(w10))
                    .add(load(xs, bottomRight + c).mul(w11));
            store(sum, ys, to + c);
        }
        if (c < channels) {
            VectorMask<Float> mask = before(c, channels);
            FloatVector sum = load(xs, topLeft + c, mask)
                    .mul(w00)
                    .add(load(xs, topRight + c, mask).mul(w01))
                    .add(load(xs, bottomLeft + c, mask).mul(w10))
                    .add(load(xs, bottomRight + c, mask).mul(w11));
            store(sum, ys, to + c, mask);
        }
    }

    /** Each output gradient goes back to the four pixels it came from; one image is one task, so no two write the same. */
    static void gradient(Tensor dy, Tensor dx) {
        int channels = dx.size(3);
        Axis rows = Axis.of(dx.size(1), dy.size(1));
        Axis columns = Axis.of(dx.size(2), dy.size(2));
        MemorySegment dys = dy.memory();
        MemorySegment dxs = dx.memory();
        ElementwiseKernels.fill(dx, 0);
        Parallel.forEach(dy.size(0), n -> {
            for (int oy = 0; oy < dy.size(1); oy++) {
                long top = (long) (n * dx.size(1) + rows.low[oy]) * dx.size(2);
                long bottom = (long) (n * dx.size(1) + rows.high[oy]) * dx.size(2);
                float down = rows.weight[oy];
                for (int ox = 0; ox < dy.size(2); ox++) {
                    float right = columns.weight[ox];
                    long from = (((long) n * dy.size(1) + oy) * dy.size(2) + ox) * channels;
                    add(dys, from, dxs, (top + columns.low[ox]) * channels, channels, (1 - down) * (1 - right));
                    add(dys, from, dxs, (top + columns.high[ox]) * channels, channels, (1 - down) * right);
                    add(dys, from, dxs, (bottom + columns.low[ox]) * channels, channels, down * (1 - right));
                    add(dys, from, dxs, (bottom + columns.high[ox]) * channels, channels, down * right);
                }
            }
        });
    }

    private static void add(MemorySegment from, long fromAt, MemorySegment to, long toAt, int channels, float weight) {
        FloatVector factor = FloatVector.broadcast(SPECIES, weight);
        int c = 0;
        for (; c + V <= channels; c += V) {
            store(load(from, fromAt + c).fma(factor, load(to, toAt + c)), to, toAt + c);
        }
        if (c < channels) {
            VectorMask<Float> mask = before(c, channels);
            store(load(from, fromAt + c, mask).fma(factor, load(to, toAt + c, mask)), to, toAt + c, mask);
        }
    }
}
