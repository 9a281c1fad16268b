package replklab.cli;

import java.util.List;
import picocli.CommandLine.Option;
import replklab.base.UsageException;
import replklab.data.Normalization;
import replklab.data.Preprocessing;
import replklab.data.Preprocessing.Resize;
import replklab.model.RepLKNetConfig;

/** How images become a network's input: the authors' way, or the user's. */
final class PreprocessingOptions {
    @Option(names = "--resolution", paramLabel = "R", defaultValue = "224", description = "Side of the input; 224.")
    private int resolution;

    @Option(names = "--resize", paramLabel = "HOW", description = "crop or square, instead of the authors' choice.")
    private String resize;

    @Option(names = "--mean", split = ",", paramLabel = "M", description = "Mean of each channel, 0 to 1.")
    private List<Double> mean;

    @Option(names = "--std", split = ",", paramLabel = "S", description = "Standard deviation of each channel.")
    private List<Double> std;

    int resolution() {
        return resolution;
    }

    Preprocessing of(RepLKNetConfig config) {
        Preprocessing usual = mean == null && std == null
                ? Preprocessing.of(config, resolution)
                : Preprocessing.evaluation(resolution, normalization(config.inputChannels()));
        return resize == null ? usual : new Preprocessing(resolution, resize(), usual.normalization());
    }

    private Normalization normalization(int channels) {
        if (mean == null || std == null || mean.size() != channels || std.size() != channels) {
            throw new UsageException("--mean is " + mean + " and --std is " + std + "; the network takes " + channels
                    + " channels: give both, with one value for each");
        }
        return new Normalization(mean, std);
    }

    private Resize resize() {
        for (Resize known : Resize.values()) {
            if (known.key().equals(resize)) {
                return known;
            }
        }
        throw UsageException.unknown("--resize", resize, List.of(Resize.CROP.key(), Resize.SQUARE.key()));
    }
}
