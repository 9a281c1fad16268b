package replklab.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import replklab.base.UsageException;
import replklab.data.Normalization;
import replklab.data.Preprocessing;
import replklab.data.Preprocessing.Resize;
import replklab.model.NetworkNotes;

/** How images become a network's input: the authors' way, or the user's. */
final class PreprocessingOptions {
    private static final int USUAL_SIDE = 224;

    @Option(
            names = "--resolution",
            paramLabel = "R",
            description = "Side of the input; that of the training if the file says it, else 224.")
    private Integer resolution;

    @Option(
            names = "--resize",
            paramLabel = "HOW",
            description = "crop or square; as in the training if the file says it, else the authors' choice.")
    private String resize;

    @Option(
            names = "--mean",
            split = ",",
            paramLabel = "M,...",
            hideParamSyntax = true,
            description = "Mean of each channel, 0 to 1.")
    private List<Double> mean;

    @Option(
            names = "--std",
            split = ",",
            paramLabel = "S,...",
            hideParamSyntax = true,
            description = "Standard deviation of each channel.")
    private List<Double> std;

    Preprocessing of(NetworkFile network) {
        int side = resolution != null ? resolution : usualSide(network);
        Preprocessing usual = Preprocessing.evaluation(side, normalization(network));
        return resize(network)
                .map(how -> new Preprocessing(side, how, usual.normalization()))
                .orElse(usual);
    }

    /** The user's choice, or the training's. */
    private Optional<Resize> resize(NetworkFile network) {
        return resize != null
                ? Optional.of(Resize.of(resize, "--resize"))
                : network.notes()
                        .flatMap(NetworkNotes::resize)
                        .map(how -> Resize.of(how, "resizing in the notes of " + network.file() + ":"));
    }

    private static int usualSide(NetworkFile network) {
        if (network.notes().isEmpty()) {
            return USUAL_SIDE;
        }
        NetworkNotes notes = network.notes().get();
        if (notes.height() != notes.width()) {
            throw new UsageException(network.file() + " was trained with images of " + notes.height() + " x "
                    + notes.width() + " pixels, and images become squares here: say --resolution");
        }
        return notes.height();
    }

    private Normalization normalization(NetworkFile network) {
        if (mean != null || std != null) {
            return normalization(network.inputChannels());
        }
        return network.normalization()
                .orElseThrow(() -> new UsageException("the network takes images of " + network.inputChannels()
                        + " channels, not 3: say with what --mean and --std it was trained"));
    }

    private Normalization normalization(int channels) {
        if (mean == null || std == null || mean.size() != channels || std.size() != channels) {
            throw new UsageException("--mean is " + mean + " and --std is " + std + "; the network takes " + channels
                    + " channels: give both, with one value for each");
        }
        return new Normalization(mean, std);
    }
}
