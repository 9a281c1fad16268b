package replklab.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import replklab.base.LabException;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Tensor;
import replklab.weights.Weights;
import replklab.weights.WeightsFile;
import replklab.weights.WeightsFile.Choice;

/**
 * RepLKNets out of weights files: the authors' ({@code .pth}) and safetensors, merged or not, classifiers and backbones, the
 * backbone within a segmentation or detection network's file too. The architecture is read off the names and shapes of the
 * weights.
 */
public final class Checkpoints {
    /** How many elements a network may have for each in its file: enough to name everything that is missing. */
    private static final long MAX_GROWTH = 16;

    /** How the name of a merged kernel's weight ends. */
    private static final String MERGED_WEIGHT = ".lkb_reparam.weight";

    /** What of a file is read. */
    public enum Part {
        /** Everything; what is not the network's is an error. */
        ALL,
        /** The backbone; a head, or the network around it, is left out. */
        BACKBONE
    }

    /**
     * What was read.
     *
     * @param network in evaluation mode: a classifier if the file has a head that was wanted, else a backbone that gives the
     *     maps of all stages. Its drop path is 0, which no weights tell; a merged one's small kernel, too
     * @param choice which weights of the file
     * @param leftOut what of them was not, such as {@code "decode_head.* (41 tensors)"}
     */
    public record Loaded(RepLKNetTrunk network, Choice choice, List<String> leftOut) {
        public Loaded {
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * What a file holds.
     *
     * @param architecture of its network
     * @param form whether the kernels are merged
     * @param choice as in {@link Loaded}
     * @param leftOut as in {@link Loaded}
     */
    public record Described(Architecture architecture, KernelForm form, Choice choice, List<String> leftOut) {
        public Described {
            leftOut = List.copyOf(leftOut);
        }
    }

    /** A network that has the right sizes, and the tensors of a file that are its own. */
    private record Opened(RepLKNetInference inferred, RepLKNetTrunk network, SelectedWeights weights) {}

    private Checkpoints() {}

    /**
     * A classifier with a file's weights, in evaluation mode. Its drop path is 0, which no weights tell; a merged one's small
     * kernel, too.
     *
     * @throws LabException naming the file and what is wrong with it: what is missing, surplus or of another shape all at once
     */
    public static RepLKNet load(Path file) {
        return classifier(load(file, Part.ALL).network, file);
    }

    /**
     * What was read, if it has logits.
     *
     * @param file is named in the message
     * @throws LabException if it is a backbone
     */
    public static RepLKNet classifier(RepLKNetTrunk network, Path file) {
        return switch (network) {
            case RepLKNet classifier -> classifier;
            case RepLKNetBackbone _ ->
                throw new LabException("weights file " + file
                        + " holds a RepLKNet's backbone: it lacks head.weight, and" + " gives features but no logits");
        };
    }

    /** The same for a classifier or a backbone. */
    public static Loaded load(Path file, Part part) {
        return load(file, part, "");
    }

    /**
     * The same for some weights of several in the file.
     *
     * @param which weights of several in the file, such as {@code "model_ema"}; empty for the usual ones
     */
    public static Loaded load(Path file, Part part, String which) {
        try (WeightsFile all = WeightsFile.open(file, which)) {
            Opened opened = open(all, file, part, Initialisation.zeros());
            Weights.fill(opened.network.layer(), opened.weights, file);
            return new Loaded(opened.network, all.choice(), opened.weights.leftOut());
        }
    }

    /**
     * What was read for a network whose architecture is known.
     *
     * @param network in evaluation mode
     * @param choice as in {@link Loaded}
     * @param leftOut as in {@link Loaded}
     */
    public record Filled(Layer network, Choice choice, List<String> leftOut) {
        public Filled {
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * A network of any architecture with a file's weights, such as those that an experiment's run kept.
     *
     * @param which as in {@link #load(Path, Part, String)}
     * @param part {@link Part#BACKBONE} leaves out what the network does not have
     * @throws LabException naming the file and what is wrong with it
     */
    public static Filled fill(Architecture architecture, Path file, Part part, String which) {
        try (WeightsFile all = WeightsFile.open(file, which)) {
            return fill(architecture, all, file, part);
        }
    }

    private static Filled fill(Architecture architecture, WeightsFile all, Path file, Part part) {
        SelectedWeights whole = SelectedWeights.classifier(all);
        Layer network =
                architecture.network(form(whole), bounded(Initialisation.zeros(), all, file, architecture.name()));
        SelectedWeights own = part == Part.ALL ? whole : whole.only(network);
        Weights.fill(network, own, file);
        return new Filled(network.train(false), all.choice(), own.leftOut());
    }

    private static KernelForm form(SelectedWeights weights) {
        return weights.sources().keySet().stream().anyMatch(name -> name.endsWith(MERGED_WEIGHT))
                ? KernelForm.MERGED
                : KernelForm.TRAINING;
    }

    /**
     * As {@link #merge(Path, Path, Part, String)} for a network whose architecture is known.
     *
     * @throws LabException also for a network of the user's own, of which nobody knows a merged form
     */
    public static Filled merge(Architecture architecture, Path file, Path merged, String which) {
        try (WeightsFile all = WeightsFile.open(file, which)) {
            Filled filled = fill(architecture, all, file, Part.ALL);
            Layer network = merged(architecture, filled.network());
            Weights.save(network, Weights.counters(network, SelectedWeights.classifier(all)), merged, all.metadata());
            return new Filled(network, filled.choice(), filled.leftOut());
        }
    }

    /** A network with merged kernels and a copy of another's weights, whose kernels may be merged already. */
    public static Layer merged(Architecture architecture, Layer network) {
        Layer merged = architecture.network(KernelForm.MERGED, Initialisation.undefined());
        Map<String, Tensor> state = Reparameterisation.mergedState(network);
        if (!merged.state().keySet().equals(state.keySet())) {
            throw new LabException(architecture.name() + " has no form with merged kernels: it is made by code of"
                    + " somebody's own");
        }
        merged.load(state);
        return merged.train(false);
    }

    /** What a file holds: as {@link #load(Path, Part, String)} with all its checks, but no numbers are read. */
    public static Described describe(Path file, Part part, String which) {
        try (WeightsFile all = WeightsFile.open(file, which)) {
            Opened opened = open(all, file, part, Initialisation.undefined());
            Weights.requireMatch(opened.network.layer(), opened.weights, file);
            return new Described(
                    opened.inferred.architecture(), opened.inferred.form(), all.choice(), opened.weights.leftOut());
        }
    }

    /** The same for a network whose architecture is known. */
    public static Described describe(Architecture architecture, Path file, String which) {
        try (WeightsFile all = WeightsFile.open(file, which)) {
            SelectedWeights whole = SelectedWeights.classifier(all);
            KernelForm form = form(whole);
            Weights.requireMatch(
                    architecture.network(form, bounded(Initialisation.undefined(), all, file, architecture.name())),
                    whole,
                    file);
            return new Described(architecture, form, all.choice(), List.of());
        }
    }

    /**
     * Structural re-parameterisation (the paper's guideline 3) from file to file: writes safetensors with the authors' names
     * for merged weights. PyTorch's counters of steps go along where their norms remain.
     *
     * @return the merged network
     * @throws LabException if one file cannot be read, or the other cannot be written
     */
    public static Loaded merge(Path file, Path merged, Part part, String which) {
        try (WeightsFile all = WeightsFile.open(file, which)) {
            Opened opened = open(all, file, part, Initialisation.zeros());
            Weights.fill(opened.network.layer(), opened.weights, file);
            RepLKNetTrunk network = opened.network.merged();
            Weights.save(network.layer(), Weights.counters(network.layer(), opened.weights), merged, all.metadata());
            return new Loaded(network, all.choice(), opened.weights.leftOut());
        }
    }

    private static Opened open(WeightsFile all, Path file, Part part, Initialisation start) {
        SelectedWeights inner = part == Part.ALL ? SelectedWeights.classifier(all) : SelectedWeights.backbone(all);
        if (part == Part.ALL && !inner.leftOut().isEmpty()) {
            throw new LabException("weights file " + file + " holds a network around a backbone: besides "
                    + SelectedWeights.WRAPPER + "* there are " + String.join(", ", inner.leftOut())
                    + "; the backbone alone can be taken out (--backbone)");
        }
        RepLKNetInference inferred = RepLKNetInference.of(inner.tensors(), file);
        RepLKNetTrunk network =
                inferred.network(bounded(start, all, file, inferred.config().toString()));
        SelectedWeights own = part == Part.ALL ? inner : inner.only(network.layer());
        return new Opened(inferred, network, own);
    }

    private static Initialisation bounded(Initialisation start, WeightsFile weights, Path file, String network) {
        long elements = weights.tensors().values().stream()
                .mapToLong(WeightsFile.Info::elements)
                .sum();
        return new BoundedInitialisation(
                start,
                MAX_GROWTH * elements,
                "weights file " + file + " describes a network of more than " + MAX_GROWTH + " times the " + elements
                        + " numbers that it holds: " + network);
    }
}
