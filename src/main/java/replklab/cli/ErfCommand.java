package replklab.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import replklab.analysis.ContributionArea;
import replklab.analysis.ContributionScore;
import replklab.analysis.EffectiveReceptiveField;
import replklab.analysis.ImageSource;
import replklab.base.UsageException;
import replklab.base.WholeFile;
import replklab.data.NpyFile;
import replklab.data.NpyImages;
import replklab.experiment.FieldFigures;
import replklab.model.RepLKNetTrunk;
import replklab.nn.Layer;
import replklab.plot.PngFile;
import replklab.tensor.Tensor;

/** {@code ./lab erf}: the effective receptive field of a checkpoint. */
@Command(
        name = "erf",
        description = "The effective receptive field of a checkpoint: the authors' contribution score, and its areas.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The score is the sum over the images; areas and picture are made of the mean, log10(mean + 1), as the "
                    + "authors' are. The paper has 50 images of 1024x1024, preprocessed as for evaluation."
        })
final class ErfCommand implements Callable<Integer> {
    @Mixin
    private WeightsOptions weights;

    @Option(
            names = "--input",
            paramLabel = "X.npy",
            required = true,
            description = "The images: floats, (n, channels, height, width), normalised as the network was trained.")
    private Path input;

    @Option(
            names = "--output",
            paramLabel = "S.npy",
            required = true,
            description = "Where the score goes: (h, w), float32.")
    private Path output;

    @Option(names = "--merge", description = "Merge large and small kernels first: the same score in less time.")
    private boolean merge;

    @Option(names = "--chart", paramLabel = "PNG", description = "Draw the score as a heat map, too.")
    private Path chart;

    @Override
    public Integer call() {
        requireFolder("--output", output);
        if (chart != null) {
            requireFolder("--chart", chart);
        }
        Optional<String> other = weights.otherModel();
        Measured measured = other.isPresent()
                ? measured(other.get())
                : measured(weights.load().requireReplknet("the effective receptive field"));
        ContributionScore score = measured.score();
        NpyFile.write(output, new int[] {score.height(), score.width()}, rows -> rows.write(floats(score.total())));
        if (chart != null) {
            String name = String.valueOf(weights.file().getFileName());
            byte[] png = PngFile.bytes(
                    FieldFigures.heatMap("Effective receptive field of " + name, measured.network(), score)
                            .image(),
                    Map.of("Software", "RepLK Lab"));
            WholeFile.write(chart, "the picture", out -> out.write(png));
        }
        System.out.printf(
                Locale.ROOT,
                "Wrote %s: (%d, %d), the contribution score summed over %d image%s%n",
                output,
                score.height(),
                score.width(),
                score.images(),
                score.images() == 1 ? "" : "s");
        for (ContributionArea area : score.areas()) {
            System.out.printf(
                    Locale.ROOT,
                    "t = %2.0f %%: %dx%d pixels, %.2f %% of the area%n",
                    100 * area.share(),
                    area.height(),
                    area.width(),
                    100 * area.ratio());
        }
        return 0;
    }

    /**
     * What was measured.
     *
     * @param network in words
     */
    private record Measured(String network, ContributionScore score) {}

    private Measured measured(RepLKNetTrunk network) {
        try (NpyImages images = NpyImages.open(input, network.config().inputChannels())) {
            RepLKNetTrunk used = merge ? network.merged() : network;
            return new Measured(
                    "kernels " + network.config().kernels(), score(EffectiveReceptiveField.of(used), source(images)));
        }
    }

    /** The last stage's map of a network that need not be a RepLKNet. */
    private Measured measured(String model) {
        if (merge) {
            throw new UsageException("--merge is for RepLKNets; leave it out for " + model);
        }
        try (NpyImages images = NpyImages.open(input, weights.channelsOf(model))) {
            Layer backbone = weights.backboneOf(model, images.height(), images.width());
            return new Measured(model, score(new EffectiveReceptiveField(backbone::forward), source(images)));
        }
    }

    /** Before the work, not after it. */
    private static void requireFolder(String option, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new UsageException(option + " is " + file + ", but there is no folder " + folder);
        }
    }

    private static ImageSource source(NpyImages images) {
        return new ImageSource() {
            @Override
            public int count() {
                return images.count();
            }

            @Override
            public int height() {
                return images.height();
            }

            @Override
            public int width() {
                return images.width();
            }

            @Override
            public Tensor images(int from, int to) {
                return images.batch(from, to - from);
            }
        };
    }

    private static ContributionScore score(EffectiveReceptiveField field, ImageSource images) {
        if (!RunProgress.isTerminal()) {
            return field.score(images);
        }
        Duration[] left = {Duration.ZERO};
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("images")
                .setInitialMax(images.count())
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(500)
                .setEtaFunction(state -> Optional.of(left[0]))
                .build()) {
            return field.score(
                    images,
                    (done, total, time) -> {
                        left[0] = time;
                        bar.stepTo(done);
                    },
                    () -> false);
        }
    }

    private static float[] floats(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }
}
