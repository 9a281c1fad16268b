package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;

/** Labels of pixels go where the pixels go. */
class DenseBatchTest {
    private static final ImageShape SHAPE = new ImageShape(6, 5, 1);
    private final FakeDense dataset = new FakeDense(SHAPE, 40);
    private final float black = dataset.info().normalization().black()[0];

    @Test
    void shiftAndFlipMoveLabelsWithPixels() {
        BatchLoader loader = BatchLoader.forDenseTraining(dataset, 8, new Augmentation(2, 0.5, 0, 0, 0), 5, 2);
        int outside = 0;
        for (int k = 0; k < 5; k++) {
            Batch batch = loader.batch(0, k);
            for (int i = 0; i < batch.images().length; i++) {
                boolean isOutside = batch.images()[i] == black;
                outside += isOutside ? 1 : 0;
                assertThat(batch.pixelLabels()[i])
                        .isEqualTo(isOutside ? DenseDataset.IGNORED : (int) batch.images()[i]);
            }
        }
        assertThat(outside).isPositive();
    }

    @Test
    void theImagesAreThoseOfClassification() {
        Augmentation augmentation = new Augmentation(1, 0.5, 0.3, 0, 0);
        Batch dense =
                BatchLoader.forDenseTraining(dataset, 8, augmentation, 5, 1).batch(2, 1);
        Batch plain = BatchLoader.forTraining(dataset, 8, augmentation, 5, 1).batch(2, 1);
        assertThat(dense.images()).isEqualTo(plain.images());
        assertThat(dense.labels()).isEqualTo(plain.labels());
        assertThat(plain.pixelLabels()).isEmpty();
    }

    @Test
    void evaluationLeavesThemInPlace() {
        Batch batch = BatchLoader.forDenseEvaluation(dataset, 8, 1).batch(0, 1);
        assertThat(batch.pixelLabels())
                .isEqualTo(IntStream.range(0, batch.images().length)
                        .map(i -> (int) batch.images()[i])
                        .toArray());
    }

    @Test
    void aSubsetKeepsItsPixelsLabels() {
        DenseDataset subset = (DenseDataset) Subset.balanced(dataset, "trainExamples", 9, 1);
        float[] image = new float[30];
        byte[] labels = new byte[30];
        byte[] apart = new byte[30];
        for (int i = 0; i < 9; i++) {
            subset.read(i, image, 0, labels, 0);
            subset.readLabels(i, apart, 0);
            assertThat(apart).isEqualTo(labels);
            for (int p = 0; p < 30; p++) {
                assertThat((int) labels[p]).isEqualTo((int) image[p]);
            }
        }
        assertThat(subset.pixelClasses()).isEqualTo(dataset.pixelClasses());
    }

    @Test
    void pixelsAreNotMixed() {
        assertThatThrownBy(() -> BatchLoader.forDenseTraining(dataset, 8, new Augmentation(0, 0, 0, 0.8, 0), 5, 1))
                .isInstanceOf(UsageException.class)
                .hasMessage("mixup 0.8, cutmix 0.0: they are for classification; pixels cannot be mixed");
    }

    @Test
    void geometryMovesLabels() {
        byte[] moved = new byte[8];
        new Geometry(1, -1, true).apply(new byte[] {1, 2, 3, 4, 5, 6}, moved, 1, new ImageShape(2, 3, 1), (byte) 9);
        assertThat(moved).containsExactly(0, 5, 4, 9, 9, 9, 9, 0);
        assertThat(Arrays.copyOfRange(moved, 7, 8)).containsOnly(0);
    }
}
