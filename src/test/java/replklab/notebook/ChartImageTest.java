package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
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
}
