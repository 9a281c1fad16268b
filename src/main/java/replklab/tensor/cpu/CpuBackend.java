package replklab.tensor.cpu;

import replklab.base.Parallel;
import replklab.tensor.ArrayOperation;
import replklab.tensor.ArrayOperation.Binary;
import replklab.tensor.ArrayOperation.Concatenate;
import replklab.tensor.ArrayOperation.ConcatenateGradient;
import replklab.tensor.ArrayOperation.MaxGradient;
import replklab.tensor.ArrayOperation.Reduce;
import replklab.tensor.ArrayOperation.Repeat;
import replklab.tensor.ArrayOperation.Slice;
import replklab.tensor.ArrayOperation.SliceGradient;
import replklab.tensor.ArrayOperation.Softmax;
import replklab.tensor.ArrayOperation.SoftmaxGradient;
import replklab.tensor.ArrayOperation.Transpose;
import replklab.tensor.Backend;
import replklab.tensor.ConvolutionOperation;
import replklab.tensor.ConvolutionOperation.Convolution;
import replklab.tensor.ConvolutionOperation.ConvolutionGradient;
import replklab.tensor.ConvolutionOperation.Depthwise;
import replklab.tensor.ConvolutionOperation.DepthwiseGradient;
import replklab.tensor.ConvolutionOperation.DepthwisePair;
import replklab.tensor.ConvolutionOperation.DepthwisePairGradient;
import replklab.tensor.ConvolutionOperation.Pointwise;
import replklab.tensor.ConvolutionOperation.PointwiseGradient;
import replklab.tensor.CustomCall;
import replklab.tensor.ElementwiseOperation;
import replklab.tensor.ElementwiseOperation.Activate;
import replklab.tensor.ElementwiseOperation.ActivationGradient;
import replklab.tensor.ElementwiseOperation.Apply;
import replklab.tensor.ElementwiseOperation.Combine;
import replklab.tensor.ElementwiseOperation.Fill;
import replklab.tensor.ElementwiseOperation.Gate;
import replklab.tensor.ElementwiseOperation.GateGradient;
import replklab.tensor.ElementwiseOperation.Multiply;
import replklab.tensor.ElementwiseOperation.ScaleChannels;
import replklab.tensor.ElementwiseOperation.ScaleChannelsGradient;
import replklab.tensor.ElementwiseOperation.ScaleImages;
import replklab.tensor.NormOperation;
import replklab.tensor.NormOperation.BatchNorm;
import replklab.tensor.NormOperation.BatchNormEvaluation;
import replklab.tensor.NormOperation.BatchNormEvaluationGradient;
import replklab.tensor.NormOperation.BatchNormGradient;
import replklab.tensor.NormOperation.LayerNorm;
import replklab.tensor.NormOperation.LayerNormGradient;
import replklab.tensor.Operation;
import replklab.tensor.OptimiserStep;
import replklab.tensor.Precision;
import replklab.tensor.Reduction;
import replklab.tensor.Reduction.CrossEntropy;
import replklab.tensor.Reduction.Sum;
import replklab.tensor.Reduction.SumOfSquares;
import replklab.tensor.SpaceOperation;
import replklab.tensor.SpaceOperation.AdaptiveAveragePool;
import replklab.tensor.SpaceOperation.AdaptiveAveragePoolGradient;
import replklab.tensor.SpaceOperation.GlobalAveragePool;
import replklab.tensor.SpaceOperation.GlobalAveragePoolGradient;
import replklab.tensor.SpaceOperation.MaxPool;
import replklab.tensor.SpaceOperation.MaxPoolGradient;
import replklab.tensor.SpaceOperation.Patches;
import replklab.tensor.SpaceOperation.PatchesGradient;
import replklab.tensor.SpaceOperation.ResizeBilinear;
import replklab.tensor.SpaceOperation.ResizeBilinearGradient;

/** The CPU implementation: Vector API kernels, and oneDNN or OpenBLAS, on native memory. */
public final class CpuBackend implements Backend {
    /** Made by the service loader. */
    public CpuBackend() {
        OneDnn.preload();
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "cpu (" + Lanes.SPECIES.vectorBitSize() + "-bit vectors, " + Parallel.threads() + " threads, "
                + (OneDnn.isAvailable() ? "oneDNN" : "OpenBLAS")
                + (OneDnn.multipliesBfloat16() ? ", bfloat16 products" : "") + ")";
    }

    @Override
    public boolean accelerates(Precision precision) {
        return precision == Precision.FLOAT32 || OneDnn.multipliesBfloat16();
    }

    @Override
    public void execute(Operation operation) {
        switch (operation) {
            case ConvolutionOperation convolution -> execute(convolution);
            case NormOperation norm -> execute(norm);
            case ElementwiseOperation elementwise -> execute(elementwise);
            case SpaceOperation space -> execute(space);
            case ArrayOperation array -> execute(array);
            case OptimiserStep step -> execute(step);
            case CustomCall call -> call.compute();
        }
    }

    @Override
    public double execute(Reduction reduction) {
        return switch (reduction) {
            case CrossEntropy(var logits, var targets, var dlogits) -> CrossEntropyKernel.run(logits, targets, dlogits);
            case Sum(var x) -> Reductions.sum(x);
            case SumOfSquares(var x) -> Reductions.sumOfSquares(x);
        };
    }

    private static void execute(ConvolutionOperation operation) {
        switch (operation) {
            case Pointwise(var x, var w, var bias, var activation, var residual, var precision, var y) ->
                PointwiseKernels.forward(x, w, bias, activation, residual, OperandFormat.of(precision), y);
            case PointwiseGradient(var x, var w, var dy, var precision, var dx, var dw, var dbias) ->
                PointwiseKernels.gradient(x, w, dy, OperandFormat.of(precision), dx, dw, dbias);
            case Depthwise(var x, var w, var bias, var stride, var dilation, var activation, var y) ->
                DepthwiseKernels.forward(x, w, bias, stride, dilation, activation, y);
            case DepthwiseGradient(var x, var w, var stride, var dilation, var dy, var dx, var dw, var dbias) ->
                DepthwiseKernels.gradient(x, w, stride, dilation, dy, dx, dw, dbias);
            case DepthwisePair(var x, var large, var small, var yLarge, var ySmall) ->
                DepthwiseKernels.forwardPair(x, large, small, yLarge, ySmall);
            case DepthwisePairGradient pair -> DepthwiseKernels.gradientPair(pair);
            case Convolution(var x, var w, var bias, var stride, var dilation, var activation, var precision, var y) ->
                ConvolutionKernels.forward(
                        ConvolutionOperation.shape(x, w.size(1), stride, dilation),
                        x,
                        w,
                        bias,
                        activation,
                        OperandFormat.of(precision),
                        y);
            case ConvolutionGradient(
                    var x,
                    var w,
                    var stride,
                    var dilation,
                    var dy,
                    var precision,
                    var dx,
                    var dw,
                    var dbias) ->
                ConvolutionKernels.gradient(
                        ConvolutionOperation.shape(x, w.size(1), stride, dilation),
                        x,
                        w,
                        dy,
                        OperandFormat.of(precision),
                        dx,
                        dw,
                        dbias);
        }
    }

    private static void execute(NormOperation operation) {
        switch (operation) {
            case BatchNorm(var x, var terms, var y) -> {
                BatchNormKernels.statistics(x, terms.mean(), terms.variance());
                BatchNormKernels.apply(x, terms, y);
            }
            case BatchNormGradient(var x, var terms, var dy, var dx, var dgamma, var dbeta) ->
                BatchNormKernels.gradient(x, terms, true, dy, dx, dgamma, dbeta);
            case BatchNormEvaluation(var x, var terms, var y) -> BatchNormKernels.apply(x, terms, y);
            case BatchNormEvaluationGradient(var x, var terms, var dy, var dx, var dgamma, var dbeta) ->
                BatchNormKernels.gradient(x, terms, false, dy, dx, dgamma, dbeta);
            case LayerNorm(var x, var gamma, var beta, var epsilon, var y) ->
                LayerNormKernels.forward(x, gamma, beta, epsilon, y);
            case LayerNormGradient(var x, var gamma, var epsilon, var dy, var dx, var dgamma, var dbeta) ->
                LayerNormKernels.gradient(x, gamma, epsilon, dy, dx, dgamma, dbeta);
        }
    }

    private static void execute(ElementwiseOperation operation) {
        switch (operation) {
            case Fill(var y, var value) -> ElementwiseKernels.fill(y, value);
            case Activate(var kind, var x, var y) -> ActivationKernels.forward(kind, x, y);
            case ActivationGradient(var kind, var x, var dy, var dx) -> ActivationKernels.gradient(kind, x, dy, dx);
            case Apply(var function, var x, var y) -> FunctionKernels.apply(function, x, y);
            case Combine(var a, var x, var b, var z, var y) -> ElementwiseKernels.combine(a, x, b, z, y);
            case Multiply(var x, var z, var y) -> ElementwiseKernels.multiply(x, z, y);
            case ScaleImages(var x, var factors, var y) -> ElementwiseKernels.scaleImages(x, factors, y);
            case Gate(var x, var gate, var y) -> SpaceKernels.gate(x, gate, y);
            case GateGradient(var x, var gate, var dy, var dx, var dgate) -> {
                if (dx != null) {
                    SpaceKernels.gate(dy, gate, dx);
                }
                if (dgate != null) {
                    SpaceKernels.gateWeightGradient(x, dy, dgate);
                }
            }
            case ScaleChannels(var x, var factors, var y) -> ChannelKernels.scale(x, factors, y);
            case ScaleChannelsGradient(var x, var factors, var dy, var dx, var dfactors) -> {
                if (dx != null) {
                    ChannelKernels.scale(dy, factors, dx);
                }
                if (dfactors != null) {
                    ChannelKernels.sumOfProducts(x, dy, dfactors);
                }
            }
        }
    }

    private static void execute(SpaceOperation operation) {
        switch (operation) {
            case GlobalAveragePool(var x, var y) -> SpaceKernels.globalAveragePool(x, y);
            case GlobalAveragePoolGradient(var dy, var dx) -> SpaceKernels.globalAveragePoolGradient(dy, dx);
            case ResizeBilinear(var x, var y) -> ResizeKernels.forward(x, y);
            case ResizeBilinearGradient(var dy, var dx) -> ResizeKernels.gradient(dy, dx);
            case AdaptiveAveragePool(var x, var y) -> AdaptivePoolKernels.forward(x, y);
            case AdaptiveAveragePoolGradient(var dy, var dx) -> AdaptivePoolKernels.gradient(dy, dx);
            case MaxPool(var x, var kernel, var stride, var padding, var y) ->
                MaxPoolKernels.forward(x, kernel, stride, padding, y);
            case MaxPoolGradient(var x, var kernel, var stride, var padding, var dy, var dx) ->
                MaxPoolKernels.gradient(x, kernel, stride, padding, dy, dx);
            case Patches(var x, var size, var y) -> PatchKernels.forward(x, size, y);
            case PatchesGradient(var dy, var size, var dx) -> PatchKernels.gradient(dy, size, dx);
        }
    }

    private static void execute(ArrayOperation operation) {
        switch (operation) {
            case Binary(var kind, var x, var z, var y) -> BroadcastKernels.binary(kind, x, z, y);
            case Repeat(var x, var y) -> BroadcastKernels.repeat(x, y);
            case Reduce(var kind, var x, var y) -> AxisReductions.reduce(kind, x, y);
            case MaxGradient(var x, var dy, var dx) -> AxisReductions.maxGradient(x, dy, dx);
            case Softmax(var x, var y) -> SoftmaxKernels.forward(x, y);
            case SoftmaxGradient(var y, var dy, var dx) -> SoftmaxKernels.gradient(y, dy, dx);
            case Transpose(var x, var axes, var y) -> BroadcastKernels.transpose(x, axes, y);
            case Slice(var x, var axis, var from, var y) -> AxisCopies.slice(x, axis, from, y);
            case SliceGradient(var dy, var axis, var from, var dx) -> AxisCopies.sliceGradient(dy, axis, from, dx);
            case Concatenate(var parts, var axis, var y) -> AxisCopies.concatenate(parts, axis, y);
            case ConcatenateGradient(var dy, var axis, var sizes, var dparts) ->
                AxisCopies.split(dy, axis, sizes, dparts);
        }
    }

    private static void execute(OptimiserStep step) {
        switch (step) {
            case OptimiserStep.Sgd(var w, var gradient, var velocity, var scale, var rate, var momentum, var decay) ->
                OptimiserKernels.sgd(w, gradient, velocity, scale, rate, momentum, decay);
            case OptimiserStep.AdamW(
                    var w,
                    var gradient,
                    var first,
                    var second,
                    var scale,
                    var rate,
                    var beta1,
                    var beta2,
                    var epsilon,
                    var decay,
                    var number) ->
                OptimiserKernels.adamW(w, gradient, first, second, scale, rate, beta1, beta2, epsilon, decay, number);
        }
    }
}
