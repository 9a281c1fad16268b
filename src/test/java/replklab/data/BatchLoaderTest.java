package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.UsageException;

class BatchLoaderTest {
    private static final ImageShape SHAPE = new ImageShape(6, 5, 1);
    private static final Augmentation EVERYTHING = new Augmentation(2, 0.5, 0.5, 0.8, 1);
    private final FakeDataset dataset = FakeDataset.roundRobin(SHAPE, 43, 3);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void anyNumberOfWorkersGivesTheSameBits(int workers) {
        BatchLoader one = BatchLoader.forTraining(dataset, 4, EVERYTHING, 11, 1);
        List<Batch> found = batches(BatchLoader.forTraining(dataset, 4, EVERYTHING, 11, workers), 3, 0);
        assertThat(found).hasSize(10);
        for (int k = 0; k < found.size(); k++) {
            assertSame(found.get(k), one.batch(3, k));
        }
    }

    @Test
    void aRunThatResumesSeesTheSameBits() {
        List<Batch> whole = batches(BatchLoader.forTraining(dataset, 4, EVERYTHING, 11, 2), 1, 0);
        List<Batch> rest = batches(BatchLoader.forTraining(dataset, 4, EVERYTHING, 11, 2), 1, 6);
        assertThat(rest).hasSize(4);
        for (int k = 0; k < 4; k++) {
            assertSame(rest.get(k), whole.get(6 + k));
        }
        assertThat(batches(BatchLoader.forTraining(dataset, 4, EVERYTHING, 11, 2), 1, 10))
                .isEmpty();
    }

    @Test
    void epochsAndSeedsDiffer() {
        BatchLoader loader = BatchLoader.forTraining(dataset, 4, EVERYTHING, 11, 1);
        BatchLoader other = BatchLoader.forTraining(dataset, 4, EVERYTHING, 12, 1);
        assertThat(loader.batch(0, 0).images()).isNotEqualTo(loader.batch(1, 0).images());
        assertThat(loader.batch(0, 0).images()).isNotEqualTo(other.batch(0, 0).images());
    }

    @Test
    void trainingVisitsEachExampleAtMostOnceAndDropsTheRest() {
        List<Batch> batches = batches(BatchLoader.forTraining(dataset, 4, Augmentation.NONE, 11, 2), 0, 0);
        List<Integer> seen = new ArrayList<>();
        for (Batch batch : batches) {
            assertThat(batch.size()).isEqualTo(4);
            for (int i = 0; i < 4; i++) {
                int example = (int) batch.images()[i * 30] / 1000;
                seen.add(example);
                assertThat(batch.labels()[i]).isEqualTo(example % 3);
                assertThat(batch.images()[i * 30 + 29]).isEqualTo(1000 * example + 29);
                for (int c = 0; c < 3; c++) {
                    assertThat(batch.targets()[i * 3 + c]).isEqualTo(c == example % 3 ? 1 : 0);
                }
            }
        }
        assertThat(seen).hasSize(40).doesNotHaveDuplicates().isNotEqualTo(new ArrayList<>(new TreeSet<>(seen)));
    }

    @Test
    void evaluationGivesEveryExampleInOrder() {
        List<Batch> batches = batches(BatchLoader.forEvaluation(dataset, 10, 3), 0, 0);
        assertThat(batches).extracting(Batch::size).containsExactly(10, 10, 10, 10, 3);
        assertThat(batches.getLast().classes()).isEqualTo(3);
        int[] examples = batches.stream()
                .flatMapToInt(batch -> IntStream.range(0, batch.size()).map(i -> (int) batch.images()[i * 30] / 1000))
                .toArray();
        assertThat(examples).isEqualTo(IntStream.range(0, 43).toArray());
    }

    @Test
    void labelsAreThoseOfBeforeTheMixing() {
        Augmentation mixup = new Augmentation(0, 0, 0, 1000, 0); // lambda close to a half
        Batch mixed = BatchLoader.forTraining(dataset, 4, mixup, 11, 1).batch(0, 0);
        Batch plain =
                BatchLoader.forTraining(dataset, 4, Augmentation.NONE, 11, 1).batch(0, 0);
        assertThat(mixed.labels()).isEqualTo(plain.labels());
        assertThat(mixed.images()).isNotEqualTo(plain.images());
    }

    @Test
    void cropsFillWithBlack() {
        Augmentation crop = new Augmentation(4, 0, 0, 0, 0);
        Batch batch = BatchLoader.forTraining(dataset, 40, crop, 11, 1).batch(0, 0);
        float black = (0f - 0.5f) / 0.25f;
        boolean seen = false;
        for (float value : batch.images()) {
            seen |= value == black;
            assertThat(value)
                    .satisfiesAnyOf(
                            v -> assertThat(v).isEqualTo(black),
                            v -> assertThat(v).isNotNegative());
        }
        assertThat(seen).isTrue();
    }

    @Test
    void refusesWhatCannotWork() {
        assertUsage(
                () -> BatchLoader.forTraining(dataset, 44, Augmentation.NONE, 1, 1),
                "batch size 44: more than the 43 training examples of 'fake'");
        assertUsage(() -> BatchLoader.forEvaluation(dataset, 0, 1), "batch size 0: must be at least 1");
        assertUsage(() -> BatchLoader.forEvaluation(dataset, 4, 0), "workers 0: must be at least 1");
        assertUsage(
                () -> BatchLoader.forTraining(dataset, 4, new Augmentation(5, 0, 0, 0, 0), 1, 1),
                "cropPadding 5: must be less than the sides of a 6x5x1 image");
        BatchLoader loader = BatchLoader.forEvaluation(dataset, 43, 1);
        assertThatThrownBy(() -> loader.epoch(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> loader.batch(0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static List<Batch> batches(BatchLoader loader, int epoch, int first) {
        var batches = new ArrayList<Batch>();
        try (BatchStream stream = loader.epoch(epoch, first)) {
            stream.forEachRemaining(batches::add);
        }
        return batches;
    }

    private static void assertSame(Batch found, Batch expected) {
        assertThat(found.images()).isEqualTo(expected.images());
        assertThat(found.labels()).isEqualTo(expected.labels());
        assertThat(found.targets()).isEqualTo(expected.targets());
    }

    private static void assertUsage(Runnable call, String message) {
        assertThatThrownBy(call::run).isInstanceOf(UsageException.class).hasMessage(message);
    }
}
