package replklab.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;
import replklab.plot.ChartStyle;
import replklab.plot.ColorRamp;
import replklab.plot.Picture;

/** Every picture is also left in {@code target/charts} for a person to look at. */
class HeatMapTest {
    @Test
    void aMapHasItsColoursWhereItsValuesAre() throws IOException {
        double[][] values = new double[60][60];
        for (int row = 0; row < 60; row++) {
            for (int col = 0; col < 60; col++) {
                values[row][col] = (row < 30 ? 0 : 0.5) + (col < 30 ? 0 : 0.25);
            }
        }
        BufferedImage image = kept(
                "heat-map-1",
                Charts.heatMaps("Quarters", "", List.of(new HeatMap("one", "four values", values)), 1, "value"));
        for (double value : new double[] {0, 0.25, 0.5, 0.75}) {
            assertThat(count(image, ColorRamp.rgb(value)))
                    .as("pixels of " + value)
                    .isGreaterThan(150_000);
        }
    }

    @Test
    void aGridSharesOneScale() throws IOException {
        List<HeatMap> maps = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int side = i < 4 ? 64 : 1024;
            maps.add(new HeatMap(
                    "kernel " + (i % 4 + 1),
                    side + "x" + side + ", trained on nothing",
                    bump(side, side, 0.03 * (i % 4 + 1)),
                    Optional.of(new HeatMap.Frame(side / 8 * (i % 4 + 1) + 1, side / 8 * (i % 4 + 1) + 1))));
        }
        BufferedImage image = kept(
                "heat-maps-8", Charts.heatMaps("Eight fields", "Orange: what holds half", maps, 4, "log10(score + 1)"));
        assertThat(count(image, ChartStyle.series(4).color().getRGB() & 0xFFFFFF))
                .isGreaterThan(500);
        assertThat(shades(image)).hasSizeGreaterThan(200);
        kept(
                "heat-map-wide",
                Charts.heatMaps(
                        "Wide",
                        "",
                        List.of(new HeatMap("24x64", "", bump(24, 64, 0.2), Optional.of(new HeatMap.Frame(24, 31)))),
                        3,
                        "value"));
    }

    private static double[][] bump(int height, int width, double spread) {
        double[][] values = new double[height][width];
        for (int row = 0; row < height; row++) {
            for (int col = 0; col < width; col++) {
                double y = (double) (row - height / 2) / height;
                double x = (double) (col - width / 2) / width;
                values[row][col] = Math.exp(-(x * x + y * y) / (2 * spread * spread));
            }
        }
        return values;
    }

    @Test
    void whatIsNoMapIsRefused() {
        assertThatThrownBy(() -> new HeatMap("x", "", new double[][] {{0, 1.5}}))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'x' has the value 1.5");
        assertThatThrownBy(() -> new HeatMap("x", "", new double[][] {{0, 1}, {0}}))
                .hasMessageContaining("rows of 2 and of 1");
        assertThatThrownBy(() -> new HeatMap("x", "", new double[0][])).hasMessageContaining("no values");
        assertThatThrownBy(() -> Charts.heatMaps("", "", List.of(), 2, "")).isInstanceOf(UsageException.class);
    }

    @Test
    void pointsAndTheirLine() throws IOException {
        List<ScatterPanel.Series> series = new ArrayList<>();
        for (int kernel : new int[] {3, 13, 31}) {
            List<Double> x = List.of(1.0 * kernel, 1.4 * kernel, 2.0 * kernel);
            series.add(new ScatterPanel.Series(
                    "K = " + kernel, x, x.stream().map(v -> 0.5 * v + 1).toList()));
        }
        ScatterPanel panel = new ScatterPanel("plain stacks", series, new ScatterPanel.Line("fit", 0.52, 0.47, 0.57));
        BufferedImage image = kept(
                "scatter", Charts.scatter("Growth", "Dots: one network each", "K √L", "pixels", List.of(panel, panel)));
        for (int i = 0; i < 3; i++) {
            assertThat(count(image, ChartStyle.series(i).color().getRGB() & 0xFFFFFF))
                    .isGreaterThan(100);
        }
        assertThatThrownBy(() -> new ScatterPanel.Series("s", List.of(1.0), List.of()))
                .hasMessageContaining("1 x values and 0 y values");
    }

    private static BufferedImage kept(String name, Picture picture) throws IOException {
        BufferedImage image = picture.image();
        Path folder = Files.createDirectories(Path.of("target", "charts"));
        ImageIO.write(image, "png", folder.resolve(name + ".png").toFile());
        assertThat(count(image, ChartStyle.INK.getRGB() & 0xFFFFFF)).as("text").isGreaterThan(100);
        return image;
    }

    private static int count(BufferedImage image, int rgb) {
        int count = 0;
        for (int pixel : pixels(image)) {
            count += (pixel & 0xFFFFFF) == rgb ? 1 : 0;
        }
        return count;
    }

    private static Set<Integer> shades(BufferedImage image) {
        Set<Integer> ramp = new TreeSet<>();
        for (int i = 0; i < 256; i++) {
            ramp.add(ColorRamp.rgb(i / 255.0));
        }
        Set<Integer> found = new TreeSet<>();
        for (int pixel : pixels(image)) {
            if (ramp.contains(pixel & 0xFFFFFF)) {
                found.add(pixel & 0xFFFFFF);
            }
        }
        return found;
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
