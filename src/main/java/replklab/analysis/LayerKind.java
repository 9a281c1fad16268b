package replklab.analysis;

import java.util.Locale;
import replklab.tensor.ArrayOperation;
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
import replklab.tensor.ElementwiseOperation.Fill;
import replklab.tensor.NormOperation;
import replklab.tensor.NormOperation.LayerNorm;
import replklab.tensor.NormOperation.LayerNormGradient;
import replklab.tensor.Operation;
import replklab.tensor.OptimiserStep;
import replklab.tensor.Reduction;
import replklab.tensor.SpaceOperation;
import replklab.tensor.SpaceOperation.Patches;
import replklab.tensor.SpaceOperation.PatchesGradient;
import replklab.tensor.SpaceOperation.ResizeBilinear;
import replklab.tensor.SpaceOperation.ResizeBilinearGradient;
import replklab.tensor.Tensor;

/** What an operation is called where layers are told apart by kind. An operation and its gradient are of one kind. */
final class LayerKind {
    private LayerKind() {}

    /** A convolution over space says its kernel size. */
    static String of(Operation operation) {
        return switch (operation) {
            case Pointwise _, PointwiseGradient _ -> "pointwise";
            case Depthwise depthwise -> depthwise(depthwise.w());
            case DepthwiseGradient gradient -> depthwise(gradient.w());
            case DepthwisePair(var _, var large, var small, var _, var _) -> pair(large, small);
            case DepthwisePairGradient gradient -> pair(gradient.large(), gradient.small());
            case Convolution convolution -> convolution(convolution.w());
            case ConvolutionGradient gradient -> convolution(gradient.w());
            case LayerNorm _, LayerNormGradient _ -> "layer norm";
            case NormOperation _ -> "batch norm";
            case Fill _ -> "fill";
            case ElementwiseOperation _ -> "elementwise";
            case ResizeBilinear _, ResizeBilinearGradient _ -> "resize bilinear";
            case Patches _, PatchesGradient _ -> "patches";
            case SpaceOperation _ -> "pooling";
            case ArrayOperation array -> words(array);
            case OptimiserStep step -> words(step) + " step";
            case CustomCall call -> call.operation().name();
        };
    }

    static String of(Reduction reduction) {
        return switch (reduction) {
            case Reduction.CrossEntropy _ -> "loss";
            case Reduction.Sum _, Reduction.SumOfSquares _ -> words(reduction);
        };
    }

    /** {@code "sum of squares"} for a SumOfSquares. */
    private static String words(Object operation) {
        return operation
                .getClass()
                .getSimpleName()
                .replaceAll("Gradient$", "")
                .replaceAll("(?<=[a-z])([A-Z])", " $1")
                .toLowerCase(Locale.ROOT);
    }

    static String depthwise(Tensor w) {
        return "depthwise " + side(w.size(0));
    }

    private static String pair(Tensor large, Tensor small) {
        return depthwise(large) + " and " + side(small.size(0));
    }

    private static String convolution(Tensor w) {
        return "convolution " + side(w.size(1));
    }

    private static String side(int kernel) {
        return kernel + "x" + kernel;
    }
}
