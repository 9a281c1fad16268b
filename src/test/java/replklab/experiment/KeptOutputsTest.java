package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.data.ArrayImages;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.data.Split;
import replklab.report.Gallery;
import replklab.stats.CurvePoint;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;

class KeptOutputsTest {
    private static final Experiment EXPERIMENT = Experiments.parse("kept", Yaml.TEXT, Profile.SMOKE);

    @TempDir
    Path results;

    /** Two grey images of two pixels. */
    private static ImageDataset images() {
        return ArrayImages.of(
                "two",
                Split.TEST,
                new ImageShape(1, 2, 1),
                List.of("bag", "coat"),
                new float[][] {{0, 1}, {0.4f, 0.6f}},
                new int[] {1, 0});
    }

    private static RunRow run(String shortcut, long seed, RunEnd end, CurvePoint... curve) {
        Map<String, String> variant = new LinkedHashMap<>();
        variant.put("shortcut", shortcut);
        variant.put("kernel", "3");
        return new RunRow(variant, seed, end, Map.of(), List.of(curve), 1, "", "");
    }

    private RunRow answered(RunRow run, String... lines) throws IOException {
        Path folder = Files.createDirectories(EXPERIMENT.folder(results, run).resolve("artifacts"));
        Files.writeString(
                folder.resolve("predictions.csv"),
                "image,label,predicted,probability\n" + String.join("\n", lines) + "\n");
        return run;
    }

    private Gallery gallery(RunRow... runs) {
        return KeptOutputs.gallery(results, EXPERIMENT, List.of(runs), images(), true);
    }

    @Test
    void answersAreReadAndWhatHasNoneIsTold() throws IOException {
        RunRow good = answered(run("with", 1, RunEnd.FINISHED), "0,coat,coat,0.9", "1,bag,coat,0.5");
        Gallery gallery = gallery(
                good,
                run("with", 2, RunEnd.FINISHED),
                answered(run("without", 1, RunEnd.FINISHED), "0,bag,coat,0.9", "1,bag,coat,0.5"),
                answered(run("without", 2, RunEnd.FINISHED), "0,coat,shoe,0.9", "1,bag,coat,0.5"),
                run("without", 3, RunEnd.DIVERGED),
                run("without", 4, RunEnd.FAILED));
        assertThat(gallery.answers()).singleElement().satisfies(one -> {
            assertThat(one.run()).isEqualTo(good);
            assertThat(one.said()).containsExactly("coat", "coat");
        });
        assertThat(gallery.notes())
                .satisfiesExactly(
                        note -> assertThat(note).startsWith("1 run diverged and answered nothing"),
                        note -> assertThat(note).startsWith("1 run kept no answers"),
                        note -> assertThat(note).startsWith("2 runs answered other images"));
        assertThat(gallery.fields()).as("no weights were kept").isEmpty();
        assertThat(gallery.scores()).isEmpty();
    }

    @Test
    void imagesAreShownAsTheyAre() throws IOException {
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(gallery().image().apply(1).orElseThrow()));
        assertThat(image.getWidth()).isEqualTo(2);
        assertThat(image.getHeight()).isEqualTo(1);
        assertThat(image.getRGB(0, 0)).isEqualTo(0xFF666666);
        assertThat(image.getRGB(1, 0)).isEqualTo(0xFF999999);
    }

    @Test
    void ofPixelsTheFirstFinishedSeedsSamplesAreShown() throws IOException {
        RunRow first = run("with", 1, RunEnd.DIVERGED);
        RunRow second = run("with", 2, RunEnd.FINISHED, new CurvePoint(1, Map.of("iou_bag", 50.0)));
        for (RunRow run : List.of(first, second, run("with", 3, RunEnd.FINISHED))) {
            Path folder =
                    Files.createDirectories(EXPERIMENT.folder(results, run).resolve("artifacts/finetune"));
            BufferedImage picture = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
            ImageIO.write(picture, "png", folder.resolve("samples.png").toFile());
        }
        Gallery gallery = gallery(first, second, run("with", 3, RunEnd.FINISHED));
        assertThat(gallery.sheets())
                .singleElement()
                .satisfies(sheet -> assertThat(sheet.label()).isEqualTo("with shortcut, kernel 3, seed 2"));
        assertThat(gallery.scores()).isPresent();
    }
}
