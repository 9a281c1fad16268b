package replklab.cli;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import replklab.analysis.NetworkCosts;
import replklab.analysis.NetworkCosts.Operation;
import replklab.model.Architecture;
import replklab.model.KernelForm;
import replklab.nn.Initialisation;
import replklab.tensor.Tape;

/**
 * What a network costs in each of its forms.
 *
 * @param arch its name
 * @param trained as it is trained; empty if only merged weights are there, from which nobody can tell
 * @param merged with merged kernels, as it is used
 * @param foldedParameters with every batch norm folded into a convolution
 */
record NetworkForms(String arch, Optional<NetworkCosts> trained, NetworkCosts merged, long foldedParameters) {
    /** The extra norm on a backbone's map alone: there is no convolution to fold it into. */
    private static final Pattern EXTRA_NORM = Pattern.compile("(.*\\.)?stages\\.\\d+\\.norm");

    /**
     * Counts; weights matter to none of it.
     *
     * @param form the form that the network is known in
     * @param height of the image
     * @param width of the image
     */
    static NetworkForms of(Architecture architecture, KernelForm form, int height, int width) {
        NetworkCosts merged = costs(architecture, KernelForm.MERGED, height, width);
        Optional<NetworkCosts> trained = form == KernelForm.MERGED
                ? Optional.empty()
                : Optional.of(costs(architecture, KernelForm.TRAINING, height, width));
        return new NetworkForms(architecture.name(), trained, merged, folded(merged));
    }

    /** Folding leaves of each convolution its weight and one bias for each output; layer norms and extra norms stay. */
    private static long folded(NetworkCosts merged) {
        Set<String> counted = new HashSet<>();
        long convolutions = merged.operations().stream()
                .filter(operation -> counted.add(operation.layer()))
                .mapToLong(operation -> operation.weights() + operation.output().channels())
                .sum();
        long norms = merged.norms().stream()
                .filter(NetworkForms::stays)
                .mapToLong(norm -> 2 * norm.weights())
                .sum();
        return convolutions + norms;
    }

    private static boolean stays(Operation norm) {
        return norm.kind().equals("layer norm")
                || EXTRA_NORM.matcher(norm.layer()).matches();
    }

    private static NetworkCosts costs(Architecture architecture, KernelForm form, int height, int width) {
        NetworkCosts costs = NetworkCosts.of(
                architecture.network(form, Initialisation.undefined()), 1, height, width, architecture.inputChannels());
        Tape.releaseMemory(); // maps of these sizes will not come again
        return costs;
    }

    /** The form that the network was given in. */
    NetworkCosts first() {
        return trained.orElse(merged);
    }
}
