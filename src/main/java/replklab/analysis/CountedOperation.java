package replklab.analysis;

import java.util.List;
import java.util.Map;
import replklab.analysis.NetworkCosts.Operation;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * A backend's convolution or norm, as a call of it says.
 *
 * @param kind what it is called where layers are told apart by kind
 * @param weight its filters; of a norm its scale
 * @param taps multiply-accumulates that one value of the output takes; of a norm none
 * @param output its shape
 */
record CountedOperation(String kind, Tensor weight, long taps, Shape output) {
    /**
     * The operations of a call: one for most, two for a pair, none for anything else. The output is every operation's last
     * argument.
     */
    static List<CountedOperation> of(String method, Object[] arguments) {
        return switch (method) {
            case "pointwise" -> List.of(one("pointwise", arguments, 1)); // (out, in)
            case "depthwise" ->
                List.of(one(LayerKind.of(method, arguments), arguments, 0, 1)); // (kernel, kernel, channels)
            case "depthwisePair" ->
                List.of(pairPart(arguments, (Tensor) arguments[1]), pairPart(arguments, (Tensor) arguments[2]));
            case "convolution" -> // (out, kernel, kernel, in)
                List.of(one(LayerKind.of(method, arguments), arguments, 1, 2, 3));
            case "batchNorm", "batchNormEvaluation" ->
                List.of(norm(method, ((BatchNormTerms) arguments[1]).gamma(), arguments));
            case "layerNorm" -> List.of(norm(method, (Tensor) arguments[1], arguments));
            default -> List.of();
        };
    }

    private static CountedOperation one(String kind, Object[] arguments, int... axes) {
        Tensor weight = (Tensor) arguments[1];
        long taps = 1;
        for (int axis : axes) {
            taps *= weight.size(axis);
        }
        return new CountedOperation(kind, weight, taps, ((Tensor) arguments[arguments.length - 1]).shape());
    }

    private static CountedOperation norm(String method, Tensor gamma, Object[] arguments) {
        Shape output = ((Tensor) arguments[arguments.length - 1]).shape();
        return new CountedOperation(LayerKind.of(method, arguments), gamma, 0, output);
    }

    private static CountedOperation pairPart(Object[] arguments, Tensor weight) {
        return one(
                LayerKind.of("depthwise", new Object[] {arguments[0], weight}),
                new Object[] {arguments[0], weight, arguments[arguments.length - 1]},
                0,
                1);
    }

    /** With the name of the layer that owns the memory of the weight. */
    Operation named(Map<Long, String> owners) {
        String layer = owners.getOrDefault(weight.memory().address(), "");
        return new Operation(layer, kind, weight.shape().elements(), taps * output.elements(), output);
    }
}
