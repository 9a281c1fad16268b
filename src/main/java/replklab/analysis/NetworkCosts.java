package replklab.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import replklab.nn.Layer;
import replklab.tensor.Backend;
import replklab.tensor.LookingBackend;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Parameters and multiply-accumulates of a network in the form it is in (as it is trained, merged or folded), counted while a
 * forward pass names its operations to a backend that computes nothing. So every layer is counted, a user's own ones too.
 *
 * <p>As the paper's "FLOPs", MACs are those of convolutions and linear layers, products with the padding's zeros included;
 * norms, activations and pooling count as none.
 *
 * @param parameters values that inference needs: those that training moves by gradient and, in a folded network, what became
 *     of them; running statistics are not among them
 * @param operations the convolutions and linear layers of one forward pass, in its order
 * @param norms its norms, which have no multiply-accumulates
 * @param layers every layer that has parameters or multiply-accumulates, in the network's order
 */
public record NetworkCosts(
        long parameters, List<Operation> operations, List<Operation> norms, List<LayerCosts> layers) {
    /**
     * A convolution, linear layer or norm.
     *
     * @param layer dotted name of the layer whose weight it multiplies with; empty if that belongs to no layer
     * @param kind such as {@code "depthwise 31x31"} or {@code "pointwise"}, as in {@link LayerTimes}
     * @param weights values in its filters, without bias; of a norm in its scale
     * @param macs multiply-accumulates; a norm has none
     * @param output its shape; images are (n, h, w, c)
     */
    public record Operation(String layer, String kind, long weights, long macs, Shape output) {}

    /**
     * A layer's costs.
     *
     * @param name dotted, as in weight files
     * @param kind of its operations; empty for one that is none of these, such as layer scale
     * @param parameters its own, without those of the layers it is made of
     * @param macs of all its operations in one pass
     */
    public record LayerCosts(String name, String kind, long parameters, long macs) {}

    public NetworkCosts {
        operations = List.copyOf(operations);
        norms = List.copyOf(norms);
        layers = List.copyOf(layers);
    }

    /**
     * Counts.
     *
     * @param network in evaluation mode, merged or folded as one likes
     * @param input of the forward pass, such as (1, 224, 224, 3)
     */
    public static NetworkCosts of(Layer network, int... input) {
        // A layer may hand a reshape of its weight to the backend: it is known by its memory.
        Map<Object, String> owners = new HashMap<>();
        Map<String, Long> parameters = new LinkedHashMap<>();
        network.state().forEach((name, variable) -> {
            if (!name.endsWith("running_mean") && !name.endsWith("running_var")) {
                String layer = name.substring(0, Math.max(0, name.lastIndexOf('.')));
                owners.put(variable.tensor().memoryKey(), layer);
                parameters.merge(layer, variable.tensor().shape().elements(), Long::sum);
            }
        });
        List<Operation> operations = new ArrayList<>();
        Backend counting = new LookingBackend(
                operation -> CountedOperation.of(operation).forEach(each -> operations.add(each.named(owners))));
        Backend.with(counting, () -> network.forward(Tensor.empty(Shape.of(input))));
        long all = parameters.values().stream().mapToLong(Long::longValue).sum();
        Map<Boolean, List<Operation>> multiplies =
                operations.stream().collect(Collectors.partitioningBy(operation -> operation.macs > 0));
        return new NetworkCosts(all, multiplies.get(true), multiplies.get(false), layers(parameters, operations));
    }

    private static List<LayerCosts> layers(Map<String, Long> parameters, List<Operation> operations) {
        Map<String, LayerCosts> layers = new LinkedHashMap<>();
        parameters.forEach((name, count) -> layers.put(name, new LayerCosts(name, "", count, 0)));
        for (Operation operation : operations) {
            layers.merge(
                    operation.layer,
                    new LayerCosts(operation.layer, operation.kind, 0, operation.macs),
                    (a, b) -> new LayerCosts(a.name, b.kind, a.parameters + b.parameters, a.macs + b.macs));
        }
        return List.copyOf(layers.values());
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
