package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.ORDER;
import static replklab.tensor.cpu.Lanes.SPECIES;
import static replklab.tensor.cpu.Lanes.V;
import static replklab.tensor.cpu.Lanes.bound;
import static replklab.tensor.cpu.Lanes.get;
import static replklab.tensor.cpu.Lanes.set;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import replklab.tensor.Tensor;

/**
 * Optimiser steps, each in one pass over the parameter and its state: a loop over whole vectors, and the same arithmetic
 * once more for the elements that are left.
 */
final class OptimiserKernels {
    private OptimiserKernels() {}

    static void sgd(Tensor w, Tensor gradient, Tensor velocity, float scale, float rate, float momentum, float decay) {
        MemorySegment ws = w.memory();
        MemorySegment gs = gradient.memory();
        MemorySegment vs = velocity.memory();
        Lanes.parallel(w.shape().elements(), (from, to) -> {
            long whole = bound(from, to);
            sgd(ws, gs, vs, scale, rate, momentum, decay, from, whole);
            for (long i = whole; i < to; i++) {
                float weight = get(ws, i);
                float v = get(vs, i) * momentum + (get(gs, i) * scale + weight * decay);
                set(vs, i, v);
                set(ws, i, weight - v * rate);
            }
        });
    }

    private static void sgd(
            MemorySegment ws,
            MemorySegment gs,
            MemorySegment vs,
            float scale,
            float rate,
            float momentum,
            float decay,
            long from,
            long to) {
        for (long i = from; i < to; i += V) {
            long at = i * Float.BYTES;
            FloatVector weight = FloatVector.fromMemorySegment(SPECIES, ws, at, ORDER);
            FloatVector g =
                    FloatVector.fromMemorySegment(SPECIES, gs, at, ORDER).mul(scale);
            FloatVector v =
                    FloatVector.fromMemorySegment(SPECIES, vs, at, ORDER).mul(momentum);
            v = v.add(g.add(weight.mul(decay)));
            v.intoMemorySegment(vs, at, ORDER);
            weight.sub(v.mul(rate)).intoMemorySegment(ws, at, ORDER);
        }
    }

    /** What a step of AdamW is made of. */
    private record Adam(
            float scale,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float shrink,
            float correction1,
            float correction2) {}

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
        Adam adam = new Adam(
                scale,
                rate,
                beta1,
                beta2,
                epsilon,
                1 - rate * decay,
                (float) (1 / (1 - Math.pow(beta1, (double) step))),
                (float) (1 / (1 - Math.pow(beta2, (double) step))));
        Lanes.parallel(w.shape().elements(), (from, to) -> {
            long whole = bound(from, to);
            adamW(adam, ws, gs, ms, vs, from, whole);
            for (long i = whole; i < to; i++) {
                float g = get(gs, i) * adam.scale;
                float m = get(ms, i) * adam.beta1 + g * (1 - adam.beta1);
                float v = get(vs, i) * adam.beta2 + g * g * (1 - adam.beta2);
                set(ms, i, m);
                set(vs, i, v);
                float update = m * adam.correction1 / ((float) Math.sqrt(v * adam.correction2) + adam.epsilon);
                set(ws, i, get(ws, i) * adam.shrink - update * adam.rate);
            }
        });
    }

    private static void adamW(
            Adam adam, MemorySegment ws, MemorySegment gs, MemorySegment ms, MemorySegment vs, long from, long to) {
        FloatVector fresh1 = FloatVector.broadcast(SPECIES, 1 - adam.beta1);
        FloatVector fresh2 = FloatVector.broadcast(SPECIES, 1 - adam.beta2);
        for (long i = from; i < to; i += V) {
            long at = i * Float.BYTES;
            FloatVector g =
                    FloatVector.fromMemorySegment(SPECIES, gs, at, ORDER).mul(adam.scale);
            FloatVector m = FloatVector.fromMemorySegment(SPECIES, ms, at, ORDER)
                    .mul(adam.beta1)
                    .add(g.mul(fresh1));
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, vs, at, ORDER)
                    .mul(adam.beta2)
                    .add(g.mul(g).mul(fresh2));
            m.intoMemorySegment(ms, at, ORDER);
            v.intoMemorySegment(vs, at, ORDER);
            FloatVector update =
                    m.mul(adam.correction1).div(v.mul(adam.correction2).sqrt().add(adam.epsilon));
            FloatVector.fromMemorySegment(SPECIES, ws, at, ORDER)
                    .mul(adam.shrink)
                    .sub(update.mul(adam.rate))
                    .intoMemorySegment(ws, at, ORDER);
        }
    }
}
