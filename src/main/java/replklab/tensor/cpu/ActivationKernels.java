package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/**
 * Activations and their gradients, in short loops over whole vectors, so that HotSpot inlines them fully and keeps the
 * vectors in registers. The elements left over at the end of an array are brought to memory of a vector's length.
 */
final class ActivationKernels {
    /** Elements that a loop takes at once: what one leaves for the next is still in the cache. */
    private static final int BLOCK = 1 << 10;

    private ActivationKernels() {}

    /** A loop over the whole vectors of [from, to): {@code out} from {@code x}, in gradients also from {@code dy}. */
    @FunctionalInterface
    private interface Loop {
        void run(MemorySegment x, MemorySegment dy, MemorySegment out, long from, long to);
    }

    static void forward(Activation kind, Tensor x, Tensor y) {
        forward(kind, x.memory(), y.memory(), x.shape().elements());
    }

    static void forward(Activation kind, MemorySegment x, MemorySegment y, long elements) {
        Loop loop = switch (kind) {
            case NONE ->
                (xs, _, ys, from, to) ->
                        MemorySegment.copy(xs, from * Float.BYTES, ys, from * Float.BYTES, (to - from) * Float.BYTES);
            case RELU, RELU6 -> (xs, _, ys, from, to) -> clamp(kind, xs, ys, from, to);
            case GELU -> (xs, _, ys, from, to) -> GeluKernel.forward(xs, ys, from, to);
            case SIGMOID -> (xs, _, ys, from, to) -> sigmoid(xs, ys, from, to);
        };
        run(loop, x, x, y, elements);
    }

    static void gradient(Activation kind, Tensor x, Tensor dy, Tensor dx) {
        gradient(kind, x.memory(), dy.memory(), dx.memory(), x.shape().elements());
    }

    /** {@code dx} may be {@code x}. */
    static void gradient(Activation kind, MemorySegment x, MemorySegment dy, MemorySegment dx, long elements) {
        Loop loop = switch (kind) {
            case NONE ->
                (_, dys, dxs, from, to) ->
                        MemorySegment.copy(dys, from * Float.BYTES, dxs, from * Float.BYTES, (to - from) * Float.BYTES);
            case RELU, RELU6 -> (xs, dys, dxs, from, to) -> clampGradient(kind, xs, dys, dxs, from, to);
            case GELU -> GeluKernel::gradient;
            case SIGMOID -> ActivationKernels::sigmoidGradient;
        };
        run(loop, x, dy, dx, elements);
    }

    private static void run(Loop loop, MemorySegment x, MemorySegment dy, MemorySegment out, long elements) {
        long whole = Lanes.bound(0, elements);
        Lanes.parallel(elements, (from, to) -> {
            long end = Math.min(to, whole);
            for (long block = from; block < end; block += BLOCK) {
                loop.run(x, dy, out, block, Math.min(end, block + BLOCK));
            }
        });
        if (whole < elements) {
            long at = whole * Float.BYTES;
            long bytes = (elements - whole) * Float.BYTES;
            long vector = SPECIES.vectorByteSize();
            MemorySegment last = ThreadScratch.vectors(3).fill((byte) 0);
            MemorySegment.copy(x, at, last, 0, bytes);
            MemorySegment.copy(dy, at, last, vector, bytes);
            loop.run(last.asSlice(0, vector), last.asSlice(vector, vector), last.asSlice(2 * vector, vector), 0, V);
            MemorySegment.copy(last, 2 * vector, out, at, bytes);
        }
    }

    private static void clamp(Activation kind, MemorySegment x, MemorySegment y, long from, long to) {
        FloatVector low = FloatVector.broadcast(SPECIES, kind.lowest());
        FloatVector high = FloatVector.broadcast(SPECIES, kind.highest());
        for (long i = from; i < to; i += V) {
            store(load(x, i).max(low).min(high), y, i);
        }
    }

    /** {@code dy} where {@code x} lies strictly between the bounds, zero elsewhere. */
    private static void clampGradient(
            Activation kind, MemorySegment x, MemorySegment dy, MemorySegment dx, long from, long to) {
        boolean bounded = kind.highest() < Float.POSITIVE_INFINITY; // else infinity lies inside
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector low = FloatVector.broadcast(SPECIES, kind.lowest());
        FloatVector high = FloatVector.broadcast(SPECIES, kind.highest());
        for (long i = from; i < to; i += V) {
            FloatVector in = load(x, i);
            VectorMask<Float> pass = in.compare(VectorOperators.GT, low);
            if (bounded) {
                pass = pass.and(in.compare(VectorOperators.LT, high));
            }
            store(zero.blend(load(dy, i), pass), dx, i);
        }
    }

    // The output holds the exponentials until they are needed.
    private static void sigmoid(MemorySegment x, MemorySegment y, long from, long to) {
        negative(x, y, from, to);
        Exponential.run(y, from, to);
        inverseOfOneMore(y, from, to);
    }

    private static void negative(MemorySegment x, MemorySegment y, long from, long to) {
        for (long i = from; i < to; i += V) {
            store(load(x, i).neg(), y, i);
        }
    }

    private static void inverseOfOneMore(MemorySegment y, long from, long to) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (long i = from; i < to; i += V) {
            store(one.div(load(y, i).add(one)), y, i);
        }
    }

    private static void sigmoidGradient(MemorySegment x, MemorySegment dy, MemorySegment dx, long from, long to) {
        sigmoid(x, dx, from, to);
        for (long i = from; i < to; i += V) {
            FloatVector s = load(dx, i);
            store(load(dy, i).mul(s.sub(s.mul(s))), dx, i);
        }
    }
}
