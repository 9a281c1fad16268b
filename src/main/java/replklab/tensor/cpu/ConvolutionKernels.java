package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.conv.DepthwiseShape;
import replklab.tensor.Tensor;
import replklab.tensor.cpu.Gemm.Matrix;

/**
 * Full convolution by unfolding: each output pixel becomes a row of the kernel x kernel x in values it sees, and the rest
 * is a matrix product. One image is unfolded at a time. Networks here use it in their stem alone.
 */
final class ConvolutionKernels {
    private ConvolutionKernels() {}

    static void forward(DepthwiseShape s, Tensor x, Tensor w, Tensor bias, Tensor y) {
        int out = w.size(0);
        int depth = s.kernel() * s.kernel() * s.channels();
        int pixels = s.outHeight() * s.outWidth();
        Parallel.forEach(s.batch(), n -> {
            MemorySegment unfolded = PointwiseKernels.SharedScratch.get((long) pixels * depth);
            unfold(s, x.memory(), n, unfolded);
            long at = (long) n * pixels * out;
            if (bias != null) {
                for (int pixel = 0; pixel < pixels; pixel++) {
                    MemorySegment.copy(bias.memory(), 0, y.memory(), (at + (long) pixel * out) * Float.BYTES, 4L * out);
                }
            }
            Gemm.multiply(
                    pixels,
                    out,
                    depth,
                    Matrix.of(unfolded, 0, depth),
                    Matrix.of(w.memory(), 0, depth).transpose(),
                    bias == null ? 0 : 1,
                    Matrix.of(y.memory(), at, out));
        });
    }

    static void gradient(DepthwiseShape s, Tensor x, Tensor w, Tensor dy, Tensor dx, Tensor dw, Tensor dbias) {
        if (dw != null) {
            weightGradient(s, x, dy, w.size(0), dw);
        }
        if (dx != null) {
            inputGradient(s, w, dy, dx);
        }
        if (dbias != null) {
            Reductions.sumRows(dy, dbias);
        }
    }

    private static void weightGradient(DepthwiseShape s, Tensor x, Tensor dy, int out, Tensor dw) {
        int depth = s.kernel() * s.kernel() * s.channels();
        int pixels = s.outHeight() * s.outWidth();
        int ranges = Math.min(8, s.batch());
        long size = (long) out * depth;
        MemorySegment parts = java.lang.foreign.Arena.ofAuto().allocate(ranges * size * Float.BYTES + 64, 64);
        Parallel.forEach(ranges, range -> {
            MemorySegment unfolded = PointwiseKernels.SharedScratch.get((long) pixels * depth);
            Matrix sum = Matrix.of(parts, range * size, depth);
            for (int n = Parallel.cut(s.batch(), ranges, range); n < Parallel.cut(s.batch(), ranges, range + 1); n++) {
                unfold(s, x.memory(), n, unfolded);
                Matrix gradients =
                        Matrix.of(dy.memory(), (long) n * pixels * out, out).transpose();
                Gemm.multiply(out, depth, pixels, gradients, Matrix.of(unfolded, 0, depth), 1, sum);
            }
        });
        Reductions.sumParts(parts, ranges, size, dw.memory());
    }

    private static void inputGradient(DepthwiseShape s, Tensor w, Tensor dy, Tensor dx) {
        int out = w.size(0);
        int depth = s.kernel() * s.kernel() * s.channels();
        int pixels = s.outHeight() * s.outWidth();
        Parallel.forEach(s.batch(), n -> {
            MemorySegment unfolded = PointwiseKernels.SharedScratch.get((long) pixels * depth);
            Gemm.multiply(
                    pixels,
                    depth,
                    out,
                    Matrix.of(dy.memory(), (long) n * pixels * out, out),
                    Matrix.of(w.memory(), 0, depth),
                    0,
                    Matrix.of(unfolded, 0, depth));
            fold(s, unfolded, dx.memory(), n);
        });
    }

    private static void unfold(DepthwiseShape s, MemorySegment x, int n, MemorySegment unfolded) {
        long tapBytes = (long) s.channels() * Float.BYTES;
        long to = 0;
        for (int oy = 0; oy < s.outHeight(); oy++) {
            for (int ox = 0; ox < s.outWidth(); ox++) {
                for (int ky = 0; ky < s.kernel(); ky++) {
                    for (int kx = 0; kx < s.kernel(); kx++, to += tapBytes) {
                        long from = pixel(s, n, oy, ox, ky, kx);
                        if (from < 0) {
                            unfolded.asSlice(to, tapBytes).fill((byte) 0);
                        } else {
                            MemorySegment.copy(x, from * tapBytes, unfolded, to, tapBytes);
                        }
                    }
                }
            }
        }
    }

    private static void fold(DepthwiseShape s, MemorySegment unfolded, MemorySegment dx, int n) {
        long imageBytes = (long) s.height() * s.width() * s.channels() * Float.BYTES;
        dx.asSlice(n * imageBytes, imageBytes).fill((byte) 0);
        long from = 0;
        for (int oy = 0; oy < s.outHeight(); oy++) {
            for (int ox = 0; ox < s.outWidth(); ox++) {
                for (int ky = 0; ky < s.kernel(); ky++) {
                    for (int kx = 0; kx < s.kernel(); kx++, from += s.channels()) {
                        long to = pixel(s, n, oy, ox, ky, kx) * s.channels();
                        for (int c = 0; to >= 0 && c < s.channels(); c++) {
                            Lanes.set(dx, to + c, Lanes.get(dx, to + c) + Lanes.get(unfolded, from + c));
                        }
                    }
                }
            }
        }
    }

    /** The index of the input pixel that a tap sees, or -1 outside the image. */
    private static long pixel(DepthwiseShape s, int n, int oy, int ox, int ky, int kx) {
        int iy = oy * s.stride() + ky * s.dilation() - s.padding();
        int ix = ox * s.stride() + kx * s.dilation() - s.padding();
        boolean inside = iy >= 0 && iy < s.height() && ix >= 0 && ix < s.width();
        return inside ? ((long) n * s.height() + iy) * s.width() + ix : -1;
    }
}
