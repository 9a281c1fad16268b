package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;

class LiveChartTest {
    private final List<String> shown = new ArrayList<>();

    private final DisplaySurface surface = new DisplaySurface() {
        @Override
        public String show(Object content, String text) {
            shown.add("show " + text);
            return "here";
        }

        @Override
        public void replace(String id, Object content, String text) {
            shown.add("replace " + id + " " + text);
        }
    };

    @Test
    void growsInOnePlace() {
        try (LiveChart live = new LiveChart("Loss", "step", "loss", surface)) {
            live.add("train", 1, 0.5);
            live.add("train", 2, 0.25);
            live.add("test", 2, 0.75);
            XYChart chart = live.chart();
            assertThat(chart.getSeriesMap().get("train").getYData()).containsExactly(0.5, 0.25);
            assertThat(chart.getSeriesMap().get("test").getXData()).containsExactly(2);
        }
        assertThat(shown)
                .containsExactly(
                        "show Loss: train, step 1.000, loss 0.5000",
                        "replace here Loss: train, step 2.000, loss 0.2500",
                        "replace here Loss: test, step 2.000, loss 0.7500");
    }

    @Test
    void tooFrequentChangesWaitForTheEnd() {
        LiveDisplay display = new LiveDisplay(surface, Duration.ofDays(1));
        for (int i = 0; i < 3; i++) {
            String text = "state " + i;
            display.show(() -> text, () -> text);
        }
        assertThat(shown).containsExactly("show state 0");
        display.close();
        display.close();
        assertThat(shown).containsExactly("show state 0", "replace here state 2");
    }

    @Test
    void unusedShowsNothing() {
        new LiveChart("Loss", "step", "loss", surface).close();
        assertThat(shown).isEmpty();
    }

    @Test
    void pictureHasTwiceTheChartsSize() throws IOException {
        LiveChart live = new LiveChart("Loss", "step", "loss", surface);
        live.add("train", 1, 0.5);
        live.add("train", 2, Double.NaN);
        XYChart chart = live.chart();
        var image = ImageIO.read(new ByteArrayInputStream(ChartImage.png(chart)));
        assertThat(image.getWidth()).isEqualTo(2 * chart.getWidth());
        assertThat(image.getHeight()).isEqualTo(2 * chart.getHeight());
        assertThat(ChartImage.describe(chart)).isEqualTo("XYChart 'Loss', series: train");
    }
}
