package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import replklab.nn.Pointwise;
import replklab.train.Answers;

/** What a network said, as a table and as a picture. */
class PredictionsTest {
    private static final Dots DATA = new Dots(List.of("dog, \"good\"", "cat"));

    private static Answers answers(String first, List<Double> firsts, String second, List<Double> seconds) {
        SequencedMap<String, List<Double>> columns = new LinkedHashMap<>();
        columns.put(first, firsts);
        columns.put(second, seconds);
        return new Answers(columns);
    }

    private static Answers predicted(double... labels) {
        return answers(
                Answers.PREDICTED,
                IntStream.range(0, labels.length).mapToObj(i -> labels[i]).toList(),
                Answers.PROBABILITY,
                IntStream.range(0, labels.length).mapToObj(i -> 0.1234567).toList());
    }

    @Test
    void theTableHasARowAnImage() {
        assertThat(Predictions.csv(DATA, predicted(0, 0, 1, 1, 0, 1)).lines())
                .startsWith(
                        "image,label,predicted,probability",
                        "0,\"dog, \"\"good\"\"\",\"dog, \"\"good\"\"\",0.12346",
                        "1,cat,\"dog, \"\"good\"\"\",0.12346",
                        "2,\"dog, \"\"good\"\"\",cat,0.12346")
                .hasSize(7);
        List<Double> scores = List.of(50.0, 51.0, 52.0, 53.0, 54.0, 100.0);
        assertThat(Predictions.csv(DATA, answers("pixel_accuracy", scores, "miou", scores))
                        .lines())
                .startsWith("image,label,pixel_accuracy,miou", "0,\"dog, \"\"good\"\"\",50.0,50.0")
                .hasSize(7);
    }

    @Test
    void wrongAnswersStandOutInThePicture() throws IOException {
        int right = marked(Predictions.samples(DATA, predicted(0, 1, 0, 1, 0, 1)));
        int oneWrong = marked(Predictions.samples(DATA, predicted(0, 1, 1, 1, 0, 1)));
        int twoWrong = marked(Predictions.samples(DATA, predicted(1, 1, 1, 1, 0, 1)));
        assertThat(right).isZero();
        assertThat(oneWrong).isPositive();
        assertThat(twoWrong).isGreaterThan(oneWrong);
        assertThat(Predictions.samples(DATA, predicted(1, 1, 1, 1, 0, 1)))
                .as("the same bytes again")
                .isEqualTo(Predictions.samples(DATA, predicted(1, 1, 1, 1, 0, 1)));
    }

    private static int marked(byte[] png) throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
        int count = 0;
        for (int i = 0; i < picture.getWidth() * picture.getHeight(); i++) {
            int color = picture.getRGB(i % picture.getWidth(), i / picture.getWidth()) & 0xFFFFFF;
            count += color == 0xC85200 ? 1 : 0;
        }
        return count;
    }

    /** Labels above what the network says: taller than the picture of a classifier by two maps. */
    @Test
    void densePredictionsAreDrawnAsMaps() throws IOException {
        List<Double> scores = List.of(50.0, 51.0, 52.0, 53.0, 54.0, 100.0);
        byte[] png = Predictions.samples(
                DATA,
                new Pointwise(2, 3, true, new SplittableRandom(1)),
                answers("pixel_accuracy", scores, "miou", scores));
        BufferedImage dense = ImageIO.read(new ByteArrayInputStream(png));
        BufferedImage plain =
                ImageIO.read(new ByteArrayInputStream(Predictions.samples(DATA, predicted(0, 1, 0, 1, 0, 1))));
        assertThat(dense.getHeight()).isGreaterThan(plain.getHeight() + 2 * 64);
    }
}
