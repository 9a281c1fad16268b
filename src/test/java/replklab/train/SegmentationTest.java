package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.UsageException;
import replklab.data.Augmentation;
import replklab.data.DatasetSpec;
import replklab.data.Datasets;
import replklab.data.DenseDataset;
import replklab.data.TrainTest;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetConfig;
import replklab.model.UperNet;
import replklab.model.UperNetConfig;
import replklab.tensor.Precision;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;
import replklab.train.TrainingConfig.OptimiserKind;

/** Dense prediction on a few scenes of 32x32: six steps, two epochs. */
class SegmentationTest {
    private static TrainTest data;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        data = Datasets.open(DatasetSpec.fashionScenes(32).withExamples(12, 30), 1);
    }

    private static UperNet network(int classes) {
        SplittableRandom random = new SplittableRandom(3);
        RepLKNetConfig config = new RepLKNetConfig(List.of(5, 3), List.of(1, 1), List.of(4, 8), 3, 1, 2, 0.4, 1, 2);
        return new UperNet(
                new RepLKNetBackbone(config, List.of(0, 1), true, random),
                new UperNetConfig(4, List.of(1, 2), 3, 0.2, classes),
                random);
    }

    private static TrainingConfig config(int epochs, double ema) {
        Augmentation augmentation = new Augmentation(2, 0.5, 0.25, 0, 0);
        return new TrainingConfig(
                epochs, 4, OptimiserKind.ADAMW, 0.01, 0.9, 0.05, 0.5, 0.1, 5, ema, 0, Precision.FLOAT32, augmentation);
    }

    /** Remembers results, and stops where a test says. */
    private static final class Heard implements TrainingListener {
        final List<EpochResult> epochs = new ArrayList<>();
        final List<Double> losses = new ArrayList<>();
        int stopAfter = Integer.MAX_VALUE;

        @Override
        public void step(long step, long totalSteps, double loss, double learningRate) {
            losses.add(loss);
        }

        @Override
        public void epoch(EpochResult result) {
            epochs.add(result);
        }

        boolean stopped() {
            return losses.size() >= stopAfter;
        }
    }

    private Trainer trainer(UperNet network, int epochs, Path where) {
        return new Trainer(TrainingTask.segmentation(network, data), config(epochs, 0.5), 5, where);
    }

    @Test
    void aStoppedTrainingEndsWithTheSameBits() throws Exception {
        UperNet whole = network(11);
        Heard heard = new Heard();
        assertThat(trainer(whole, 2, null).run(heard, () -> false).isComplete()).isTrue();
        assertThat(heard.losses).hasSize(6);

        Path parts = Files.createDirectories(folder.resolve("parts"));
        Heard first = new Heard();
        first.stopAfter = 4; // in the middle of the second epoch
        assertThat(trainer(network(11), 2, parts).run(first, first::stopped).isComplete())
                .isFalse();
        UperNet resumed = network(11);
        Heard second = new Heard();
        assertThat(trainer(resumed, 2, parts).run(second, () -> false).isComplete())
                .isTrue();
        assertThat(second.losses).isEqualTo(heard.losses.subList(4, 6));
        assertThat(second.epochs.getLast().evaluation())
                .isEqualTo(heard.epochs.getLast().evaluation());
        resumed.state()
                .forEach((name, variable) -> assertThat(variable.tensor().toArray())
                        .as(name)
                        .isEqualTo(whole.state().get(name).tensor().toArray()));
    }

    /** Over all test images at once, whatever their batches: the same as counted here, image by image. */
    @Test
    void scoresAreThoseOfTheWholeTestSet() {
        UperNet network = network(11);
        Evaluation evaluation =
                TrainingTask.segmentation(network, data).evaluate(() -> false).orElseThrow();
        DenseDataset test = (DenseDataset) data.test();
        PixelCounts counts = new PixelCounts(test.pixelClasses());
        float[] image = new float[32 * 32];
        byte[] labels = new byte[32 * 32];
        List<Double> accuracies = new ArrayList<>();
        List<Double> meanIous = new ArrayList<>();
        for (int i = 0; i < test.size(); i++) {
            test.read(i, image, 0, labels, 0);
            int[] wanted = new int[labels.length];
            Arrays.setAll(wanted, p -> labels[p] & 0xFF);
            try (Tape _ = Tape.inference()) {
                float[] logits = network.forward(Tensor.of(image, 1, 32, 32, 1)).toArray();
                counts.add(logits, wanted);
                PixelCounts alone = new PixelCounts(test.pixelClasses());
                alone.add(logits, wanted);
                accuracies.add(alone.pixelAccuracy());
                meanIous.add(alone.meanIou());
            }
        }
        assertThat(evaluation.images()).isEqualTo(30);
        assertThat(evaluation.deciding()).isEqualTo(counts.meanIou());
        assertThat(evaluation.scores()).isEqualTo(counts.scores());
        assertThat(evaluation.answers().columns())
                .containsOnly(
                        Map.entry(Evaluation.PIXEL_ACCURACY, accuracies), Map.entry(Evaluation.MEAN_IOU, meanIous));
        assertThat(evaluation.loss()).isPositive().isFinite();
        assertThat(TrainingTask.segmentation(network, data).evaluate(() -> true))
                .isEmpty();
    }

    /** What a training has seen often enough it knows: more pixels than a guess of the commonest class, and not of one class alone. */
    @Test
    void learnsItsTrainingImages() {
        DenseDataset seen = (DenseDataset) data.train();
        SplittableRandom random = new SplittableRandom(3);
        RepLKNetConfig config = new RepLKNetConfig(List.of(5, 3), List.of(1, 1), List.of(16, 32), 3, 1, 2, 0, 1, 2);
        UperNet network = new UperNet(
                new RepLKNetBackbone(config, List.of(0, 1), true, random),
                new UperNetConfig(16, List.of(), 0, 0, 11),
                random);
        TrainingConfig plain = new TrainingConfig(
                40, 2, OptimiserKind.ADAMW, 0.01, 0.9, 0, 0, 0, 5, 0, 0, Precision.FLOAT32, Augmentation.NONE);
        Heard heard = new Heard();
        new Trainer(TrainingTask.segmentation(network, new TrainTest(seen, seen)), plain, 5, null)
                .run(heard, () -> false);
        PixelCounts guess = new PixelCounts(seen.pixelClasses());
        byte[] labels = new byte[seen.shape().pixels()];
        for (int i = 0; i < seen.size(); i++) {
            seen.readLabels(i, labels, 0);
            int[] wanted = new int[labels.length];
            Arrays.setAll(wanted, p -> labels[p] & 0xFF);
            float[] logits = new float[labels.length * 11];
            for (int p = 0; p < labels.length; p++) {
                logits[11 * p] = 1;
            }
            guess.add(logits, wanted);
        }
        Evaluation learned = heard.epochs.getLast().evaluation();
        assertThat(learned.scores().get("pixel_accuracy"))
                .isGreaterThan(guess.scores().get("pixel_accuracy") + 3);
        assertThat(learned.deciding()).isGreaterThan(2 * guess.meanIou());
    }

    /** One of 11 classes for every pixel: an eleventh of the pixels, and of the class's IoU an eleventh share in the mean. */
    @Test
    void aDivergedTrainingIsWorthAGuess() {
        assertThat(TrainingTask.segmentation(network(11), data).guess())
                .containsExactly(
                        Map.entry(Evaluation.MEAN_IOU, 100.0 / 121), Map.entry(Evaluation.PIXEL_ACCURACY, 100.0 / 11));
    }

    @Test
    void theAverageTakesTheWeightsPlaceOnce() {
        UperNet network = network(11);
        Trainer trainer = trainer(network, 2, null);
        Heard heard = new Heard();
        trainer.run(heard, () -> false);
        trainer.applyAverage();
        assertThat(TrainingTask.segmentation(network, data).evaluate(() -> false))
                .hasValue(heard.epochs.getLast().evaluation());
    }

    @Test
    void refusesDataWithoutLabelsAndOtherNumbersOfClasses() {
        assertThatThrownBy(() -> TrainingTask.segmentation(network(11), Blobs.data()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'blobs' has no labels of pixels");
        assertThatThrownBy(() -> TrainingTask.segmentation(network(4), data))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("4 classes; the data has 11");
    }
}
