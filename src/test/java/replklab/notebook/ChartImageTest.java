package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.BoxChartBuilder;
import org.knowm.xchart.BubbleChart;
import org.knowm.xchart.BubbleChartBuilder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

class ChartImageTest {
    @Test
    void pictureHasTwiceTheChartsSize() throws IOException {
        XYChart chart =
                new XYChartBuilder().title("Loss").width(300).height(200).build();
        chart.addSeries("train", new double[] {1, 2}, new double[] {0.5, Double.NaN});
        var image = ImageIO.read(new ByteArrayInputStream(ChartImage.png(chart)));
        assertThat(image.getWidth()).isEqualTo(600);
        assertThat(image.getHeight()).isEqualTo(400);
        assertThat(ChartImage.describe(chart)).isEqualTo("XYChart 'Loss', series: train");
    }

    @Test
    void infinitiesAreLeftOutOfThePictureAndStayInTheChart() {
        double[] infinite = {1, Double.POSITIVE_INFINITY, 2, Double.NEGATIVE_INFINITY};
        double[] places = {1, 2, Double.POSITIVE_INFINITY, 4};
        XYChart lines = new XYChartBuilder().build();
        lines.addSeries("y", new double[] {1, 2, 3, 4}, infinite);
        lines.addSeries("x and errors", places, new double[] {1, 2, 3, 4}, infinite);
        BubbleChart bubbles = new BubbleChartBuilder().build();
        bubbles.addSeries("y", new double[] {1, 2, 3, 4}, infinite, new double[] {1, 2, 3, 4});
        CategoryChart bars = new CategoryChartBuilder().build();
        bars.addSeries("y", List.of("a", "b"), List.of(1.0, Double.POSITIVE_INFINITY));
        BoxChart boxes = new BoxChartBuilder().build();
        boxes.addSeries("y", infinite);

        assertThat(ChartImage.png(lines)).isNotEmpty();
        assertThat(ChartImage.png(bubbles)).isNotEmpty();
        assertThat(ChartImage.png(bars)).isNotEmpty();
        assertThat(ChartImage.png(boxes)).isNotEmpty();
        assertThat(lines.getSeriesMap().get("y").getYData()).isEqualTo(infinite);
        assertThat(lines.getSeriesMap().get("x and errors").getXData()).isEqualTo(places);
        assertThat(lines.getSeriesMap().get("x and errors").getExtraValues()).isEqualTo(infinite);
        assertThat(List.<Number>copyOf(bars.getSeriesMap().get("y").getYData()))
                .isEqualTo(List.of(1.0, Double.POSITIVE_INFINITY));
        try (HiddenInfinities hidden = new HiddenInfinities(lines.getSeriesMap().values())) {
            assertThat(hidden.words()).isEqualTo("5 infinite values are left out");
        }
        try (HiddenInfinities hidden = new HiddenInfinities(bars.getSeriesMap().values())) {
            assertThat(hidden.words()).isEqualTo("1 infinite value is left out");
        }
    }

    /** The kernel waits for ever for what a renderer should have returned. */
    @Test
    void whatCannotBeDrawnSaysWhy() {
        Renderer renderer = new Renderer();
        renderer.createRegistration(XYChart.class)
                .preferring(MIMEType.IMAGE_PNG)
                .register(NotebookExtension.answering((chart, context) -> ChartImage.png(chart)));
        XYChart chart = new XYChartBuilder().build();
        chart.getStyler().setYAxisLogarithmic(true);
        chart.addSeries("zero", new double[] {1, 2}, new double[] {0, 1});
        assertThat(renderer.render(chart).getData(MIMEType.TEXT_PLAIN).toString())
                .startsWith("this XYChart cannot be shown: ")
                .contains("zero for a logarithmic");
    }
}
