package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.bound;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import replklab.base.Parallel;
import replklab.tensor.Tensor;

/** A factor for each channel of rows, and its gradient. */
final class ChannelKernels {
    /** Elements a task, about. */
    private static final int PIECE = 1 << 15;

    private static final int PIECES = 128;

    private ChannelKernels() {}

    /** Cuts rows into pieces for the threads. */
    static void forRows(int rows, int channels, Lanes.Range body) {
        int pieces = Math.clamp((long) rows * channels / PIECE, 1, Math.min(rows, PIECES));
        Parallel.forEach(
                pieces, piece -> body.run(Parallel.cut(rows, pieces, piece), Parallel.cut(rows, pieces, piece + 1)));
    }

    static void scale(Tensor x, Tensor factors, Tensor y) {
        int channels = x.shape().channels();
        MemorySegment xs = x.memory();
        MemorySegment factor = factors.memory();
        MemorySegment ys = y.memory();
        forRows(x.shape().rows(), channels, (from, to) -> {
            for (long row = from; row < to; row++) {
                scaleRow(xs, row * channels, factor, ys, channels);
            }
        });
    }

    private static void scaleRow(MemorySegment xs, long at, MemorySegment factors, MemorySegment ys, int channels) {
        int c = 0;
        for (int whole = (int) bound(0, channels); c < whole; c += V) {
            store(load(xs, at + c).mul(load(factors, c)), ys, at + c);
        }
        if (c < channels) {
            VectorMask<Float> tail = before(c, channels);
            store(load(xs, at + c, tail).mul(load(factors, c, tail)), ys, at + c, tail);
        }
    }

    /** The sum over rows of x z: one number a channel. */
    static void sumOfProducts(Tensor x, Tensor z, Tensor sums) {
        int channels = x.shape().channels();
        MemorySegment xs = x.memory();
        MemorySegment zs = z.memory();
        ChannelSums products =
                ChannelSums.of(x.shape().rows(), channels, (fromRow, toRow, fromChannel, toChannel, first, second) -> {
                    for (int row = fromRow; row < toRow; row++) {
                        addProduct(xs, zs, (long) row * channels + fromChannel, toChannel - fromChannel, first);
                    }
                });
        for (int c = 0; c < channels; c++) {
            Lanes.set(sums.memory(), c, (float) products.first(c));
        }
    }

    /** {@code sums} are padded to whole vectors. */
    private static void addProduct(MemorySegment xs, MemorySegment zs, long at, int channels, MemorySegment sums) {
        int c = 0;
        for (int whole = (int) bound(0, channels); c < whole; c += V) {
            store(load(xs, at + c).fma(load(zs, at + c), load(sums, c)), sums, c);
        }
        if (c < channels) {
            VectorMask<Float> tail = before(c, channels);
            FloatVector sum = load(xs, at + c, tail).fma(load(zs, at + c, tail), load(sums, c));
            store(sum, sums, c);
        }
    }
}
