package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.tensor.Tensor;

/** Softmax over the last axis. Sums are in double precision. */
final class SoftmaxKernels {
    private SoftmaxKernels() {}

    static void forward(Tensor x, Tensor y) {
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        int width = x.shape().channels();
        BroadcastKernels.forRows(x.shape(), row -> {
            long at = row * width;
            float highest = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < width; c++) {
                highest = Math.max(highest, Lanes.get(xs, at + c));
            }
            for (int c = 0; c < width; c++) {
                Lanes.set(ys, at + c, Lanes.get(xs, at + c) - highest); // none overflows, and one is 0
            }
        });
        FunctionKernels.exp(ys, ys, y.shape().elements());
        BroadcastKernels.forRows(x.shape(), row -> {
            long at = row * width;
            double sum = 0;
            for (int c = 0; c < width; c++) {
                sum += Lanes.get(ys, at + c);
            }
            for (int c = 0; c < width; c++) {
                Lanes.set(ys, at + c, (float) (Lanes.get(ys, at + c) / sum));
            }
        });
    }

    static void gradient(Tensor y, Tensor dy, Tensor dx) {
        MemorySegment ys = y.memory();
        MemorySegment dys = dy.memory();
        MemorySegment dxs = dx.memory();
        int width = y.shape().channels();
        BroadcastKernels.forRows(y.shape(), row -> {
            long at = row * width;
            double mean = 0;
            for (int c = 0; c < width; c++) {
                mean += (double) Lanes.get(ys, at + c) * Lanes.get(dys, at + c);
            }
            for (int c = 0; c < width; c++) {
                Lanes.set(dxs, at + c, (float) (Lanes.get(ys, at + c) * (Lanes.get(dys, at + c) - mean)));
            }
        });
    }
}
