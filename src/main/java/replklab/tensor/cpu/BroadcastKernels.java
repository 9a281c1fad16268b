package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import replklab.tensor.ArrayOperation.Binary;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/** Loops over the rows of an output whose inputs lie elsewhere: repeated along axes, or with axes in another order. */
final class BroadcastKernels {
    private BroadcastKernels() {}

    static void binary(Binary.Arithmetic kind, Tensor x, Tensor z, Tensor y) {
        Strides xStrides = Strides.repeated(x.shape(), y.shape());
        Strides zStrides = Strides.repeated(z.shape(), y.shape());
        MemorySegment xs = x.memory();
        MemorySegment zs = z.memory();
        MemorySegment ys = y.memory();
        boolean xRepeats = xStrides.last() == 0;
        boolean zRepeats = zStrides.last() == 0;
        int width = y.shape().channels();
        forRows(y.shape(), row -> {
            long xAt = xStrides.rowAt(row);
            long zAt = zStrides.rowAt(row);
            for (int c = 0; c < width; c += V) {
                VectorMask<Float> mask = before(c, width);
                FloatVector a = operand(xs, xAt, xRepeats, c, mask);
                FloatVector b = operand(zs, zAt, zRepeats, c, mask);
                FloatVector result = switch (kind) {
                    case ADD -> a.add(b);
                    case SUBTRACT -> a.sub(b);
                    case MULTIPLY -> a.mul(b);
                    case DIVIDE -> a.div(b);
                };
                store(result, ys, row * width + c, mask);
            }
        });
    }

    private static FloatVector operand(MemorySegment memory, long at, boolean repeats, int c, VectorMask<Float> mask) {
        return repeats ? FloatVector.broadcast(SPECIES, Lanes.get(memory, at)) : load(memory, at + c, mask);
    }

    static void repeat(Tensor x, Tensor y) {
        gather(x, Strides.repeated(x.shape(), y.shape()), y);
    }

    static void transpose(Tensor x, int[] axes, Tensor y) {
        gather(x, Strides.transposed(x.shape(), axes), y);
    }

    private static void gather(Tensor x, Strides strides, Tensor y) {
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        int width = y.shape().channels();
        long step = strides.last();
        forRows(y.shape(), row -> {
            long from = strides.rowAt(row);
            long to = row * width;
            if (step == 1) {
                MemorySegment.copy(xs, from * Float.BYTES, ys, to * Float.BYTES, (long) width * Float.BYTES);
                return;
            }
            for (int c = 0; c < width; c++) {
                Lanes.set(ys, to + c, Lanes.get(xs, from + c * step));
            }
        });
    }

    /** What is done for one row. */
    @FunctionalInterface
    interface Row {
        void run(long row);
    }

    static void forRows(Shape shape, Row body) {
        ChannelKernels.forRows(shape.rows(), shape.channels(), (from, to) -> {
            for (long row = from; row < to; row++) {
                body.run(row);
            }
        });
    }
}
