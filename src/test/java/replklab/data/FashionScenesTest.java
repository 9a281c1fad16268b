package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import replklab.base.Digests;
import replklab.base.UsageException;

class FashionScenesTest {
    private static final Path FOLDER = Path.of("data", "fashion-mnist");
    private static final int SIDE = 48;

    private static TrainTest data;

    @BeforeAll
    static void open() {
        data = FashionScenes.of(FashionMnist.open(FOLDER), SIDE);
    }

    private static DenseDataset train() {
        return (DenseDataset) data.train();
    }

    private static float[] image(ImageDataset dataset, int index) {
        float[] image = new float[dataset.shape().values()];
        dataset.read(index, image, 0);
        return image;
    }

    private static byte[] labels(DenseDataset dataset, int index) {
        byte[] labels = new byte[dataset.shape().pixels()];
        dataset.readLabels(index, labels, 0);
        return labels;
    }

    @Test
    void aSceneHasTheClassOfItsMainGarmentWhichIsFashionMnists() {
        ImageDataset garments = FashionMnist.open(FOLDER, Split.TEST);
        assertThat(data.test().size()).isEqualTo(10_000);
        assertThat(data.train().size()).isEqualTo(60_000);
        assertThat(IntStream.range(0, 10_000).map(data.test()::label).toArray())
                .isEqualTo(IntStream.range(0, 10_000).map(garments::label).toArray());
        assertThat(data.test().classes()).isEqualTo(FashionMnist.CLASSES);
        assertThat(train().pixelClasses()).hasSize(11).startsWith("background", "T-shirt/top");
    }

    @Test
    void theMainGarmentIsTheLargestOne() {
        int largest = 0;
        for (int i = 0; i < 300; i++) {
            long[] pixels = new long[11];
            for (byte label : labels(train(), i)) {
                assertThat(label).isBetween((byte) 0, (byte) 10);
                pixels[label]++;
            }
            long main = pixels[1 + train().label(i)];
            assertThat(main).as("scene %d", i).isPositive();
            largest += main == Arrays.stream(pixels, 1, 11).max().orElseThrow() ? 1 : 0;
        }
        // A thin sandal behind bars may show less than a small coat in front of it.
        assertThat(largest).isGreaterThan(270);
    }

    /** Whoever reads, in whatever order, and both at once or apart. */
    @Test
    void everySceneIsAlwaysTheSame() {
        int[] order = IntStream.range(0, 60).map(i -> i * 37 % 60).toArray();
        Map<Integer, float[]> images = new HashMap<>();
        Map<Integer, byte[]> masks = new HashMap<>();
        for (int index : order) {
            images.put(index, image(train(), index));
            masks.put(index, labels(train(), index));
        }
        IntStream.range(0, 60).parallel().forEach(index -> {
            float[] image = new float[train().shape().values() + 3];
            byte[] mask = new byte[train().shape().pixels() + 5];
            train().read(index, image, 3, mask, 5);
            assertThat(Arrays.copyOfRange(image, 3, image.length)).isEqualTo(images.get(index));
            assertThat(Arrays.copyOfRange(mask, 5, mask.length)).isEqualTo(masks.get(index));
            assertThat(Arrays.copyOf(image, 3)).containsOnly(0);
        });
        assertThat(images.get(0)).isNotEqualTo(images.get(1));
        assertThat(image(data.test(), 0)).isNotEqualTo(images.get(0));
    }

    /** The very bits, of every machine: results depend on them, so another digest is another version of the data. */
    @Test
    void theBitsAreThoseOfThisVersion() {
        ByteBuffer bytes = ByteBuffer.allocate(20 * SIDE * SIDE * 5);
        for (int i = 0; i < 20; i++) {
            for (float value : image(data.test(), i)) {
                bytes.putFloat(value);
            }
            bytes.put(labels((DenseDataset) data.test(), i));
        }
        assertThat(Digests.of(bytes.array()))
                .isEqualTo("7301f21154f35a886fa8cc26fccc6924164511bc62a1fa0cf21630e23074302c");
    }

    @Test
    void normalisesWithTheTrainingScenesOwnMeanAndDeviation() {
        ImageDataset scenes =
                Subset.balanced(FashionScenes.of(FashionMnist.open(FOLDER), 64).train(), "trainExamples", 2000, 1);
        DatasetStatistics found = DatasetStatistics.of(scenes);
        assertThat(found.mean().getFirst())
                .isEqualTo(FashionScenes.NORMALIZATION.mean().getFirst(), within(0.01));
        assertThat(found.std().getFirst())
                .isEqualTo(FashionScenes.NORMALIZATION.std().getFirst(), within(0.005));
        assertThat(found.images()).containsOnly(200L);
        assertThat(found.pixelShare(0)).isBetween(0.55, 0.7);
        assertThat(found.text()).contains("2000 images", "background", "Ankle boot");
    }

    @Test
    void saysWhereItComesFrom() {
        DatasetInfo info = data.train().info();
        assertThat(info.name()).isEqualTo("fashion-scenes");
        assertThat(info.source()).contains("seed 220306717", "version 1", "train-images-idx3-ubyte.gz");
        assertThat(info.digest()).isNotEqualTo(data.test().info().digest());
        assertThat(FashionScenes.of(FashionMnist.open(FOLDER), 64)
                        .train()
                        .info()
                        .digest())
                .isNotEqualTo(info.digest());
    }

    @Test
    void takesResolutionsWithinBounds() {
        assertThat(DatasetSpec.fashionScenes(0).resolution()).isEqualTo(64);
        assertThat(Datasets.open(DatasetSpec.fashionScenes(128).withExamples(10, 10), 1, Path.of(""))
                        .shape())
                .isEqualTo(new ImageShape(128, 128, 1));
        for (int refused : new int[] {31, 129, -1}) {
            assertThatThrownBy(() -> DatasetSpec.fashionScenes(refused))
                    .isInstanceOf(UsageException.class)
                    .hasMessage("resolution " + refused
                            + ": must be 32 to 128, or 0 for the default of 64; data set 'fashion-scenes'");
        }
    }

    @Test
    void touchesNothingElse() {
        assertThatThrownBy(() -> train().read(60_000, new float[SIDE * SIDE], 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> train().read(0, new float[SIDE * SIDE], 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> train().readLabels(0, new byte[SIDE * SIDE], 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
