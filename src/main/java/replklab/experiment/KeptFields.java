package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import replklab.analysis.ContributionScore;
import replklab.analysis.EffectiveReceptiveField;
import replklab.analysis.ImageSource;
import replklab.base.Digests;
import replklab.base.LabException;
import replklab.base.WholeFile;
import replklab.data.ImageDataset;
import replklab.model.Models;
import replklab.nn.Layer;
import replklab.plot.PngFile;
import replklab.report.Gallery;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.tensor.Tape;
import replklab.weights.Weights;

/**
 * The effective receptive fields of trained classifiers, from the weights that their runs kept. The picture stays beside the runs
 * until weights, images or library change: a process that has trained nothing takes seconds to compile what computes it.
 */
final class KeptFields {
    private static final String WEIGHTS = "final.safetensors";
    private static final String PICTURE = "receptive-fields-";
    private static final int IMAGES = 50;
    private static final int MOST_VARIANTS = 12;
    private static final int COLUMNS = 4;

    /** Pixels to look at, of all images of a variant: of larger images there are fewer. */
    private static final int PIXELS = IMAGES * 64 * 64;

    private KeptFields() {}

    /**
     * One map a variant, of its first finished seed.
     *
     * @param results the folder {@code results/}
     * @param test the images that it is measured on
     * @param trained whether this process has trained, and so compiled what measures: otherwise only a kept picture is given
     * @return empty where there is none, or no run of the library's models has kept weights that can be used
     */
    static Optional<Gallery.Sheet> sheet(
            Path results, Experiment experiment, List<RunRow> rows, ImageDataset test, boolean trained) {
        SequencedMap<RunRow, Path> first = new LinkedHashMap<>();
        for (RunRow row : rows) {
            Path weights = experiment.folder(results, row).resolve(WEIGHTS);
            if (isOfLibrary(experiment.spec(), row)
                    && row.status() == RunEnd.FINISHED
                    && first.size() < MOST_VARIANTS
                    && first.keySet().stream().noneMatch(each -> each.variant().equals(row.variant()))
                    && Files.exists(weights)) {
                first.put(row, weights);
            }
        }
        if (first.isEmpty()) {
            return Optional.empty();
        }
        int count = Math.clamp(PIXELS / test.shape().pixels(), 1, Math.min(IMAGES, test.size()));
        Path runs = Sweep.runs(results, experiment);
        try {
            Path kept = runs.resolve(PICTURE + key(first, test, count) + ".png");
            if (!Files.exists(kept) && !trained) {
                return Optional.empty();
            }
            if (!Files.exists(kept)) {
                Map<String, ContributionScore> scores = measure(experiment.spec(), first, test, count);
                if (scores.values().stream().anyMatch(score -> score.images() < count)) {
                    return Optional.empty(); // told to stop
                }
                forget(runs);
                WholeFile.write(kept, "the receptive fields", out -> out.write(png(scores)));
            }
            return Optional.of(new Gallery.Sheet(
                    "How much each pixel of an image adds to the features at the centre of the last stage: of each variant's"
                            + " first finished seed, over " + count + " test images (docs/erf.md).",
                    "Heat maps of the effective receptive fields, one a variant",
                    Files.readAllBytes(kept)));
        } catch (LabException e) {
            return Optional.empty(); // weights that are damaged, or a gradient that is not finite
        } catch (IOException e) {
            throw new LabException("cannot keep the receptive fields in " + runs + ": " + e.getMessage(), e);
        }
    }

    /** A user's model may have no feature maps, and fail in a way that must not cost the report. */
    private static boolean isOfLibrary(ExperimentSpec spec, RunRow row) {
        String model = new ExperimentModels(spec.classPath())
                .found(spec.optionsOf(row.variant()))
                .name();
        return Models.family(model).isPresent();
    }

    /** Of everything that the picture depends on. */
    private static String key(Map<RunRow, Path> first, ImageDataset test, int count) throws IOException {
        MessageDigest digest = Digests.sha256();
        String words = LibraryDigest.current() + test.info().digest() + count;
        for (Map.Entry<RunRow, Path> each : first.entrySet()) {
            digest.update(Files.readAllBytes(each.getValue()));
            words += each.getKey().label() + '\n';
        }
        digest.update(words.getBytes(StandardCharsets.UTF_8));
        return Digests.hex(digest).substring(0, 16);
    }

    private static void forget(Path runs) throws IOException {
        try (DirectoryStream<Path> pictures = Files.newDirectoryStream(runs, PICTURE + "*.png")) {
            for (Path picture : pictures) {
                Files.delete(picture);
            }
        }
    }

    private static Map<String, ContributionScore> measure(
            ExperimentSpec spec, Map<RunRow, Path> first, ImageDataset test, int count) {
        try {
            ImageSource images = DatasetImages.spread(test, count);
            Map<String, ContributionScore> scores = new LinkedHashMap<>();
            first.forEach((row, weights) -> {
                Layer backbone = backbone(spec, row, weights, test);
                scores.put(row.label(), new EffectiveReceptiveField(backbone::forward).score(images));
            });
            return scores;
        } finally {
            Tape.releaseMemory();
        }
    }

    private static byte[] png(Map<String, ContributionScore> scores) {
        return PngFile.bytes(
                FieldFigures.heatMaps("Effective receptive fields", scores, Math.min(COLUMNS, scores.size()))
                        .image(),
                Map.of());
    }

    private static Layer backbone(ExperimentSpec spec, RunRow row, Path weights, ImageDataset test) {
        ExperimentModels models = new ExperimentModels(spec.classPath());
        Map<String, JsonNode> options = spec.optionsOf(row.variant());
        Layer classifier = models.make(options, test.shape(), test.classes().size(), new SplittableRandom(row.seed()));
        Weights.load(classifier, weights);
        return models.backbone(options, test.shape(), List.of(), classifier, new SplittableRandom(row.seed()))
                .train(false);
    }
}
