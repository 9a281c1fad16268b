package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import replklab.base.Parallel;
import replklab.tensor.Tensor;

/**
 * Max pooling. A task of the forward pass is a row of outputs, one of the gradient an image's vector of channels: windows overlap,
 * and no two tasks may write the same pixels.
 */
final class MaxPoolKernels {
    private static final FloatVector LOWEST = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    private static final VectorMask<Float> ALL = SPECIES.maskAll(true);

    private MaxPoolKernels() {}

    /** A window's pixels that lie in the image; {@code bottom} and {@code right} are one beyond. */
    private record Window(int top, int bottom, int left, int right) {
        static Window of(Tensor x, int kernel, int stride, int padding, int row, int column) {
            int top = row * stride - padding;
            int left = column * stride - padding;
            return new Window(
                    Math.max(0, top),
                    Math.min(x.size(1), top + kernel),
                    Math.max(0, left),
                    Math.min(x.size(2), left + kernel));
        }

        FloatVector highest(Tensor x, MemorySegment xs, int n, int c, VectorMask<Float> mask) {
            FloatVector highest = LOWEST;
            for (int i = top; i < bottom; i++) {
                for (int j = left; j < right; j++) {
                    highest = highest.max(load(xs, at(x, n, i, j) + c, mask));
                }
            }
            return highest;
        }
    }

    static void forward(Tensor x, int kernel, int stride, int padding, Tensor y) {
        int channels = x.size(3);
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        Parallel.forEach(y.size(0) * y.size(1), line -> {
            int n = line / y.size(1);
            int row = line % y.size(1);
            for (int column = 0; column < y.size(2); column++) {
                Window window = Window.of(x, kernel, stride, padding, row, column);
                long to = at(y, n, row, column);
                for (int c = 0; c < channels; c += V) {
                    VectorMask<Float> mask = c + V <= channels ? ALL : before(c, channels);
                    store(window.highest(x, xs, n, c, mask), ys, to + c, mask);
                }
            }
        });
    }

    static void gradient(Tensor x, int kernel, int stride, int padding, Tensor dy, Tensor dx) {
        int channels = x.size(3);
        MemorySegment xs = x.memory();
        MemorySegment dys = dy.memory();
        MemorySegment dxs = dx.memory();
        ElementwiseKernels.fill(dx, 0);
        SpaceKernels.forColumns(x.size(0), channels, (n, c, some) -> {
            VectorMask<Float> mask = some == null ? ALL : some;
            for (int row = 0; row < dy.size(1); row++) {
                for (int column = 0; column < dy.size(2); column++) {
                    Window window = Window.of(x, kernel, stride, padding, row, column);
                    FloatVector highest = window.highest(x, xs, n, c, mask);
                    FloatVector share = load(dys, at(dy, n, row, column) + c, mask);
                    VectorMask<Float> open = mask;
                    for (int i = window.top; i < window.bottom && open.anyTrue(); i++) {
                        for (int j = window.left; j < window.right && open.anyTrue(); j++) {
                            long pixel = at(x, n, i, j) + c;
                            FloatVector value = load(xs, pixel, mask);
                            VectorMask<Float> here = value.compare(VectorOperators.EQ, highest)
                                    .or(value.test(VectorOperators.IS_NAN))
                                    .and(open);
                            store(load(dxs, pixel, here).add(share), dxs, pixel, here);
                            open = open.andNot(here);
                        }
                    }
                }
            }
        });
    }

    private static long at(Tensor image, int n, int row, int column) {
        return (((long) n * image.size(1) + row) * image.size(2) + column) * image.size(3);
    }
}
