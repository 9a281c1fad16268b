package replklab.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import replklab.base.LabException;
import replklab.data.Normalization;
import replklab.data.Preprocessing;
import replklab.model.Architecture;
import replklab.model.Checkpoints;
import replklab.model.NetworkNotes;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetTrunk;
import replklab.nn.Layer;
import replklab.tensor.Shape;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * A network out of a weights file.
 *
 * @param file that has its weights
 * @param network in evaluation mode
 * @param architecture that it is of
 * @param replknet the same network where it is a RepLKNet
 * @param notes what the file says of it, if anything
 */
record NetworkFile(
        Path file,
        Layer network,
        Architecture architecture,
        Optional<RepLKNetTrunk> replknet,
        Optional<NetworkNotes> notes) {
    /** The same with merged kernels. */
    NetworkFile merged() {
        if (replknet.isPresent()) {
            RepLKNetTrunk merged = replknet.get().merged();
            return new NetworkFile(file, merged.layer(), architecture, Optional.of(merged), notes);
        }
        return new NetworkFile(file, Checkpoints.merged(architecture, network), architecture, replknet, notes);
    }

    /** The network as a RepLKNet. */
    RepLKNetTrunk requireReplknet(String option) {
        return replknet.orElseThrow(() -> new LabException(
                option + " is for RepLKNets, and " + file + " holds a network that is " + architecture.name()));
    }

    /** The network, if it has logits. */
    Layer classifier() {
        if (replknet.isPresent() && replknet.get() instanceof RepLKNetBackbone) {
            throw new LabException(file
                    + " holds a RepLKNet's backbone, which has no logits; --features of predict and export asks for its"
                    + " last stage's output");
        }
        return network;
    }

    int inputChannels() {
        return architecture.inputChannels();
    }

    /** How many logits it gives for an image of this size. */
    int classes(int height, int width) {
        try (Tape _ = Tape.inference()) {
            Shape logits = classifier()
                    .forward(Tensor.zeros(1, height, width, inputChannels()))
                    .shape();
            if (logits.rank() != 2) {
                throw new LabException(architecture.name() + " gives " + logits + ", no logits (n, classes)");
            }
            return logits.toArray()[1];
        }
    }

    /** The names of so many classes: the file's, or numbers. */
    List<String> classNames(int count) {
        return notes.map(NetworkNotes::classes)
                .filter(names -> names.size() == count)
                .orElseGet(() ->
                        IntStream.range(0, count).mapToObj(c -> "class " + c).toList());
    }

    /** How its images were normalised, as far as that is known: by its notes, or as ImageNet's are. */
    Optional<Normalization> normalization() {
        if (notes.isPresent()) {
            return Optional.of(new Normalization(notes.get().mean(), notes.get().std()));
        }
        if (inputChannels() != Normalization.IMAGENET.channels()) {
            return Optional.empty();
        }
        return Optional.of(
                replknet.map(trunk -> Preprocessing.of(trunk.config(), 1).normalization())
                        .orElse(Normalization.IMAGENET));
    }
}
