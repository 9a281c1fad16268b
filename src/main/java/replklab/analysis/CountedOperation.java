package replklab.analysis;

import java.util.List;
import java.util.Map;
import replklab.analysis.NetworkCosts.Operation;
import replklab.tensor.ConvolutionOperation.Convolution;
import replklab.tensor.ConvolutionOperation.Depthwise;
import replklab.tensor.ConvolutionOperation.DepthwisePair;
import replklab.tensor.ConvolutionOperation.Pointwise;
import replklab.tensor.CustomCall;
import replklab.tensor.NormOperation.BatchNorm;
import replklab.tensor.NormOperation.BatchNormEvaluation;
import replklab.tensor.NormOperation.LayerNorm;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * A convolution or norm that a network asks for, or a user's operation that has multiply-accumulates.
 *
 * @param kind what it is called where layers are told apart by kind
 * @param weight its filters; of a norm its scale; null for none
 * @param macs multiply-accumulates; of a norm none
 * @param output its shape
 */
record CountedOperation(String kind, Tensor weight, long macs, Shape output) {
    /** What counts of an operation: one thing for most, two for a pair, none for anything else. */
    static List<CountedOperation> of(replklab.tensor.Operation operation) {
        String kind = LayerKind.of(operation);
        return switch (operation) {
            case Pointwise op -> List.of(convolution(kind, op.w(), op.w().size(1), op.y()));
            case Depthwise op -> List.of(depthwise(op.w(), op.y()));
            case DepthwisePair op -> List.of(depthwise(op.large(), op.yLarge()), depthwise(op.small(), op.ySmall()));
            case Convolution op ->
                List.of(convolution(
                        kind, op.w(), op.w().shape().elements() / op.w().size(0), op.y()));
            case BatchNorm op ->
                List.of(new CountedOperation(kind, op.terms().gamma(), 0, op.y().shape()));
            case BatchNormEvaluation op ->
                List.of(new CountedOperation(kind, op.terms().gamma(), 0, op.y().shape()));
            case LayerNorm op ->
                List.of(new CountedOperation(kind, op.gamma(), 0, op.y().shape()));
            case CustomCall op ->
                op.macs() == 0
                        ? List.of()
                        : List.of(new CountedOperation(
                                kind, null, op.macs(), op.y().shape()));
            default -> List.of();
        };
    }

    /** @param taps multiply-accumulates that one value of the output takes */
    private static CountedOperation convolution(String kind, Tensor w, long taps, Tensor y) {
        return new CountedOperation(kind, w, taps * y.shape().elements(), y.shape());
    }

    private static CountedOperation depthwise(Tensor w, Tensor y) {
        return convolution(LayerKind.depthwise(w), w, (long) w.size(0) * w.size(1), y);
    }

    /** With the name of the layer that owns the memory of the weight. */
    Operation named(Map<Object, String> owners) {
        return weight == null
                ? new Operation("", kind, 0, macs, output)
                : new Operation(
                        owners.getOrDefault(weight.memoryKey(), ""),
                        kind,
                        weight.shape().elements(),
                        macs,
                        output);
    }
}
