package replklab.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.plot.ChartStyle;
import replklab.plot.Picture;
import replklab.report.Shortcuts;
import replklab.stats.CurvePoint;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;

/** A value that is no finite number is absent from a chart, which says so; the others are drawn as if it were not there. */
class LeftOutTest {
    private static RunRow run(long seed, double... accuracies) {
        List<CurvePoint> curve = new ArrayList<>();
        for (int i = 0; i < accuracies.length; i++) {
            curve.add(new CurvePoint(i + 1, Map.of("accuracy", accuracies[i])));
        }
        return new RunRow(
                Map.of("kernel", "3"),
                seed,
                RunEnd.FINISHED,
                Map.of("accuracy", accuracies[accuracies.length - 1]),
                curve,
                1,
                "",
                "");
    }

    /** Every chart that takes numbers as they come, with one of them this. */
    private static Map<String, Picture> with(double odd) {
        Map<String, Picture> pictures = new LinkedHashMap<>();
        pictures.put(
                "learning curves",
                Charts.learningCurves("", List.of(run(1, 60, odd, 70), run(2, 61, 65, 71)), Shortcuts.ACCURACY));
        pictures.put(
                "by factor",
                Charts.byFactor("", List.of(run(1, 60), run(2, 61), run(3, odd)), Shortcuts.ACCURACY, "kernel"));
        pictures.put(
                "intervals",
                Charts.intervals(
                        "",
                        "",
                        Shortcuts.ACCURACY,
                        List.of(
                                new IntervalRow("a", List.of(60.0, odd), odd, Double.NaN, Double.NaN),
                                new IntervalRow("b", List.of(60.0, 61.0), 60.5, 60, 61)),
                        false));
        pictures.put(
                "logarithmic",
                Charts.logScale(
                        "",
                        "",
                        "kernel",
                        "ms",
                        List.of("3", "5"),
                        List.of(new LogPanel(
                                "",
                                List.of(
                                        new LogPanel.Point("3", "ours", 2, 1, 3),
                                        new LogPanel.Point("5", "ours", 4, 3, Math.abs(odd))))),
                        true));
        pictures.put(
                "scatter",
                Charts.scatter(
                        "",
                        "",
                        "x",
                        "y",
                        List.of(new ScatterPanel(
                                "",
                                List.of(new ScatterPanel.Series("s", List.of(1.0, 2.0, odd), List.of(1.0, 2.0, 3.0))),
                                new ScatterPanel.Line("fit", 1, 0.9, Math.abs(odd))))));
        LiveSeries y = new LiveSeries("y", new double[] {1, 2, 3}, new double[] {1, odd, 2});
        pictures.put("live", Charts.live("", "", List.of(new LivePanel("step", Shortcuts.LOSS, List.of(y)))));
        LiveSeries x = new LiveSeries("x", new double[] {1, 2, odd}, new double[] {1, 2, 3});
        pictures.put("live, x", Charts.live("", "", List.of(new LivePanel("step", Shortcuts.LOSS, List.of(x)))));
        return pictures;
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.7e308})
    void theOthersAreDrawnAndTheChartSaysSo(double odd) {
        with(odd).forEach((name, picture) -> {
            assertThat(picture.subtitle()).as(name).contains("1 value is not a finite number and left out");
            assertThat(pixels(picture, ChartStyle.series(0).color().getRGB()))
                    .as(name)
                    .isGreaterThan(100);
        });
    }

    @Test
    void finiteNumbersAreNotSpokenOf() {
        with(62).forEach((name, picture) ->
                assertThat(picture.subtitle()).as(name).doesNotContain("left out"));
    }

    @Test
    void aChartOfNothingElseStillSaysSo() {
        double[] none = {Double.NaN, Double.POSITIVE_INFINITY};
        Picture live = Charts.live(
                "", "", List.of(new LivePanel("step", Shortcuts.LOSS, List.of(new LiveSeries("a", none, none)))));
        Picture curves = Charts.learningCurves("", List.of(run(1, none)), Shortcuts.ACCURACY);
        for (Picture picture : List.of(live, curves)) {
            assertThat(picture.subtitle()).contains("2 values are not finite numbers and left out");
            assertThat(pixels(picture, ChartStyle.MUTED.getRGB())).isGreaterThan(100);
        }
    }

    @Test
    void aPointBetweenGapsIsSeen() {
        double nan = Double.NaN;
        LiveSeries alone = new LiveSeries("a", new double[] {1, 2, 3, 4}, new double[] {nan, 5, nan, nan});
        Picture with = Charts.live("", "", List.of(new LivePanel("step", Shortcuts.LOSS, List.of(alone))));
        LiveSeries nothing = new LiveSeries("a", new double[] {1, 2, 3, 4}, new double[] {nan, nan, nan, nan});
        Picture without = Charts.live("", "", List.of(new LivePanel("step", Shortcuts.LOSS, List.of(nothing))));
        int colour = ChartStyle.series(0).color().getRGB();
        assertThat(pixels(with, colour)).isGreaterThan(pixels(without, colour) + 10);
    }

    @Test
    void aHeatMapLeavesThemGrey() {
        double[][] values = {{0, Double.NaN}, {Double.POSITIVE_INFINITY, 1}};
        Picture picture = Charts.heatMaps("", "two by two", List.of(new HeatMap("m", "", values)), 1, "");
        assertThat(picture.subtitle()).isEqualTo("two by two. 2 values are not finite numbers and left out");
        assertThat(pixels(picture, 0xFFB4B4B4)).isGreaterThan(100_000);
    }

    private static int pixels(Picture picture, int rgb) {
        BufferedImage image = picture.image();
        return (int) Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .filter(pixel -> pixel == rgb)
                .count();
    }
}
