package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.tensor.Activation;

/**
 * A matrix product on the calling thread: by oneDNN, or by OpenBLAS where that does not load. Callers cut the work by shape
 * and hand the pieces to {@link replklab.base.Parallel}, so that the libraries' threads and Java's don't compete, and the
 * number of threads never changes a bit.
 *
 * <p>Why oneDNN: measured with the same cut, it is 5 to 30 % faster than OpenBLAS on most shapes of RepLKNet-31B, forward
 * and in both gradients (of 196x2048x512 OpenBLAS is faster, of 1568x512x2048 as fast); cut into our pieces it is as fast as with threads of its own; and bias, activation and residual
 * come without a pass of their own.
 */
final class Gemm {
    private Gemm() {}

    /** c = a b, or c += a b, with c of {@code rows} x {@code columns} and {@code depth} the summed length. */
    static void multiply(int rows, int columns, int depth, Matrix a, Matrix b, boolean accumulate, Matrix c) {
        if (OneDnn.isAvailable()) {
            run(Product.plain(rows, columns, depth, a, b, accumulate, c), a, b, null, c);
        } else {
            OpenBlas.multiply(rows, columns, depth, a, b, accumulate, c);
        }
    }

    private static void run(Product product, Matrix a, Matrix b, MemorySegment bias, Matrix c) {
        try (OneDnnMatmul compiled = OneDnnMatmul.of(product)) {
            compiled.run(a.memory(), a.at(), b.memory(), b.at(), bias, 0, null, 0, c.memory(), c.at());
        }
    }

    /**
     * c = activation(a b + bias) for a result without gaps between its rows.
     *
     * @param bias one number a column, or null
     */
    static void multiply(
            int rows, int columns, int depth, Matrix a, Matrix b, MemorySegment bias, Activation activation, Matrix c) {
        if (OneDnn.isAvailable()) {
            Product product = Product.plain(rows, columns, depth, a, b, false, c);
            run(product.with(bias != null, Activation.NONE, false), a, b, bias, c);
        } else {
            if (bias != null) {
                RowEnds.bias(bias, c, rows);
            }
            OpenBlas.multiply(rows, columns, depth, a, b, bias != null, c);
        }
        RowEnds.finish(activation, null, c.memory(), c.at(), (long) rows * columns);
    }
}
