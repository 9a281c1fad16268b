package replklab.analysis;

import java.util.Locale;
import replklab.tensor.Tensor;

/** What a backend's operation is called where layers are told apart by kind. */
final class LayerKind {
    private LayerKind() {}

    /**
     * Operation and gradient are of one kind; a convolution over space says its kernel size, which its filters have.
     *
     * @param method of {@link replklab.tensor.Backend}
     * @param arguments of the call
     */
    static String of(String method, Object[] arguments) {
        String operation = method.replace("Gradient", "");
        if (operation.equals("depthwisePair")
                && arguments[1] instanceof Tensor large
                && arguments[2] instanceof Tensor small) {
            return "depthwise " + side(large.size(0)) + " and " + side(small.size(0));
        }
        if (operation.startsWith("depthwise") && arguments[1] instanceof Tensor w) {
            return "depthwise " + side(w.size(0));
        }
        if (operation.startsWith("convolution") && arguments[1] instanceof Tensor w) {
            return "convolution " + side(w.size(1));
        }
        if (operation.startsWith("pointwise")) {
            return "pointwise";
        }
        if (operation.startsWith("batchNorm")) {
            return "batch norm";
        }
        return switch (operation) {
            case "globalAveragePool", "adaptiveAveragePool" -> "pooling";
            case "crossEntropy" -> "loss";
            case "combine", "multiply", "gate", "scaleImages", "scaleChannels", "activation" -> "elementwise";
            default -> operation.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        };
    }

    private static String side(int kernel) {
        return kernel + "x" + kernel;
    }
}
