package replklab.analysis;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import replklab.nn.Layer;
import replklab.tensor.Backend;
import replklab.tensor.Shape;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * Parameters and multiply-accumulates of a network in the form it is in, counted while a forward pass names its operations to a
 * backend that computes nothing. So every layer is counted, a user's own ones too.
 *
 * <p>As the paper's "FLOPs", MACs are those of convolutions and linear layers, products with the padding's zeros included;
 * norms, activations and pooling count as none.
 *
 * @param parameters trained values
 * @param operations of one forward pass, in its order
 */
public record NetworkCosts(long parameters, List<Operation> operations) {
    /**
     * One operation.
     *
     * @param kind such as {@code "depthwise 31x31"} or {@code "pointwise"}, as in {@link LayerTimes}
     * @param macs multiply-accumulates
     * @param output its shape; images are (n, h, w, c)
     */
    public record Operation(String kind, long macs, Shape output) {}

    public NetworkCosts {
        operations = List.copyOf(operations);
    }

    /**
     * Counts.
     *
     * @param network in evaluation mode, merged or folded as one likes
     * @param input of the forward pass, such as (1, 224, 224, 3)
     */
    public static NetworkCosts of(Layer network, int... input) {
        List<Operation> operations = new ArrayList<>();
        Backend counting = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    long taps = taps(method, arguments);
                    if (taps > 0) {
                        Shape output = ((Tensor) arguments[arguments.length - 1]).shape();
                        String kind = LayerKind.of(method.getName(), arguments);
                        operations.add(new Operation(kind, taps * output.elements(), output));
                    }
                    return method.getReturnType() == double.class ? 0.0 : null;
                });
        Backend.with(counting, () -> {
            try (Tape _ = Tape.inference()) {
                network.forward(Tensor.empty(Shape.of(input)));
            }
        });
        return new NetworkCosts(network.parameterCount(), operations);
    }

    /** Multiply-accumulates that one value of the output takes; the output is every operation's last argument. */
    private static long taps(Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "pointwise" -> sizes(arguments[1], 1); // (out, in)
            case "depthwise" -> sizes(arguments[1], 0, 1); // (kernel, kernel, channels)
            case "depthwisePair" -> sizes(arguments[1], 0, 1) + sizes(arguments[2], 0, 1);
            case "convolution" -> sizes(arguments[1], 1, 2, 3); // (out, kernel, kernel, in)
            default -> 0;
        };
    }

    private static long sizes(Object filters, int... axes) {
        long product = 1;
        for (int axis : axes) {
            product *= ((Tensor) filters).size(axis);
        }
        return product;
    }

    /** All multiply-accumulates of the pass. */
    public long macs() {
        return macs("");
    }

    /** Those of the kinds whose name begins with {@code prefix}. */
    public long macs(String prefix) {
        return operations.stream()
                .filter(operation -> operation.kind().startsWith(prefix))
                .mapToLong(Operation::macs)
                .sum();
    }
}
