package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.bound;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import replklab.tensor.Activation;
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
        MemorySegment xs = x.memory();
        MemorySegment zs = z.memory();
        MemorySegment ys = y.memory();
        // A factor of zero means "not at all": it must not turn an infinity into a NaN.
        if (b == 0) {
            Lanes.parallel(x.shape().elements(), (from, to) -> scale(a, xs, ys, from, to));
        } else {
            Lanes.parallel(x.shape().elements(), (from, to) -> combine(a, xs, b, zs, ys, from, to));
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

    static void activation(Activation kind, Tensor x, Tensor y) {
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        Lanes.parallel(x.shape().elements(), (from, to) -> {
            long i = from;
            for (long end = bound(from, to); i < end; i += V) {
                store(value(kind, load(xs, i)), ys, i);
            }
            VectorMask<Float> tail = before(i, to);
            store(value(kind, load(xs, i, tail)), ys, i, tail);
        });
    }

    static void activationGradient(Activation kind, Tensor x, Tensor dy, Tensor dx) {
        MemorySegment xs = x.memory();
        MemorySegment dys = dy.memory();
        MemorySegment dxs = dx.memory();
        Lanes.parallel(x.shape().elements(), (from, to) -> {
            long i = from;
            for (long end = bound(from, to); i < end; i += V) {
                store(gradient(kind, load(xs, i), load(dys, i)), dxs, i);
            }
            VectorMask<Float> tail = before(i, to);
            store(gradient(kind, load(xs, i, tail), load(dys, i, tail)), dxs, i, tail);
        });
    }

    private static FloatVector value(Activation kind, FloatVector x) {
        return switch (kind) {
            case NONE -> x;
            case RELU -> x.max(0);
            case RELU6 -> x.max(0).min(6);
            case GELU -> x.mul(Transcendental.normalDistribution(x));
            case SIGMOID -> Transcendental.sigmoid(x);
        };
    }

    private static FloatVector gradient(Activation kind, FloatVector x, FloatVector dy) {
        return switch (kind) {
            case NONE -> dy;
            case RELU, RELU6 -> inside(kind, x, dy);
            case GELU -> dy.mul(x.mul(Transcendental.normalDensity(x)).add(Transcendental.normalDistribution(x)));
            case SIGMOID -> {
                FloatVector s = Transcendental.sigmoid(x);
                yield dy.mul(s.sub(s.mul(s)));
            }
        };
    }

    /** {@code dy} where {@code x} lies strictly between a clamp's bounds, zero elsewhere. */
    static FloatVector inside(Activation clamp, FloatVector x, FloatVector dy) {
        VectorMask<Float> pass = x.compare(jdk.incubator.vector.VectorOperators.GT, clamp.lowest())
                .and(x.compare(jdk.incubator.vector.VectorOperators.LT, clamp.highest()));
        return FloatVector.zero(Lanes.SPECIES).blend(dy, pass);
    }
}
