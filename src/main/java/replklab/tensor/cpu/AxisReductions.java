package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import replklab.base.Parallel;
import replklab.tensor.ArrayOperation.Reduce;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Sums, means and maxima along axes. A task is a row of the output, for which all input rows that belong to it are passed in their
 * order; sums are in double precision.
 */
final class AxisReductions {
    private AxisReductions() {}

    static void reduce(Reduce.Kind kind, Tensor x, Tensor y) {
        Rows rows = new Rows(x.shape(), y.shape());
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        boolean along = y.shape().channels() < x.shape().channels();
        int width = y.shape().channels();
        long divisor =
                kind == Reduce.Kind.MEAN ? x.shape().elements() / y.shape().elements() : 1;
        Parallel.forEach(y.shape().rows(), outRow -> {
            double[] results = new double[width];
            Arrays.fill(results, kind == Reduce.Kind.MAX ? Double.NEGATIVE_INFINITY : 0);
            for (long i = 0; i < rows.perOutput(); i++) {
                long at = rows.at(outRow, i);
                for (int c = 0; c < rows.width(); c++) {
                    int to = along ? 0 : c;
                    float value = Lanes.get(xs, at + c);
                    results[to] = kind == Reduce.Kind.MAX ? Math.max(results[to], value) : results[to] + value;
                }
            }
            for (int c = 0; c < width; c++) {
                Lanes.set(ys, (long) outRow * width + c, (float) (results[c] / divisor));
            }
        });
    }

    static void maxGradient(Tensor x, Tensor dy, Tensor dx) {
        Rows rows = new Rows(x.shape(), dy.shape());
        MemorySegment xs = x.memory();
        MemorySegment dys = dy.memory();
        MemorySegment dxs = dx.memory();
        boolean along = dy.shape().channels() < x.shape().channels();
        int width = dy.shape().channels();
        ElementwiseKernels.fill(dx, 0);
        Parallel.forEach(dy.shape().rows(), outRow -> {
            float[] highest = new float[width];
            long[] places = new long[width];
            Arrays.fill(places, -1);
            for (long i = 0; i < rows.perOutput(); i++) {
                long at = rows.at(outRow, i);
                for (int c = 0; c < rows.width(); c++) {
                    int to = along ? 0 : c;
                    float value = Lanes.get(xs, at + c);
                    // The first NaN stays the highest, as in the forward pass.
                    if (places[to] < 0 || value > highest[to] || (Float.isNaN(value) && !Float.isNaN(highest[to]))) {
                        highest[to] = value;
                        places[to] = at + c;
                    }
                }
            }
            for (int c = 0; c < width; c++) {
                Lanes.set(dxs, places[c], Lanes.get(dys, (long) outRow * width + c));
            }
        });
    }

    /** The rows of an array, all axes but the last, by the row of the reduced array that they belong to. */
    private static final class Rows {
        private final Shape whole;
        private final Strides outer;
        private final Shape inner;
        private final Strides innerStrides;

        Rows(Shape whole, Shape reduced) {
            this.whole = whole;
            int[] kept = reduced.toArray();
            int[] gone = whole.toArray();
            int last = whole.rank() - 1;
            for (int axis = 0; axis < whole.rank(); axis++) {
                if (axis == last || kept[axis] == whole.size(axis)) {
                    gone[axis] = 1;
                }
            }
            // Each loop runs over one part of the axes, in steps of the whole array.
            this.outer = Strides.within(whole, kept);
            this.inner = Shape.of(gone);
            this.innerStrides = Strides.within(whole, gone);
        }

        int width() {
            return whole.channels();
        }

        long perOutput() {
            return inner.elements();
        }

        long at(long outRow, long i) {
            return outer.rowAt(outRow) + innerStrides.rowAt(i);
        }
    }
}
