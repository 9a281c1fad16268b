package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.VectorMask;
import replklab.tensor.ElementwiseOperation.Apply;
import replklab.tensor.Tensor;

/** Functions of single elements that are no activations. */
final class FunctionKernels {
    /** Elements that are copied before their exponentials are taken. */
    private static final int BLOCK = 1 << 10;

    private FunctionKernels() {}

    static void apply(Apply.Function function, Tensor x, Tensor y) {
        MemorySegment xs = x.memory();
        MemorySegment ys = y.memory();
        long elements = x.shape().elements();
        switch (function) {
            case EXP -> exp(xs, ys, elements);
            case SQRT ->
                Lanes.parallel(elements, (from, to) -> {
                    for (long i = from; i < to; i += V) {
                        VectorMask<Float> mask = before(i, to);
                        store(load(xs, i, mask).sqrt(), ys, i, mask);
                    }
                });
            case LOG ->
                Lanes.parallel(elements, (from, to) -> {
                    for (long i = from; i < to; i++) {
                        Lanes.set(ys, i, (float) Math.log(Lanes.get(xs, i)));
                    }
                });
        }
    }

    /** {@code ys} may be {@code xs}. */
    static void exp(MemorySegment xs, MemorySegment ys, long elements) {
        Lanes.parallel(elements, (from, to) -> {
            MemorySegment scratch = ThreadScratch.get(BLOCK);
            for (long at = from; at < to; at += BLOCK) {
                long count = Math.min(BLOCK, to - at);
                MemorySegment.copy(xs, at * Float.BYTES, scratch, 0, count * Float.BYTES);
                Exponential.run(scratch, 0, Lanes.roundedUp(count));
                MemorySegment.copy(scratch, 0, ys, at * Float.BYTES, count * Float.BYTES);
            }
        });
    }
}
