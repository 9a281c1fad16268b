package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.tensor.Activation;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;
import replklab.tensor.cpu.ThreadScratch.Operand;

/**
 * Pointwise convolution as matrix products over rows of channels, cut by shape: forward and for the input's gradient into
 * blocks of the result; for the weight gradient, which sums over rows, also into ranges of rows with a sum each, and these
 * are added in order.
 */
final class PointwiseKernels {
    /** So many columns of a weight gradient are few. */
    private static final int NARROW = 32;

    private PointwiseKernels() {}

    static void forward(
            Tensor x, Tensor w, Tensor bias, Activation activation, Tensor residual, OperandFormat format, Tensor y) {
        int in = w.size(1);
        int out = w.size(0);
        int rows = x.shape().rows();
        if (OneDnn.isAvailable()) {
            Matrix weights = Matrix.of(w.memory(), 0, in).transpose();
            Product product =
                    product(format, rows, out, in, weights, y).with(bias != null, activation, residual != null);
            ProductPlan.run(product, w, x.memory(), memory(bias), memory(residual), y.memory());
        } else {
            forwardByOpenBlas(format, x.memory(), w, memory(bias), activation, memory(residual), y.memory(), rows);
        }
    }

    /** The product of a tensor's rows and the weights. */
    private static Product product(OperandFormat format, int rows, int columns, int depth, Matrix weights, Tensor c) {
        return Product.ofRows(format, rows, columns, depth, weights, Matrix.of(c.memory(), 0, columns));
    }

    private static MemorySegment memory(Tensor tensor) {
        return tensor == null ? null : tensor.memory();
    }

    private static void forwardByOpenBlas(
            OperandFormat format,
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
        Matrix weights = format.matrix(w.memory(), 0, out, in, Operand.RIGHT).transpose();
        Parallel.forEach(cut.rowPieces(), piece -> {
            int from = cut.row(piece);
            int count = cut.rowCount(piece);
            Matrix result = Matrix.of(y, (long) from * out, out);
            Matrix here = format.matrix(x, (long) from * in, count, in, Operand.LEFT);
            Gemm.multiply(count, out, in, here, weights, bias, activation, result);
            if (residual != null) {
                RowEnds.finish(Activation.NONE, residual, y, (long) from * out, (long) count * out);
            }
        });
    }

    static void gradient(Tensor x, Tensor w, Tensor dy, OperandFormat format, Tensor dx, Tensor dw, Tensor dbias) {
        if (dx != null) {
            inputGradient(format, w, dy, dx);
        }
        if (dw != null) {
            weightGradient(format, x, dy, dw);
        }
        if (dbias != null) {
            Reductions.sumRows(dy, dbias);
        }
    }

    /** dx = dy w. */
    private static void inputGradient(OperandFormat format, Tensor w, Tensor dy, Tensor dx) {
        int in = w.size(1);
        int out = w.size(0);
        int rows = dy.shape().rows();
        if (OneDnn.isAvailable()) {
            Matrix weights = Matrix.of(w.memory(), 0, in);
            ProductPlan.run(product(format, rows, in, out, weights, dx), w, dy.memory(), null, null, dx.memory());
            return;
        }
        Matrix weights = format.matrix(w.memory(), 0, out, in, Operand.RIGHT);
        ProductCut cut = ProductCut.of(rows, in, out);
        Parallel.forEach(cut.rowPieces(), piece -> {
            int from = cut.row(piece);
            Matrix here = format.matrix(dy.memory(), (long) from * out, cut.rowCount(piece), out, Operand.LEFT);
            Matrix result = Matrix.of(dx.memory(), (long) from * in, in);
            OpenBlas.multiply(cut.rowCount(piece), in, out, here, weights, false, result);
        });
    }

    /** dw (out, in) = dyᵀ x. The library's products of few columns are slow: then it is the transpose of xᵀ dy. */
    private static void weightGradient(OperandFormat format, Tensor x, Tensor dy, Tensor dw) {
        int out = dw.size(0);
        int in = dw.size(1);
        if (in < Math.min(out, NARROW)) {
            Tensor turned = Tensor.empty(Shape.of(in, out));
            sumOfProducts(format, x, dy, turned);
            BroadcastKernels.transpose(turned, new int[] {1, 0}, dw);
        } else {
            sumOfProducts(format, dy, x, dw);
        }
    }

    /** c = aᵀ b. */
    private static void sumOfProducts(OperandFormat format, Tensor a, Tensor b, Tensor c) {
        SummedProduct.transposed(format, a.shape().rows(), a.memory(), c.size(0), b.memory(), c.size(1), c.memory());
    }
}
