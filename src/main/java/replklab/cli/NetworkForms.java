package replklab.cli;

import java.util.Optional;
import replklab.analysis.NetworkCosts;
import replklab.model.KernelForm;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.model.RepLKNetName;
import replklab.nn.Initialisation;
import replklab.tensor.Shape;

/**
 * What a RepLKNet costs in each of its forms.
 *
 * @param arch its name
 * @param trained as it is trained; empty if only merged weights are there, from which nobody can tell
 * @param merged with merged kernels
 * @param foldedParameters with every batch norm folded into a convolution
 */
record NetworkForms(String arch, Optional<NetworkCosts> trained, NetworkCosts merged, long foldedParameters) {
    /**
     * Counts; weights matter to none of it.
     *
     * @param config the network
     * @param form the form that it is known in
     * @param resolution side of the image
     */
    static NetworkForms of(RepLKNetConfig config, KernelForm form, int resolution) {
        RepLKNet merged = new RepLKNet(config, KernelForm.MERGED, Initialisation.undefined());
        Optional<NetworkCosts> trained = form == KernelForm.MERGED
                ? Optional.empty()
                : Optional.of(costs(new RepLKNet(config, KernelForm.TRAINING, Initialisation.undefined()), resolution));
        return new NetworkForms(RepLKNetName.of(config), trained, costs(merged, resolution), folded(merged));
    }

    /** Folding leaves of each convolution its weight and one bias for each output. */
    private static long folded(RepLKNet merged) {
        return merged.state().values().stream()
                .filter(variable -> variable.tensor().shape().rank() > 1)
                .mapToLong(variable -> {
                    Shape shape = variable.tensor().shape();
                    return shape.elements() + variable.layout().fileShape(shape).size(0);
                })
                .sum();
    }

    private static NetworkCosts costs(RepLKNet network, int resolution) {
        return NetworkCosts.of(
                network, 1, resolution, resolution, network.config().inputChannels());
    }

    /** The form that the network was given in. */
    NetworkCosts first() {
        return trained.orElse(merged);
    }
}
