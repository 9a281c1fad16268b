package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.base.Parallel;
import replklab.tensor.Tensor;

/** Squares of pixels to pixels and back: a row of a square is one run of memory in both. A task is a row of squares. */
final class PatchKernels {
    private PatchKernels() {}

    /** Moves the run of {@code bytes} bytes at {@code image} in the images to {@code patch} in the patches, or back. */
    @FunctionalInterface
    private interface Run {
        void move(long image, long patch, long bytes);
    }

    static void forward(Tensor x, int size, Tensor y) {
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        forRuns(x, size, y, (image, patch, bytes) -> MemorySegment.copy(xs, image, ys, patch, bytes));
    }

    static void gradient(Tensor dy, int size, Tensor dx) {
        MemorySegment dys = dy.memory();
        MemorySegment dxs = dx.memory();
        if (dx.size(1) % size != 0 || dx.size(2) % size != 0) {
            ElementwiseKernels.fill(dx, 0); // the pixels that were left out
        }
        forRuns(dx, size, dy, (image, patch, bytes) -> MemorySegment.copy(dys, patch, dxs, image, bytes));
    }

    private static void forRuns(Tensor image, int size, Tensor patches, Run run) {
        long pixel = (long) image.size(3) * Float.BYTES;
        int rows = patches.size(1);
        Parallel.forEach(patches.size(0) * rows, line -> {
            long top = (long) (line / rows) * image.size(1) + (long) (line % rows) * size;
            long patch = (long) line * patches.size(2) * size * size * pixel;
            for (int column = 0; column < patches.size(2); column++) {
                for (int y = 0; y < size; y++) {
                    run.move(((top + y) * image.size(2) + (long) column * size) * pixel, patch, size * pixel);
                    patch += size * pixel;
                }
            }
        });
    }
}
