package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.tensor.Activation;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Pointwise convolution as matrix products over rows of channels, cut by shape: forward and for the input's gradient into
 * blocks of the result; for the weight gradient, which sums over rows, also into ranges of rows with a sum each, and these
 * are added in order.
 */
final class PointwiseKernels {
    /** So many columns of a weight gradient are few. */
    private static final int NARROW = 32;

    private PointwiseKernels() {}

    static void forward(Tensor x, Tensor w, Tensor bias, Activation activation, Tensor residual, Tensor y) {
        int in = w.size(1);
        int out = w.size(0);
        int rows = x.shape().rows();
        if (OneDnn.isAvailable()) {
            Matrix weights = Matrix.of(w.memory(), 0, in).transpose();
            Product product = product(rows, out, in, x, weights, y).with(bias != null, activation, residual != null);
            ProductPlan.run(product, w, x.memory(), memory(bias), memory(residual), y.memory());
        } else {
            forwardByOpenBlas(x.memory(), w, memory(bias), activation, memory(residual), y.memory(), rows);
        }
    }

    /** The product of {@code a}'s rows and the weights. */
    private static Product product(int rows, int columns, int depth, Tensor a, Matrix weights, Tensor c) {
        return Product.plain(
                rows,
                columns,
                depth,
                Matrix.of(a.memory(), 0, depth),
                weights,
                false,
                Matrix.of(c.memory(), 0, columns));
    }

    private static MemorySegment memory(Tensor tensor) {
        return tensor == null ? null : tensor.memory();
    }

    private static void forwardByOpenBlas(
            MemorySegment x,
            Tensor w,
            MemorySegment bias,
            Activation activation,
            MemorySegment residual,
            MemorySegment y,
            int rows) {
        int in = w.size(1);
        int out = w.size(0);
        ProductCut cut = ProductCut.of(rows, out, in);
        Matrix weights = Matrix.of(w.memory(), 0, in).transpose();
        Parallel.forEach(cut.rowPieces(), piece -> {
            int from = cut.row(piece);
            int count = cut.rowCount(piece);
            Matrix result = Matrix.of(y, (long) from * out, out);
            Gemm.multiply(count, out, in, Matrix.of(x, (long) from * in, in), weights, bias, activation, result);
            if (residual != null) {
                RowEnds.finish(Activation.NONE, residual, y, (long) from * out, (long) count * out);
            }
        });
    }

    static void gradient(Tensor x, Tensor w, Tensor dy, Tensor dx, Tensor dw, Tensor dbias) {
        if (dx != null) {
            inputGradient(w, dy, dx);
        }
        if (dw != null) {
            weightGradient(x, dy, dw);
        }
        if (dbias != null) {
            Reductions.sumRows(dy, dbias);
        }
    }

    /** dx = dy w. */
    private static void inputGradient(Tensor w, Tensor dy, Tensor dx) {
        int in = w.size(1);
        int out = w.size(0);
        int rows = dy.shape().rows();
        Matrix weights = Matrix.of(w.memory(), 0, in);
        if (OneDnn.isAvailable()) {
            ProductPlan.run(product(rows, in, out, dy, weights, dx), w, dy.memory(), null, null, dx.memory());
            return;
        }
        ProductCut cut = ProductCut.of(rows, in, out);
        Parallel.forEach(cut.rowPieces(), piece -> {
            int from = cut.row(piece);
            Matrix here = Matrix.of(dy.memory(), (long) from * out, out);
            Matrix result = Matrix.of(dx.memory(), (long) from * in, in);
            OpenBlas.multiply(cut.rowCount(piece), in, out, here, weights, false, result);
        });
    }

    /** dw (out, in) = dyᵀ x. The library's products of few columns are slow: then it is the transpose of xᵀ dy. */
    private static void weightGradient(Tensor x, Tensor dy, Tensor dw) {
        int out = dw.size(0);
        int in = dw.size(1);
        if (in < Math.min(out, NARROW)) {
            Tensor turned = Tensor.empty(Shape.of(in, out));
            sumOfProducts(x, dy, turned);
            BroadcastKernels.transpose(turned, new int[] {1, 0}, dw);
        } else {
            sumOfProducts(dy, x, dw);
        }
    }

    /** c = aᵀ b. */
    private static void sumOfProducts(Tensor a, Tensor b, Tensor c) {
        int rows = c.size(0);
        int columns = c.size(1);
        SummedProduct.transposed(
                a.shape().rows(),
                Matrix.of(a.memory(), 0, rows),
                rows,
                Matrix.of(b.memory(), 0, columns),
                columns,
                c.memory());
    }
}
