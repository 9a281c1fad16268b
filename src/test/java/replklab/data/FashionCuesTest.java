package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the card in docs/fashion-cues.md promises. */
class FashionCuesTest {
    private static final Path FASHION_MNIST = Path.of("data", "fashion-mnist");
    private static final int SIDE = FashionCues.RESOLUTION;
    private static final int SOME = 100;

    private static TrainTest data;
    private static ImageDataset garments;
    private static CueConflicts conflicts;

    @BeforeAll
    static void open() {
        data = FashionCues.of(FashionMnist.open(FASHION_MNIST));
        garments = FashionMnist.open(FASHION_MNIST, Split.TEST);
        conflicts =
                CueConflicts.of(FashionCues.of(FashionMnist.open(FASHION_MNIST)).test(), SOME);
    }

    @Test
    void hasFashionMnistsHalvesAndLabels() {
        assertThat(data.train().size()).isEqualTo(60_000);
        assertThat(data.test().size()).isEqualTo(10_000);
        assertThat(data.shape()).isEqualTo(new ImageShape(SIDE, SIDE, 1));
        for (int i = 0; i < 20; i++) {
            assertThat(data.test().label(i)).isEqualTo(garments.label(i));
        }
        assertThat(data.train().info().digest()).isNotEqualTo(data.test().info().digest());
    }

    @Test
    void anImageIsTheSameWheneverItIsRead() {
        assertThat(image(data.train(), 7))
                .isEqualTo(
                        image(FashionCues.of(FashionMnist.open(FASHION_MNIST)).train(), 7));
        assertThat(image(data.train(), 7)).isNotEqualTo(image(data.train(), 8));
        assertThat(image(conflicts.images(), 7))
                .isEqualTo(image(
                        CueConflicts.of(
                                        FashionCues.of(FashionMnist.open(FASHION_MNIST))
                                                .test(),
                                        SOME)
                                .images(),
                        7));
    }

    @Test
    void normalisesWithTheTrainingImagesMeanAndDeviation() {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 2000; i++) {
            for (float value : image(data.train(), i)) {
                sum += value;
                squares += value * value;
            }
        }
        double count = 2000.0 * SIDE * SIDE;
        double mean = sum / count;
        assertThat(mean).isEqualTo(0, within(0.02));
        assertThat(Math.sqrt(squares / count - mean * mean)).isEqualTo(1, within(0.02));
    }

    @Test
    void theStripesTellTheLabelInTheDataAndTheOtherClassInConflicts() {
        int label = 0;
        int texture = 0;
        int shape = 0;
        for (int i = 0; i < SOME; i++) {
            label += stripes(image(data.test(), i)) == data.test().label(i) ? 1 : 0;
            int seen = stripes(image(conflicts.images(), i));
            texture += seen == conflicts.textures()[i] ? 1 : 0;
            shape += seen == conflicts.shapes()[i] ? 1 : 0;
        }
        // Neighbouring directions overlap, so that stripes alone do not settle every image.
        assertThat(label).isBetween(SOME / 2, SOME * 9 / 10);
        assertThat(texture).isBetween(SOME / 2, SOME * 9 / 10);
        assertThat(shape).isLessThan(SOME / 5);
    }

    @Test
    void inConflictsNoTextureIsTheShapesAndShapesAreBalanced() {
        assertThat(conflicts.images().size()).isEqualTo(SOME);
        int[] counts = new int[10];
        for (int i = 0; i < SOME; i++) {
            assertThat(conflicts.images().label(i)).isEqualTo(conflicts.shapes()[i]);
            assertThat(conflicts.textures()[i])
                    .isBetween(0, 9)
                    .isNotEqualTo(conflicts.shapes()[i]);
            counts[conflicts.shapes()[i]]++;
        }
        assertThat(counts).containsOnly(SOME / 10);
        assertThat(Arrays.stream(conflicts.textures()).distinct().count()).isEqualTo(10);
    }

    private static float[] image(ImageDataset dataset, int index) {
        float[] image = new float[dataset.shape().values()];
        dataset.read(index, image, 0);
        return image;
    }

    /** The class whose direction has the most energy of waves as long as the stripes are apart. */
    private static int stripes(float[] image) {
        int best = -1;
        double highest = -1;
        for (int kind = 0; kind < 10; kind++) {
            double energy = 0;
            for (double length = 4; length <= 5.5; length += 0.3) {
                double across = 2 * Math.PI / length * Math.cos(kind * Math.PI / 10);
                double down = 2 * Math.PI / length * Math.sin(kind * Math.PI / 10);
                double real = 0;
                double imaginary = 0;
                for (int y = 0; y < SIDE; y++) {
                    for (int x = 0; x < SIDE; x++) {
                        real += image[y * SIDE + x] * Math.cos(across * x + down * y);
                        imaginary += image[y * SIDE + x] * Math.sin(across * x + down * y);
                    }
                }
                energy = Math.max(energy, real * real + imaginary * imaginary);
            }
            if (energy > highest) {
                highest = energy;
                best = kind;
            }
        }
        return best;
    }
}
