package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import replklab.conv.Algorithm;
import replklab.conv.DepthwisePass;
import replklab.conv.DepthwisePlanner;
import replklab.conv.DepthwiseShape;
import replklab.conv.Epilogue;
import replklab.conv.PlannedDepthwise;
import replklab.conv.PreparedFilters;
import replklab.tensor.Activation;
import replklab.tensor.Backend;
import replklab.tensor.Tensor;

/** Depthwise convolution of tensors by what the planner chooses; frozen filters are prepared once. */
final class DepthwiseKernels {
    private static final PlannedDepthwise PLANNED = new PlannedDepthwise(DepthwisePlanner.current());

    private DepthwiseKernels() {}

    static DepthwiseShape shape(Tensor x, int kernel, int stride, int dilation) {
        return new DepthwiseShape(x.size(0), x.size(1), x.size(2), x.size(3), kernel, stride, dilation);
    }

    static void forward(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y) {
        DepthwiseShape s = shape(x, w.size(0), stride, dilation);
        MemorySegment shift = bias == null ? null : bias.memory();
        Epilogue epilogue = activation.isClamp()
                ? new Epilogue(shift, activation.lowest(), activation.highest())
                : Epilogue.bias(shift);
        // The planner is asked at each call: what it prefers may change while a model lives.
        if (w.isFrozen() && s.isDense()) {
            Algorithm form = PLANNED.prepares(s);
            try (PreparedFilters filters =
                    w.prepared(List.of(s.withBatch(1), form), () -> PLANNED.prepare(s, form, w.memory()))) {
                PLANNED.forward(s, x.memory(), w.memory(), filters, epilogue, y.memory());
            }
        } else {
            PLANNED.forward(s, x.memory(), w.memory(), epilogue, y.memory());
        }
        if (!activation.isClamp()) {
            ActivationKernels.forward(activation, y, y);
        }
    }

    static void gradient(Tensor x, Tensor w, int stride, int dilation, Tensor dy, Tensor dx, Tensor dw, Tensor dbias) {
        DepthwiseShape s = shape(x, w.size(0), stride, dilation);
        if (dx != null && dw != null) {
            PLANNED.gradients(s, x.memory(), dy.memory(), w.memory(), dx.memory(), dw.memory());
        } else if (dx != null) {
            PLANNED.inputGradient(s, dy.memory(), w.memory(), dx.memory());
        } else if (dw != null) {
            PLANNED.weightGradient(s, x.memory(), dy.memory(), dw.memory());
        }
        if (dbias != null) {
            Reductions.sumRows(dy, dbias);
        }
    }

    static void forwardPair(Tensor x, Tensor large, Tensor small, Tensor yLarge, Tensor ySmall) {
        PLANNED.forwardPair(
                shape(x, large.size(0), 1, 1),
                shape(x, small.size(0), 1, 1),
                x.memory(),
                large.memory(),
                small.memory(),
                yLarge.memory(),
                ySmall.memory());
    }

    /** Shares what can be shared if all gradients are wanted; else they are computed one kernel after the other. */
    static void gradientPair(
            Backend backend,
            Tensor x,
            Tensor large,
            Tensor small,
            Tensor dyLarge,
            Tensor dySmall,
            Tensor dx,
            Tensor dlarge,
            Tensor dsmall) {
        DepthwiseShape largeShape = shape(x, large.size(0), 1, 1);
        DepthwiseShape smallShape = shape(x, small.size(0), 1, 1);
        if (dx != null
                && dlarge != null
                && dsmall != null
                && PLANNED.sharesTransforms(largeShape, smallShape, DepthwisePass.GRADIENTS)) {
            PLANNED.gradientsPair(
                    largeShape,
                    smallShape,
                    x.memory(),
                    dyLarge.memory(),
                    dySmall.memory(),
                    large.memory(),
                    small.memory(),
                    dx.memory(),
                    dlarge.memory(),
                    dsmall.memory());
            return;
        }
        gradient(x, large, 1, 1, dyLarge, dx, dlarge, null);
        Tensor part = dx == null ? null : Tensor.empty(dx.shape());
        gradient(x, small, 1, 1, dySmall, part, dsmall, null);
        if (dx != null) {
            backend.combine(1, dx, 1, part, dx);
        }
    }
}
