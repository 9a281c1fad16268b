package replklab.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;
import replklab.plot.ChartStyle;
import replklab.plot.Picture;
import replklab.report.Shortcuts;
import replklab.stats.Alternative;
import replklab.stats.Contrast;
import replklab.stats.DivergedPairs;
import replklab.stats.Effect;
import replklab.stats.Hypothesis;
import replklab.stats.Metric;
import replklab.stats.PaperEffect;
import replklab.stats.PaperValue;
import replklab.stats.Phrase;
import replklab.stats.RunRow;
import replklab.stats.Scale;
import replklab.stats.Standing;
import replklab.table.PaperComparison;

/** Every picture is also left in {@code target/charts} for a person to look at. */
class ChartsTest {
    private static final List<RunRow> RUNS = Shortcuts.runs();

    @Test
    void learningCurvesDrawALineAVariant() throws IOException {
        BufferedImage image = kept(
                "learning-curves",
                Charts.learningCurves("Test accuracy of MobileNetV2 on Fashion-MNIST", RUNS, Shortcuts.ACCURACY));
        assertSeries(image, 4);
        kept("learning-curves-long", Charts.learningCurves("Training loss", Shortcuts.runs(60), Shortcuts.LOSS));
        kept("learning-curves-2", Charts.learningCurves("Training loss, 2 epochs", Shortcuts.runs(2), Shortcuts.LOSS));
    }

    @Test
    void manyLearningCurvesStandSideBySide() throws IOException {
        List<RunRow> runs = new ArrayList<>();
        for (int kernel = 3; kernel <= 11; kernel += 2) {
            for (long seed = 1; seed <= 5; seed++) {
                runs.add(Shortcuts.run(Shortcuts.variant("with", String.valueOf(kernel)), seed, 60 + kernel, 4));
            }
        }
        BufferedImage image = kept("learning-curves-many", Charts.learningCurves("Many", runs, Shortcuts.ACCURACY));
        assertSeries(image, 5);
    }

    @Test
    void effectsDrawIntervalsAndThePapersMark() throws IOException {
        List<Effect> effects = new ArrayList<>(Shortcuts.effects(RUNS));
        effects.add(new Effect(
                "kernel 31, only one seed so far",
                Shortcuts.LOSES,
                "points",
                Scale.DIFFERENCE,
                Optional.empty(),
                5,
                PaperEffect.of(new PaperValue(-12, Standing.RECOLLECTED), "table 11"),
                DivergedPairs.NONE,
                Shortcuts.FALLS,
                Optional.empty()));
        BufferedImage image = kept("effects", Charts.effects("What shortcuts are worth", effects));
        assertSeries(image, 1);
        assertThat(count(image, Color.BLACK)).isGreaterThan(50);
        kept("effects-1", Charts.effects("What shortcuts are worth", effects.subList(0, 1)));
    }

    @Test
    void ratiosHaveALogarithmicAxis() throws IOException {
        Contrast ratio = Contrast.ratio("accuracy", Shortcuts.variant("with", "3"), Shortcuts.variant("without", "13"));
        Phrase phrase = new Phrase("3 with reaches {size} {more|less}", "reached {size} {more|less}");
        PaperEffect paper = PaperEffect.of(Shortcuts.TABLE.contrast(ratio, Shortcuts.COLUMNS), "table 2");
        Effect effect = Effect.of(
                "3 with over 13 without",
                phrase,
                "times",
                ratio,
                RUNS,
                paper,
                Hypothesis.secondary(Alternative.GREATER, 1),
                (_, _) -> Optional.empty());
        BufferedImage image = kept("effects-ratio", Charts.effects("How many times as accurate", List.of(effect)));
        assertSeries(image, 1);
        assertThat(count(image, Color.BLACK)).isGreaterThan(50);
    }

    @Test
    void effectsInTwoUnitsAreRefused() {
        Effect points = Shortcuts.effects(RUNS).getFirst();
        Effect other = new Effect(
                "slower",
                new Phrase("It takes {size} {more|less}", "took {more|less}"),
                "ms",
                Scale.DIFFERENCE,
                Optional.empty(),
                5,
                new PaperEffect(1, OptionalDouble.empty(), "table 1", Standing.STATED),
                DivergedPairs.NONE,
                Shortcuts.RISES,
                Optional.empty());
        assertThatThrownBy(() -> Charts.effects("both", List.of(points, other)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'kernel 13 without shortcut' is in 'points' and 'slower' in 'ms'");
    }

    @Test
    void byFactorSetsThePaperBesideOurs() throws IOException {
        PaperComparison comparison = PaperComparison.of(Shortcuts.TABLE, "imagenet_top1", RUNS, Shortcuts.ACCURACY);
        BufferedImage image = kept(
                "by-kernel",
                Charts.byFactor("Accuracy by kernel size, with and without shortcut", comparison, "kernel"));
        BufferedImage left = image.getSubimage(0, 200, image.getWidth() / 2, image.getHeight() - 200);
        BufferedImage right =
                image.getSubimage(image.getWidth() / 2, 200, image.getWidth() / 2, image.getHeight() - 200);
        assertSeries(left, 2);
        assertSeries(right, 2);
        assertThatThrownBy(() -> Charts.byFactor("x", comparison, "kernle"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("unknown factor 'kernle'; did you mean kernel?");
    }

    @Test
    void oursStandAloneWhereThePaperHasNoNumbers() throws IOException {
        BufferedImage image =
                kept("by-kernel-ours", Charts.byFactor("Accuracy by kernel size", RUNS, Shortcuts.ACCURACY, "kernel"));
        assertSeries(image, 2);
    }

    @Test
    void variantsCanStandAtPlacesOfTheirOwn() throws IOException {
        PaperComparison comparison = PaperComparison.of(Shortcuts.TABLE, "imagenet_top1", RUNS, Shortcuts.ACCURACY);
        BufferedImage image = kept("by-variant", Charts.byVariant("Accuracy of four networks", comparison));
        assertSeries(image, 1);
    }

    @Test
    void liveDrawsFromTheFirstStepOn() throws IOException {
        double[] steps = new double[5000];
        double[] losses = new double[5000];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = i + 1;
            losses[i] = 0.4 + 2 * Math.exp(-i / 800.0) + 0.1 * Math.sin(i * 1.7);
        }
        LivePanel loss = new LivePanel(
                "step",
                Shortcuts.LOSS,
                List.of(
                        new LiveSeries("with shortcut, kernel 3, seed 1", steps, losses),
                        new LiveSeries("with shortcut, kernel 13, seed 1", new double[] {1}, new double[] {2.2})));
        LivePanel accuracy = new LivePanel(
                "epoch",
                Shortcuts.ACCURACY,
                List.of(new LiveSeries(
                        "with shortcut, kernel 3, seed 1", new double[] {1, 2, 3}, new double[] {61, 70, 74})));
        Picture picture = Charts.live("shortcut (quick)", "run 2 of 8, about 4 min left", List.of(loss, accuracy));
        BufferedImage image = kept("live", picture);
        assertSeries(image, 2);
        assertThat(picture.image(1).getWidth() * 2).isEqualTo(image.getWidth());
        kept("live-empty", Charts.live("shortcut", "", List.of(new LivePanel("step", Shortcuts.LOSS, List.of()))));
    }

    /** One run alone needs no name, and no line of a legend for it. */
    @Test
    void aLineWithoutANameHasNoLegend() {
        assertThat(liveHeight("")).isEqualTo(liveHeight()).isLessThan(liveHeight("kernel 3"));
    }

    private static int liveHeight(String... names) {
        List<LiveSeries> series = Stream.of(names)
                .map(name -> new LiveSeries(name, new double[] {1, 2}, new double[] {2, 1}))
                .toList();
        return Charts.live("shortcut", "", List.of(new LivePanel("step", Shortcuts.LOSS, series)))
                .image(1)
                .getHeight();
    }

    @Test
    void theSamePictureHasTheSamePixels() {
        Picture first = Charts.effects("twice", Shortcuts.effects(RUNS));
        Picture second = Charts.effects("twice", Shortcuts.effects(RUNS));
        assertThat(pixels(first.image())).isEqualTo(pixels(first.image())).isEqualTo(pixels(second.image()));
    }

    @Test
    void aMetricWithoutCurvesIsRefused() {
        Metric unknown = new Metric("miou", "mIoU", "%", 2);
        assertThatThrownBy(() -> Charts.learningCurves("none", RUNS, unknown))
                .isInstanceOf(UsageException.class)
                .hasMessage("no finished run has a curve of 'miou'");
    }

    private static BufferedImage kept(String name, Picture picture) throws IOException {
        BufferedImage image = picture.image();
        Path folder = Files.createDirectories(Path.of("target", "charts"));
        ImageIO.write(image, "png", folder.resolve(name + ".png").toFile());
        assertThat(image.getWidth()).isGreaterThanOrEqualTo(1400);
        assertThat(image.getHeight()).isGreaterThanOrEqualTo(250);
        assertThat(count(image, Color.WHITE)).isGreaterThan(image.getWidth() * image.getHeight() / 2);
        assertThat(count(image, ChartStyle.INK)).as("text").isGreaterThan(100);
        return image;
    }

    private static void assertSeries(BufferedImage image, int series) {
        for (int i = 0; i < series; i++) {
            assertThat(count(image, ChartStyle.series(i).color()))
                    .as("series " + i)
                    .isGreaterThan(100);
        }
        assertThat(count(image, ChartStyle.series(series).color()))
                .as("no more series")
                .isZero();
    }

    private static int count(BufferedImage image, Color color) {
        int count = 0;
        for (int pixel : pixels(image)) {
            count += pixel == color.getRGB() ? 1 : 0;
        }
        return count;
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
