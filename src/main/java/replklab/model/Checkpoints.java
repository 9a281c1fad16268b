package replklab.model;

import java.nio.file.Path;
import replklab.base.LabException;

/**
 * RepLKNets out of weights files: the authors' ({@code .pth}) and safetensors, merged or not. The architecture is read off
 * the names and shapes of the weights.
 */
public final class Checkpoints {
    /** How many elements a network may have for each in its file: enough to name everything that is missing. */
    private static final long MAX_GROWTH = 16;

    private Checkpoints() {}

    /**
     * A network with a file's weights, in evaluation mode. Its drop path is 0, which no weights tell; a merged one's small
     * kernel, too.
     *
     * @throws LabException naming the file and what is wrong with it: what is missing, surplus or of another shape all at once
     */
    public static RepLKNet load(Path file) {
        try (WeightsFile weights = WeightsFile.open(file)) {
            return load(weights, file);
        }
    }

    static RepLKNet load(WeightsFile weights, Path file) {
        RepLKNetInference inferred = RepLKNetInference.of(weights.tensors(), file);
        long elements = weights.tensors().values().stream()
                .mapToLong(WeightsFile.Info::elements)
                .sum();
        RepLKNet network = new RepLKNet(
                inferred.config(),
                inferred.form(),
                new BoundedZeros(
                        MAX_GROWTH * elements,
                        "weights file " + file + " describes a network of more than " + MAX_GROWTH + " times the "
                                + elements + " numbers that it holds: " + inferred.config()));
        Weights.fill(network, weights, file);
        return network;
    }

    /**
     * Structural re-parameterisation (the paper's guideline 3) from file to file: writes safetensors with the authors' names
     * for merged weights. PyTorch's counters of steps go along where their norms remain.
     *
     * @return the merged network
     * @throws LabException if one file cannot be read, or the other cannot be written
     */
    public static RepLKNet merge(Path file, Path merged) {
        try (WeightsFile weights = WeightsFile.open(file)) {
            RepLKNet network = load(weights, file).merged();
            Weights.save(network, Weights.counters(network, weights), merged, weights.metadata());
            return network;
        }
    }
}
