package replklab.cli;

import java.util.Optional;
import replklab.analysis.NetworkCosts;
import replklab.model.KernelForm;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetName;

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
     * Counts.
     *
     * @param network in either form
     * @param resolution side of the image
     */
    static NetworkForms of(RepLKNet network, int resolution) {
        boolean isMerged = network.form() == KernelForm.MERGED;
        RepLKNet merged = isMerged ? network : network.merged();
        long folded = merged.folded().state().values().stream()
                .mapToLong(variable -> variable.tensor().shape().elements())
                .sum();
        return new NetworkForms(
                RepLKNetName.of(network.config()),
                isMerged ? Optional.empty() : Optional.of(costs(network, resolution)),
                costs(merged, resolution),
                folded);
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
