package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.conv.ConvolutionShape;
import replklab.tensor.Activation;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;
import replklab.tensor.cpu.ThreadScratch.Operand;

/**
 * Full convolution by unfolding: each output pixel becomes a row of the kernel x kernel x in values it sees, and the rest
 * is a matrix product. Some rows of one image are unfolded at a time.
 */
final class ConvolutionKernels {
    /** Output pixels that are unfolded at a time, about. */
    private static final int PIXELS = 512;

    private static final int RANGES = 8;

    private ConvolutionKernels() {}

    /** Output rows {@code from} to {@code to} of image {@code n}. */
    private record Band(int n, int from, int to) {
        static int count(ConvolutionShape s) {
            return s.batch() * perImage(s);
        }

        private static int perImage(ConvolutionShape s) {
            return Math.clamp(Math.ceilDiv(s.outHeight() * s.outWidth(), PIXELS), 1, s.outHeight());
        }

        static Band of(ConvolutionShape s, int i) {
            int bands = perImage(s);
            int band = i % bands;
            return new Band(
                    i / bands, Parallel.cut(s.outHeight(), bands, band), Parallel.cut(s.outHeight(), bands, band + 1));
        }

        int pixels(ConvolutionShape s) {
            return (to - from) * s.outWidth();
        }

        /** Its first pixel's place in the output. */
        long firstPixel(ConvolutionShape s) {
            return ((long) n * s.outHeight() + from) * s.outWidth();
        }
    }

    static void forward(
            ConvolutionShape s,
            Tensor x,
            Tensor w,
            Tensor bias,
            Activation activation,
            OperandFormat format,
            Tensor y) {
        int out = w.size(0);
        int depth = depth(s);
        Matrix weights = format.matrix(w.memory(), 0, out, depth, Operand.RIGHT).transpose();
        MemorySegment biases = bias == null ? null : bias.memory();
        Parallel.forEach(Band.count(s), i -> {
            Band band = Band.of(s, i);
            int pixels = band.pixels(s);
            MemorySegment unfolded = ThreadScratch.get((long) pixels * depth);
            unfold(s, x.memory(), band, unfolded);
            Matrix result = Matrix.of(y.memory(), band.firstPixel(s) * out, out);
            Matrix rows = format.matrix(unfolded, 0, pixels, depth, Operand.LEFT);
            Gemm.multiply(pixels, out, depth, rows, weights, biases, activation, result);
        });
    }

    static void gradient(
            ConvolutionShape s,
            Tensor x,
            Tensor w,
            Tensor dy,
            OperandFormat format,
            Tensor dx,
            Tensor dw,
            Tensor dbias) {
        if (dw != null) {
            weightGradient(format, s, x, dy, w.size(0), dw);
        }
        if (dx != null) {
            inputGradient(format, s, w, dy, dx);
        }
        if (dbias != null) {
            Reductions.sumRows(dy, dbias);
        }
    }

    private static void weightGradient(
            OperandFormat format, ConvolutionShape s, Tensor x, Tensor dy, int out, Tensor dw) {
        int depth = depth(s);
        int bands = Band.count(s);
        int ranges = Math.min(RANGES, bands);
        long size = (long) out * depth;
        Tensor parts = Tensor.empty(Shape.of(ranges, out, depth));
        Parallel.forEach(ranges, range -> {
            Matrix sum = Matrix.of(parts.memory(), range * size, depth);
            int first = Parallel.cut(bands, ranges, range);
            for (int i = first; i < Parallel.cut(bands, ranges, range + 1); i++) {
                Band band = Band.of(s, i);
                int pixels = band.pixels(s);
                MemorySegment unfolded = ThreadScratch.get((long) pixels * depth);
                unfold(s, x.memory(), band, unfolded);
                Matrix gradients = format.matrix(dy.memory(), band.firstPixel(s) * out, pixels, out, Operand.LEFT);
                Matrix rows = format.matrix(unfolded, 0, pixels, depth, Operand.RIGHT);
                Gemm.multiply(out, depth, pixels, gradients.transpose(), rows, i > first, sum);
            }
        });
        Reductions.sumParts(parts.memory(), ranges, size, dw.memory());
    }

    /** Bands of one image may reach into the same rows of the input, so an image is one task. */
    private static void inputGradient(OperandFormat format, ConvolutionShape s, Tensor w, Tensor dy, Tensor dx) {
        int out = w.size(0);
        int depth = depth(s);
        Matrix weights = format.matrix(w.memory(), 0, out, depth, Operand.RIGHT);
        long imageBytes = (long) s.height() * s.width() * s.channels() * Float.BYTES;
        Parallel.forEach(s.batch(), n -> {
            dx.memory().asSlice(n * imageBytes, imageBytes).fill((byte) 0);
            for (int i = 0; i < Band.perImage(s); i++) {
                Band band = Band.of(s, n * Band.perImage(s) + i);
                int pixels = band.pixels(s);
                Matrix unfolded = Matrix.of(ThreadScratch.get((long) pixels * depth), 0, depth);
                Matrix gradients = format.matrix(dy.memory(), band.firstPixel(s) * out, pixels, out, Operand.LEFT);
                Gemm.multiply(pixels, depth, out, gradients, weights, false, unfolded);
                fold(s, unfolded.memory(), dx.memory(), band);
            }
        });
    }

    private static int depth(ConvolutionShape s) {
        return s.kernel() * s.kernel() * s.channels();
    }

    private static void unfold(ConvolutionShape s, MemorySegment x, Band band, MemorySegment unfolded) {
        long pixelBytes = (long) s.channels() * Float.BYTES;
        int reach = s.dilation() == 1 ? s.kernel() : 1;
        long to = 0;
        for (int oy = band.from; oy < band.to; oy++) {
            for (int ox = 0; ox < s.outWidth(); ox++) {
                for (int ky = 0; ky < s.kernel(); ky++) {
                    int iy = oy * s.stride() + ky * s.dilation() - s.padding();
                    // Taps that lie side by side are copied at once; those outside the image are zero.
                    for (int kx = 0; kx < s.kernel(); kx += reach) {
                        int ix = ox * s.stride() + kx * s.dilation() - s.padding();
                        boolean above = iy < 0 || iy >= s.height();
                        int before = above ? reach : Math.clamp(-ix, 0, reach);
                        int inside = Math.clamp(s.width() - ix, before, reach) - before;
                        if (inside < reach) {
                            unfolded.asSlice(to, reach * pixelBytes).fill((byte) 0);
                        }
                        if (inside > 0) {
                            long from = ((long) band.n * s.height() + iy) * s.width() + ix + before;
                            MemorySegment.copy(
                                    x, from * pixelBytes, unfolded, to + before * pixelBytes, inside * pixelBytes);
                        }
                        to += reach * pixelBytes;
                    }
                }
            }
        }
    }

    private static void fold(ConvolutionShape s, MemorySegment unfolded, MemorySegment dx, Band band) {
        long from = 0;
        for (int oy = band.from; oy < band.to; oy++) {
            for (int ox = 0; ox < s.outWidth(); ox++) {
                for (int ky = 0; ky < s.kernel(); ky++) {
                    for (int kx = 0; kx < s.kernel(); kx++, from += s.channels()) {
                        long to = pixel(s, band.n, oy, ox, ky, kx) * s.channels();
                        if (to >= 0) {
                            ElementwiseKernels.add(unfolded, from, dx, to, s.channels());
                        }
                    }
                }
            }
        }
    }

    /** The index of the input pixel that a tap sees, or -1 outside the image. */
    private static long pixel(ConvolutionShape s, int n, int oy, int ox, int ky, int kx) {
        int iy = oy * s.stride() + ky * s.dilation() - s.padding();
        int ix = ox * s.stride() + kx * s.dilation() - s.padding();
        boolean inside = iy >= 0 && iy < s.height() && ix >= 0 && ix < s.width();
        return inside ? ((long) n * s.height() + iy) * s.width() + ix : -1;
    }
}
