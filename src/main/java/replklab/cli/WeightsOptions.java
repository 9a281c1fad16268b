package replklab.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import replklab.base.LabException;
import replklab.model.Architecture;
import replklab.model.Checkpoints;
import replklab.model.Checkpoints.Filled;
import replklab.model.Checkpoints.Loaded;
import replklab.model.Checkpoints.Part;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetTrunk;
import replklab.nn.Layer;

/** The weights that a command works on: a classifier's or a backbone's. */
final class WeightsOptions {
    @Option(
            names = "--weights",
            paramLabel = "F",
            required = true,
            description = "A RepLKNet's weights: the authors' .pth, or .safetensors.")
    private Path file;

    @Option(
            names = "--backbone",
            description =
                    "Take only the backbone out of F, such as out of a segmentation network's file. What is left out"
                            + " is listed.")
    private boolean backbone;

    @Mixin
    private WhichOption which;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    Path file() {
        return file;
    }

    RepLKNetTrunk load() {
        Loaded loaded = Checkpoints.load(file, part(backbone), which.name());
        WhichOption.tell(command, loaded.choice(), loaded.leftOut());
        return loaded.network();
    }

    /** A backbone of any architecture with F's weights; a head that F has besides is left out without a word. */
    Layer backbone(Architecture architecture) {
        Filled filled = Checkpoints.fill(architecture, file, Part.BACKBONE, which.name());
        WhichOption.tell(command, filled.choice(), List.of());
        return filled.network();
    }

    /** Writes the weights with merged kernels. */
    RepLKNetTrunk merge(Path output) {
        Loaded merged = Checkpoints.merge(file, output, part(backbone), which.name());
        WhichOption.tell(command, merged.choice(), merged.leftOut());
        return merged.network();
    }

    /** The network, if it has logits. */
    RepLKNet classifier(RepLKNetTrunk network) {
        return switch (network) {
            case RepLKNet classifier -> classifier;
            case RepLKNetBackbone _ ->
                throw new LabException(file + " gives a backbone, which has no logits; --features asks for its last"
                        + " stage's output");
        };
    }

    static Part part(boolean backbone) {
        return backbone ? Part.BACKBONE : Part.ALL;
    }
}
