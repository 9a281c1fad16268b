package replklab.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.model.Architecture;
import replklab.model.Checkpoints;
import replklab.model.Checkpoints.Filled;
import replklab.model.Checkpoints.Loaded;
import replklab.model.Checkpoints.Part;
import replklab.model.NetworkNotes;
import replklab.model.UnknownNetworkException;
import replklab.nn.Layer;

/** The weights that a command works on, and whose they are. */
final class WeightsOptions {
    /** Images of a network of which nobody says more, in pixels. */
    private static final int USUAL_SIZE = 224;

    @Option(
            names = "--weights",
            paramLabel = "F",
            required = true,
            description = "A network's weights: the authors' .pth, a run's .safetensors, or others.")
    private Path file;

    @Option(
            names = "--model",
            paramLabel = "ARCH",
            description =
                    "The network whose weights F has, a name as of ./lab model info. A run's file says it by itself,"
                            + " and a RepLKNet is known by its weights.")
    private String model;

    @Mixin
    private ClassPathOption classPath;

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

    /** The network with its weights. */
    NetworkFile load() {
        Optional<NetworkNotes> notes = NetworkNotes.of(file, which.name());
        Optional<Architecture> named = named(notes);
        if (named.isPresent()) {
            Filled filled = Checkpoints.fill(named.get(), file, Part.ALL, which.name());
            WhichOption.tell(command, filled.choice(), filled.leftOut());
            return new NetworkFile(file, filled.network(), named.get(), Optional.empty(), notes);
        }
        Loaded loaded = told(() -> Checkpoints.load(file, part(backbone), which.name()));
        WhichOption.tell(command, loaded.choice(), loaded.leftOut());
        return new NetworkFile(
                file,
                loaded.network().layer(),
                Architecture.of(loaded.network()),
                Optional.of(loaded.network()),
                notes);
    }

    /** The architecture where the weights need not tell it: that of the option, or the notes' unless it is a RepLKNet. */
    private Optional<Architecture> named(Optional<NetworkNotes> notes) {
        if (model != null && backbone) {
            throw new UsageException(
                    "--backbone takes a RepLKNet's out of a larger network; leave it out with --model");
        }
        if (model == null) {
            return notes.flatMap(known -> known.unlikeRepLKNet(classPath.classes()));
        }
        return Optional.of(Architecture.parse(
                model,
                classPath.classes(),
                notes.map(NetworkNotes::height).orElse(USUAL_SIZE),
                notes.map(NetworkNotes::width).orElse(USUAL_SIZE)));
    }

    /** The name of a network that is no RepLKNet; empty for one that is. */
    Optional<String> otherModel() {
        return named(NetworkNotes.of(file, which.name())).map(Architecture::name);
    }

    /** The last stage's map of a network that is no RepLKNet, for images of this size; what F has besides is left out silently. */
    Layer backboneOf(String name, int height, int width) {
        Architecture architecture = Architecture.backboneOf(name, classPath.classes(), height, width);
        Filled filled = Checkpoints.fill(architecture, file, Part.BACKBONE, which.name());
        WhichOption.tell(command, filled.choice(), List.of());
        return filled.network();
    }

    /** Channels of the images that such a network takes. */
    int channelsOf(String name) {
        return Architecture.backboneOf(name, classPath.classes(), 1, 1).inputChannels();
    }

    /** Writes the weights with merged kernels. */
    Layer merge(Path output) {
        Optional<Architecture> named = named(NetworkNotes.of(file, which.name()));
        if (named.isPresent()) {
            Filled merged = Checkpoints.merge(named.get(), file, output, which.name());
            WhichOption.tell(command, merged.choice(), merged.leftOut());
            return merged.network();
        }
        Loaded merged = told(() -> Checkpoints.merge(file, output, part(backbone), which.name()));
        WhichOption.tell(command, merged.choice(), merged.leftOut());
        return merged.network().layer();
    }

    private static Loaded told(Supplier<Loaded> reading) {
        try {
            return reading.get();
        } catch (UnknownNetworkException e) {
            throw new LabException(e.getMessage() + "; --model says whose else it is", e);
        }
    }

    static Part part(boolean backbone) {
        return backbone ? Part.BACKBONE : Part.ALL;
    }
}
