package replklab.model;

import java.util.LinkedHashMap;
import java.util.Map;
import replklab.nn.Layer;
import replklab.tensor.Tensor;

/**
 * Structural re-parameterisation of whole networks (the paper's guideline 3 and Ding et al. 2021): wherever a {@link
 * LargeKernel} sits, its two convolutions and their norms become one convolution.
 */
final class Reparameterisation {
    private Reparameterisation() {}

    /**
     * What a network with merged kernels has for parameters and buffers, by dotted name, to be loaded into one. The tensors
     * that are not merged are the network's own; those that are, are marked as replaced.
     */
    static Map<String, Tensor> mergedState(Layer network) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        network.state().forEach((name, variable) -> state.put(name, variable.tensor()));
        merge("", network, state);
        return state;
    }

    private static void merge(String prefix, Layer layer, Map<String, Tensor> state) {
        if (layer instanceof LargeKernel kernel) {
            kernel.state().keySet().forEach(name -> state.remove(prefix + name));
            kernel.parameters().values().forEach(Tensor::markReplaced);
            LargeKernel.Equivalent equivalent = kernel.equivalent();
            state.put(prefix + "lkb_reparam.weight", equivalent.weight());
            state.put(prefix + "lkb_reparam.bias", equivalent.bias());
            return;
        }
        layer.children().forEach((name, child) -> merge(prefix + name + ".", child, state));
    }
}
