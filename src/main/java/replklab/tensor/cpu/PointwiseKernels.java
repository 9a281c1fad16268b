package replklab.tensor.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.tensor.Tensor;
import replklab.tensor.cpu.Gemm.Matrix;

/**
 * Pointwise convolution as matrix products over rows of channels. Rows are cut into ranges by shape; the weight gradient
 * sums over rows, so each range has a sum of its own and these are added in order.
 */
final class PointwiseKernels {
    /** Rows a range, at least: below this a product is not worth a thread. */
    private static final int ROWS = 256;

    private PointwiseKernels() {}

    static void forward(Tensor x, Tensor w, Tensor bias, Tensor y) {
        int in = w.size(1);
        int out = w.size(0);
        int rows = x.shape().rows();
        int ranges = Math.clamp(rows / ROWS, 1, 64);
        Matrix weights = Matrix.of(w.memory(), 0, in).transpose();
        Parallel.forEach(ranges, range -> {
            int from = Parallel.cut(rows, ranges, range);
            int count = Parallel.cut(rows, ranges, range + 1) - from;
            if (bias != null) {
                for (int row = from; row < from + count; row++) {
                    MemorySegment.copy(
                            bias.memory(), 0, y.memory(), (long) row * out * Float.BYTES, (long) out * Float.BYTES);
                }
            }
            Matrix here = Matrix.of(x.memory(), (long) from * in, in);
            Matrix result = Matrix.of(y.memory(), (long) from * out, out);
            Gemm.multiply(count, out, in, here, weights, bias == null ? 0 : 1, result);
        });
    }

    static void gradient(Tensor x, Tensor w, Tensor dy, Tensor dx, Tensor dw, Tensor dbias) {
        int in = w.size(1);
        int out = w.size(0);
        int rows = x.shape().rows();
        if (dx != null) {
            int ranges = Math.clamp(rows / ROWS, 1, 64);
            Matrix weights = Matrix.of(w.memory(), 0, in);
            Parallel.forEach(ranges, range -> {
                int from = Parallel.cut(rows, ranges, range);
                int count = Parallel.cut(rows, ranges, range + 1) - from;
                Matrix here = Matrix.of(dy.memory(), (long) from * out, out);
                Gemm.multiply(count, in, out, here, weights, 0, Matrix.of(dx.memory(), (long) from * in, in));
            });
        }
        if (dw != null) {
            weightGradient(x.memory(), in, dy.memory(), out, rows, dw.memory());
        }
        if (dbias != null) {
            Reductions.sumRows(dy, dbias);
        }
    }

    /** dw (out, in) = dyᵀ x. */
    static void weightGradient(MemorySegment x, int in, MemorySegment dy, int out, int rows, MemorySegment dw) {
        int ranges = Math.clamp(rows / ROWS, 1, 8);
        long size = (long) out * in;
        MemorySegment parts = SharedScratch.get(ranges * size);
        Parallel.forEach(ranges, range -> {
            int from = Parallel.cut(rows, ranges, range);
            int count = Parallel.cut(rows, ranges, range + 1) - from;
            Matrix gradients = Matrix.of(dy, (long) from * out, out).transpose();
            Gemm.multiply(
                    out,
                    in,
                    count,
                    gradients,
                    Matrix.of(x, (long) from * in, in),
                    0,
                    Matrix.of(parts, range * size, in));
        });
        Reductions.sumParts(parts, ranges, size, dw);
    }

    /** Scratch memory of the calling thread, grown as needed. */
    static final class SharedScratch {
        private static final ThreadLocal<MemorySegment> OF_THREAD = ThreadLocal.withInitial(() -> MemorySegment.NULL);

        private SharedScratch() {}

        static MemorySegment get(long floats) {
            MemorySegment memory = OF_THREAD.get();
            if (memory.byteSize() < floats * Float.BYTES) {
                memory = Arena.ofAuto().allocate(floats * Float.BYTES * 5 / 4 + 64, 64);
                OF_THREAD.set(memory);
            }
            return memory;
        }
    }
}
