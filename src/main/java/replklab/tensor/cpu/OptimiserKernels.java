package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.before;
import static replklab.tensor.cpu.Lanes.load;
import static replklab.tensor.cpu.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import replklab.tensor.Tensor;

/** Optimiser steps, each in one pass over the parameter and its state. Masked throughout: parameters are small. */
final class OptimiserKernels {
    private OptimiserKernels() {}

    static void sgd(Tensor w, Tensor gradient, Tensor velocity, float scale, float rate, float momentum, float decay) {
        MemorySegment ws = w.memory();
        MemorySegment gs = gradient.memory();
        MemorySegment vs = velocity.memory();
        Lanes.parallel(w.shape().elements(), (from, to) -> {
            for (long i = from; i < to; i += V) {
                VectorMask<Float> mask = before(i, to);
                FloatVector weight = load(ws, i, mask);
                FloatVector g = load(gs, i, mask).mul(scale).add(weight.mul(decay));
                FloatVector v = load(vs, i, mask).mul(momentum).add(g);
                store(v, vs, i, mask);
                store(weight.sub(v.mul(rate)), ws, i, mask);
            }
        });
    }

    static void adamW(
            Tensor w,
            Tensor gradient,
            Tensor first,
            Tensor second,
            float scale,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float decay,
            long step) {
        MemorySegment ws = w.memory();
        MemorySegment gs = gradient.memory();
        MemorySegment ms = first.memory();
        MemorySegment vs = second.memory();
        float correction1 = (float) (1 / (1 - Math.pow(beta1, (double) step)));
        float correction2 = (float) (1 / (1 - Math.pow(beta2, (double) step)));
        Lanes.parallel(w.shape().elements(), (from, to) -> {
            for (long i = from; i < to; i += V) {
                VectorMask<Float> mask = before(i, to);
                FloatVector g = load(gs, i, mask).mul(scale);
                FloatVector m = load(ms, i, mask).mul(beta1).add(g.mul(1 - beta1));
                FloatVector v = load(vs, i, mask).mul(beta2).add(g.mul(g).mul(1 - beta2));
                store(m, ms, i, mask);
                store(v, vs, i, mask);
                FloatVector update =
                        m.mul(correction1).div(v.mul(correction2).sqrt().add(epsilon));
                FloatVector weight = load(ws, i, mask).mul(1 - rate * decay);
                store(weight.sub(update.mul(rate)), ws, i, mask);
            }
        });
    }
}
