package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.data.DenseDataset;

class PixelCountsTest {
    /** Logits that are highest at the given classes. */
    private static float[] logits(int... given) {
        float[] logits = new float[given.length * 4];
        for (int i = 0; i < given.length; i++) {
            logits[i * 4 + given[i]] = 1;
        }
        return logits;
    }

    /** By hand: of class 0 two of three right and one foreign pixel, 2 of 4; of class 1 one of two and one foreign, 1 of 3. */
    @Test
    void countsIntersectionsAndUnionsOverAllBatches() {
        PixelCounts counts = new PixelCounts(List.of("Ground", "T-shirt/top", "Coat", "Bag"));
        counts.add(logits(0, 0, 1), new int[] {0, 0, 0});
        counts.add(logits(1, 0, 3), new int[] {1, 1, DenseDataset.IGNORED});
        assertThat(counts.iou(0)).isEqualTo(50);
        assertThat(counts.iou(1)).isEqualTo(100.0 / 3, within(1e-12));
        assertThat(counts.iou(2)).isNaN();
        assertThat(counts.meanIou()).isEqualTo((50 + 100.0 / 3) / 2, within(1e-12));
        assertThat(counts.pixelAccuracy()).isEqualTo(60);
        assertThat(counts.scores()).containsOnlyKeys("miou", "pixel_accuracy", "iou_ground", "iou_t_shirt_top");
        assertThat(counts.scores().firstEntry().getKey()).isEqualTo(Evaluation.MEAN_IOU);
    }

    @Test
    void eachClassHasAKeyOfItsOwn() {
        List<String> classes = List.of(
                "\u80cc\u666f", "\u6c7d\u8f66", "traffic light", "traffic-light", "caf\u00e9", "Cafe", "!", "?");
        PixelCounts counts = new PixelCounts(classes);
        float[] logits = new float[classes.size() * classes.size()];
        int[] labels = new int[classes.size()];
        for (int c = 0; c < labels.length; c++) {
            logits[c * labels.length + c] = 1;
            labels[c] = c;
        }
        counts.add(logits, labels);
        assertThat(counts.scores())
                .hasSize(2 + classes.size())
                .containsKeys("iou_\u80cc\u666f", "iou_traffic_light_2", "iou_caf\u00e9");
    }

    /** Three constant answers over a map whose classes are not equally common. */
    @Test
    void aGuessIsTheMeanOfAllConstantAnswers() {
        int[] labels = {0, 0, 0, 0, 1, 1, 2, DenseDataset.IGNORED};
        double meanIou = 0;
        double pixelAccuracy = 0;
        for (int answer = 0; answer < 3; answer++) {
            PixelCounts counts = new PixelCounts(List.of("a", "b", "c"));
            float[] logits = new float[labels.length * 3];
            for (int pixel = 0; pixel < labels.length; pixel++) {
                logits[pixel * 3 + answer] = 1;
            }
            counts.add(logits, labels);
            meanIou += counts.meanIou() / 3;
            pixelAccuracy += counts.pixelAccuracy() / 3;
        }
        Map<String, Double> guess = Evaluation.guessOfPixels(3);
        assertThat(guess.get(Evaluation.MEAN_IOU)).isEqualTo(meanIou, within(1e-12));
        assertThat(guess.get(Evaluation.PIXEL_ACCURACY)).isEqualTo(pixelAccuracy, within(1e-12));
    }

    @Test
    void aClassThatIsOnlyGivenCountsAsZero() {
        PixelCounts counts = new PixelCounts(List.of("a", "b", "c", "d"));
        counts.add(logits(0, 2), new int[] {0, 0});
        assertThat(counts.iou(2)).isZero();
        assertThat(counts.meanIou()).isEqualTo(25);
    }
}
