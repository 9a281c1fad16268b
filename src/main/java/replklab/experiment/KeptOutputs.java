package replklab.experiment;

import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import replklab.base.LabException;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.data.Normalization;
import replklab.plot.PngFile;
import replklab.report.Gallery;
import replklab.report.RunAnswers;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.stats.Variants;
import replklab.table.ClassScores;
import replklab.train.Evaluation;

/** What the runs of an experiment kept of their answers, gathered for the report's page. */
final class KeptOutputs {
    private static final String ARTIFACTS = "artifacts";
    private static final String PREDICTIONS = "predictions.csv";
    private static final String SAMPLES = "samples.png";

    /** Pixels along the longer side of an image on the page, which has many. */
    private static final int SIDE = 64;

    private KeptOutputs() {}

    /**
     * Reads the folders of finished runs.
     *
     * @param results the folder {@code results/}
     * @param test the images that the runs' classifiers answered
     * @param trained whether this process has trained
     */
    static Gallery gallery(Path results, Experiment experiment, List<RunRow> rows, ImageDataset test, boolean trained) {
        List<RunAnswers> answers = new ArrayList<>();
        List<Gallery.Sheet> sheets = new ArrayList<>();
        Set<Map<String, String>> shown = new HashSet<>();
        List<RunRow> finished =
                rows.stream().filter(row -> row.status() == RunEnd.FINISHED).toList();
        for (RunRow row : finished) {
            Path kept = experiment.folder(results, row).resolve(ARTIFACTS);
            RunAnswers.read(row, kept.resolve(PREDICTIONS)).ifPresent(answers::add);
            Path samples = kept.resolve(DenseStage.FOLDER).resolve(SAMPLES);
            if (Files.exists(samples) && shown.add(row.variant())) {
                sheets.add(sheet(row, samples));
            }
        }
        int kept = answers.size();
        answers.removeIf(run -> !isOf(run, test));
        List<String> notes = new ArrayList<>();
        leftOut(
                notes,
                Variants.count(rows, row -> row.status() == RunEnd.DIVERGED),
                "diverged and answered nothing: means and effects count a guess for each, this section nothing");
        leftOut(
                notes,
                finished.size() - kept,
                "kept no answers (artifacts/predictions.csv), and this section has nothing of them");
        leftOut(
                notes,
                kept - answers.size(),
                "answered other images than there are now, and this section has nothing of them");
        return new Gallery(
                test.classes(),
                answers,
                image -> Optional.of(png(test, image)),
                notes,
                ClassScores.of(rows, Evaluation.CLASS_IOU),
                sheets,
                KeptFields.sheet(results, experiment, rows, test, trained));
    }

    private static void leftOut(List<String> notes, int runs, String why) {
        if (runs > 0) {
            notes.add((runs == 1 ? "1 run " : runs + " runs ") + why + ".");
        }
    }

    /** Whether a run answered these images, as far as their classes tell. */
    private static boolean isOf(RunAnswers run, ImageDataset test) {
        List<String> truth = run.truth();
        return truth.size() == test.size()
                && test.classes().containsAll(new HashSet<>(run.said()))
                && IntStream.range(0, truth.size())
                        .allMatch(i -> truth.get(i).equals(test.classes().get(test.label(i))));
    }

    private static Gallery.Sheet sheet(RunRow row, Path samples) {
        try {
            return new Gallery.Sheet(
                    row.label() + ", seed " + row.seed(),
                    "Test images, the classes of their pixels, and below them those that the network gave",
                    PngFile.bytes(ImageIO.read(samples.toFile()), Map.of()));
        } catch (IOException e) {
            throw new LabException("cannot read " + samples + ": " + e.getMessage(), e);
        }
    }

    private static byte[] png(ImageDataset test, int index) {
        ImageShape shape = test.shape();
        float[] values = new float[shape.values()];
        test.read(index, values, 0);
        Normalization normalization = test.info().normalization();
        BufferedImage image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        int channels = shape.channels();
        for (int pixel = 0; pixel < shape.pixels(); pixel++) {
            int rgb = 0;
            for (int colour = 0; colour < 3; colour++) {
                int c = channels < 3 ? 0 : colour;
                double value =
                        values[pixel * channels + c] * normalization.std().get(c)
                                + normalization.mean().get(c);
                rgb = rgb << 8 | Math.clamp(Math.round(255 * value), 0, 255);
            }
            image.setRGB(pixel % shape.width(), pixel / shape.width(), rgb);
        }
        return PngFile.bytes(small(image), Map.of());
    }

    private static BufferedImage small(BufferedImage image) {
        int longer = Math.max(image.getWidth(), image.getHeight());
        if (longer <= SIDE) {
            return image;
        }
        int width = Math.max(1, image.getWidth() * SIDE / longer);
        int height = Math.max(1, image.getHeight() * SIDE / longer);
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        small.getGraphics().drawImage(image.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
        return small;
    }
}
