package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import replklab.conv.Algorithm;
import replklab.conv.ConvolutionShape;
import replklab.conv.DepthwisePass;
import replklab.conv.DepthwisePlanner;
import replklab.conv.Epilogue;
import replklab.conv.PlannedDepthwise;
import replklab.conv.PreparedFilters;
import replklab.tensor.Activation;
import replklab.tensor.ConvolutionOperation;
import replklab.tensor.ConvolutionOperation.DepthwisePairGradient;
import replklab.tensor.Tensor;

/** Depthwise convolution of tensors by what the planner chooses; frozen filters are prepared once. */
final class DepthwiseKernels {
    private static final PlannedDepthwise PLANNED = new PlannedDepthwise(DepthwisePlanner.current());

    private DepthwiseKernels() {}

    static void forward(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y) {
        ConvolutionShape s = ConvolutionOperation.shape(x, w.size(0), stride, dilation);
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
        ConvolutionShape s = ConvolutionOperation.shape(x, w.size(0), stride, dilation);
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
                ConvolutionOperation.shape(x, large.size(0), 1, 1),
                ConvolutionOperation.shape(x, small.size(0), 1, 1),
                x.memory(),
                large.memory(),
                small.memory(),
                yLarge.memory(),
                ySmall.memory());
    }

    /** Shares what can be shared if all gradients are wanted; else they are computed one kernel after the other. */
    static void gradientPair(DepthwisePairGradient p) {
        ConvolutionShape large = ConvolutionOperation.shape(p.x(), p.large().size(0), 1, 1);
        ConvolutionShape small = ConvolutionOperation.shape(p.x(), p.small().size(0), 1, 1);
        if (p.dx() != null
                && p.dlarge() != null
                && p.dsmall() != null
                && PLANNED.sharesTransforms(large, small, DepthwisePass.GRADIENTS)) {
            PLANNED.gradientsPair(
                    large,
                    small,
                    p.x().memory(),
                    p.dyLarge().memory(),
                    p.dySmall().memory(),
                    p.large().memory(),
                    p.small().memory(),
                    p.dx().memory(),
                    p.dlarge().memory(),
                    p.dsmall().memory());
            return;
        }
        gradient(p.x(), p.large(), 1, 1, p.dyLarge(), p.dx(), p.dlarge(), null);
        Tensor part = p.dx() == null ? null : Tensor.empty(p.dx().shape());
        gradient(p.x(), p.small(), 1, 1, p.dySmall(), part, p.dsmall(), null);
        if (part != null) {
            ElementwiseKernels.combine(1, p.dx(), 1, part, p.dx());
        }
    }
}
