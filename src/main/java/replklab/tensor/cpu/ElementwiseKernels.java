package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.bound;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import replklab.tensor.Tensor;

/** Elementwise arithmetic. A range ends with one masked vector where it is no whole number of them. */
final class ElementwiseKernels {
    private ElementwiseKernels() {}

    static void fill(Tensor x, float value) {
        MemorySegment memory = x.memory();
        FloatVector vector = FloatVector.broadcast(Lanes.SPECIES, value);
        Lanes.parallel(x.shape().elements(), (from, to) -> {
            long i = from;
            for (long end = bound(from, to); i < end; i += V) {
                store(vector, memory, i);
            }
            store(vector, memory, i, before(i, to));
        });
    }

    static void combine(float a, Tensor x, float b, Tensor z, Tensor y) {
        combine(a, x.memory(), b, z.memory(), y.memory(), x.shape().elements());
    }

    static void combine(float a, MemorySegment xs, float b, MemorySegment zs, MemorySegment ys, long elements) {
        // A second factor of zero means "not at all": it must not turn an infinity into a NaN.
        if (b == 0) {
            Lanes.parallel(elements, (from, to) -> scale(a, xs, ys, from, to));
        } else {
            Lanes.parallel(elements, (from, to) -> combine(a, xs, b, zs, ys, from, to));
        }
    }

    private static void scale(float a, MemorySegment x, MemorySegment y, long from, long to) {
        long i = from;
        for (long end = bound(from, to); i < end; i += V) {
            store(load(x, i).mul(a), y, i);
        }
        VectorMask<Float> tail = before(i, to);
        store(load(x, i, tail).mul(a), y, i, tail);
    }

    private static void combine(
            float a, MemorySegment x, float b, MemorySegment z, MemorySegment y, long from, long to) {
        long i = from;
        for (long end = bound(from, to); i < end; i += V) {
            store(load(x, i).mul(a).add(load(z, i).mul(b)), y, i);
        }
        VectorMask<Float> tail = before(i, to);
        store(load(x, i, tail).mul(a).add(load(z, i, tail).mul(b)), y, i, tail);
    }

    /** Adds {@code count} elements from index {@code fromAt} to those from index {@code toAt}. */
    static void add(MemorySegment from, long fromAt, MemorySegment to, long toAt, int count) {
        int i = 0;
        for (int whole = (int) bound(0, count); i < whole; i += V) {
            store(load(to, toAt + i).add(load(from, fromAt + i)), to, toAt + i);
        }
        if (i < count) {
            VectorMask<Float> tail = before(i, count);
            store(load(to, toAt + i, tail).add(load(from, fromAt + i, tail)), to, toAt + i, tail);
        }
    }

    static void multiply(Tensor x, Tensor z, Tensor y) {
        MemorySegment xs = x.memory();
        MemorySegment zs = z.memory();
        MemorySegment ys = y.memory();
        Lanes.parallel(x.shape().elements(), (from, to) -> {
            long i = from;
            for (long end = bound(from, to); i < end; i += V) {
                store(load(xs, i).mul(load(zs, i)), ys, i);
            }
            VectorMask<Float> tail = before(i, to);
            store(load(xs, i, tail).mul(load(zs, i, tail)), ys, i, tail);
        });
    }

    static void scaleImages(Tensor x, float[] factors, Tensor y) {
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        long image = x.shape().elements() / factors.length;
        replklab.base.Parallel.forEach(factors.length, n -> scale(factors[n], xs, ys, n * image, (n + 1) * image));
    }
}
