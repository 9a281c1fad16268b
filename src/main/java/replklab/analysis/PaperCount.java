package replklab.analysis;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import replklab.analysis.NetworkCosts.Operation;

/**
 * What the paper counts of a network: parameters in the form it deploys, and multiply-accumulates.
 *
 * @param parameters trained values, after the norms that the paper folds were folded
 * @param macs multiply-accumulates of one image
 * @param additions one for each bias of a convolution's output and two for each value that goes through a norm of its own. The
 *     paper's UperNet columns contain them, its others don't
 */
record PaperCount(long parameters, long macs, long additions) {
    /** As a network is trained: every parameter. */
    static PaperCount trained(NetworkCosts costs) {
        return new PaperCount(costs.parameters(), costs.macs(), 0);
    }

    /** With every batch norm folded into a convolution: filters and a bias an output channel. */
    static PaperCount folded(NetworkCosts costs) {
        return new PaperCount(filters(costs), costs.macs(), outputs(costs));
    }

    /** With the norms after convolutions folded; those before pointwise convolutions stay norms. */
    static PaperCount fused(NetworkCosts costs) {
        List<Operation> left = costs.norms().stream()
                .filter(norm -> !norm.layer().endsWith(".bn"))
                .toList();
        long parameters = left.stream().mapToLong(norm -> 2 * norm.weights()).sum();
        long operations =
                left.stream().mapToLong(norm -> 2 * norm.output().elements()).sum();
        return new PaperCount(filters(costs) + parameters, costs.macs(), outputs(costs) + operations);
    }

    private static long filters(NetworkCosts costs) {
        Set<String> counted = new HashSet<>();
        return costs.operations().stream()
                .filter(operation -> counted.add(operation.layer()))
                .mapToLong(operation -> operation.weights() + operation.output().channels())
                .sum();
    }

    private static long outputs(NetworkCosts costs) {
        return costs.operations().stream()
                .mapToLong(operation -> operation.output().elements())
                .sum();
    }
}
