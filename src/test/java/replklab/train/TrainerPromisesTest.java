package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.data.Augmentation;
import replklab.data.Batch;
import replklab.data.BatchLoader;
import replklab.data.Split;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.tensor.Precision;
import replklab.tensor.Tensor;
import replklab.train.TrainingConfig.OptimiserKind;

/** What a training tells, keeps and leaves as it was: four steps an epoch, two epochs. */
class TrainerPromisesTest {
    @TempDir
    Path folder;

    private static TrainingConfig config(double rate, double ema) {
        return new TrainingConfig(
                2, 6, OptimiserKind.SGD, rate, 0.9, 0.01, 0.5, 0.1, 0, ema, 0, Precision.FLOAT32, Augmentation.NONE);
    }

    /** Remembers what it hears. */
    private static final class Heard implements TrainingListener {
        final List<Long> steps = new ArrayList<>();
        final List<Long> totals = new ArrayList<>();
        final List<Double> losses = new ArrayList<>();
        final List<Double> rates = new ArrayList<>();
        final List<EpochResult> epochs = new ArrayList<>();

        @Override
        public void step(long step, long totalSteps, double loss, double learningRate) {
            steps.add(step);
            totals.add(totalSteps);
            losses.add(loss);
            rates.add(learningRate);
        }

        @Override
        public void epoch(EpochResult result) {
            epochs.add(result);
        }
    }

    private static Map<String, float[]> weights(Layer model) {
        Map<String, float[]> values = new LinkedHashMap<>();
        model.state()
                .forEach((name, variable) -> values.put(name, variable.tensor().toArray()));
        return values;
    }

    private static void assertWeights(Layer model, Map<String, float[]> expected) {
        weights(model).forEach((name, values) -> assertThat(values).as(name).containsExactly(expected.get(name)));
    }

    /** Two steps of warm-up to 0.1, then half a cosine over the other six. */
    @Test
    void tellsOfEachStepWithItsLearningRate() {
        Heard heard = new Heard();
        new Trainer(Networks.withDropPath(1, 4), Blobs.data(), config(0.1, 0), 1, null).run(heard, () -> false);
        assertThat(heard.steps).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(heard.totals).containsOnly(8L);
        double root = Math.sqrt(3) / 2;
        double[] expected = {
            0.05, 0.1, 0.1, 0.05 * (1 + root), 0.075, 0.05, 0.025, 0.05 * (1 - root),
        };
        assertThat(heard.rates.stream().mapToDouble(Double::doubleValue).toArray())
                .containsExactly(expected, within(1e-12));
        assertThat(heard.epochs)
                .extracting(EpochResult::learningRate)
                .containsExactly(heard.rates.get(3), heard.rates.get(7));
    }

    /** No machine is so slow or fast that a training takes longer than what is around it. */
    @Test
    void theSecondsAreThoseOfTheWork() {
        Heard heard = new Heard();
        AtomicInteger asked = new AtomicInteger();
        long begin = System.nanoTime();
        Trainer first = new Trainer(Networks.withDropPath(1, 4), Blobs.data(), config(0.1, 0), 1, folder);
        first.run(heard, () -> asked.incrementAndGet() > 3);
        double earlier = first.seconds();
        assertThat(earlier).isPositive();
        Trainer second = new Trainer(Networks.withDropPath(1, 4), Blobs.data(), config(0.1, 0), 1, folder);
        second.run(heard, () -> false);
        double around = (System.nanoTime() - begin) / 1e9;
        assertThat(second.seconds()).isGreaterThan(earlier).isLessThan(around);
        assertThat(heard.epochs).hasSize(2).allSatisfy(epoch -> {
            assertThat(epoch.seconds()).isPositive().isLessThan(around);
            assertThat(epoch.imagesPerSecond()).isGreaterThan(24 / around);
        });
    }

    @ParameterizedTest
    @CsvSource({"0, true", "0.5, true", "0.5, false"})
    void looksAtTheModelAsItIsEvaluated(double ema, boolean training) {
        Layer model = Networks.withDropPath(1, 4);
        Trainer trainer = new Trainer(model, Blobs.data(), config(0.1, ema), 1, null);
        Heard heard = new Heard();
        trainer.run(heard, () -> false);
        model.train(training);
        Map<String, float[]> before = weights(model);
        Optional<Evaluation> evaluated = trainer.asEvaluated(() -> {
            assertThat(model.isTraining()).isFalse();
            return TrainingTask.classification(model, Blobs.data()).evaluate(() -> false);
        });
        assertThat(evaluated).hasValue(heard.epochs.getLast().evaluation());
        assertThat(model.isTraining()).isEqualTo(training);
        assertWeights(model, before);
        assertThatThrownBy(() -> trainer.asEvaluated(() -> {
                    throw new IllegalStateException("looked away");
                }))
                .hasMessage("looked away");
        assertThat(model.isTraining()).isEqualTo(training);
        assertWeights(model, before);
    }

    @ParameterizedTest
    @ValueSource(strings = {Trainer.CHECKPOINT, Trainer.CHECKPOINT_BEFORE})
    void eitherCheckpointIsOneUntilItIsForgotten(String name) throws IOException {
        Files.writeString(folder.resolve(Trainer.FINAL), "stays");
        assertThat(Trainer.hasCheckpoint(folder)).isFalse();
        Files.writeString(folder.resolve(name), "a checkpoint");
        assertThat(Trainer.hasCheckpoint(folder)).isTrue();
        Trainer.forgetCheckpoints(folder);
        assertThat(Trainer.hasCheckpoint(folder)).isFalse();
        assertThat(folder.resolve(Trainer.FINAL)).hasContent("stays");
    }

    /** Images on a disk that fails at one reading. */
    private static final class Failing extends Blobs {
        private final int at;
        private int read;

        Failing(Split split, int size, int at) {
            super(split, size);
            this.at = at;
        }

        @Override
        public void read(int index, float[] into, int offset) {
            if (read++ == at) {
                throw new LabException("image " + index + " cannot be read");
            }
            super.read(index, into, offset);
        }
    }

    /** In the second batch of the training images, or of the test images: a failure is no stop, and no good step is lost. */
    @ParameterizedTest
    @CsvSource({"TRAIN, 8, 1", "TEST, 8, 4"})
    void imagesThatCannotBeReadEndTheTraining(Split half, int at, int steps) {
        TrainTest data = Blobs.data();
        TrainTest failing = half == Split.TRAIN
                ? new TrainTest(new Failing(Split.TRAIN, 24, at), data.test())
                : new TrainTest(data.train(), new Failing(Split.TEST, 10, at));
        Heard heard = new Heard();
        assertThatThrownBy(() -> new Trainer(Networks.withDropPath(1, 4), failing, config(0.1, 0.8), 3, folder)
                        .run(heard, () -> false))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("cannot be read");
        assertThat(heard.steps).hasSize(steps);
        assertThat(heard.epochs).isEmpty();

        Layer resumed = Networks.withDropPath(99, 4);
        assertThat(new Trainer(resumed, data, config(0.1, 0.8), 3, folder).run(heard, () -> false))
                .isEqualTo(TrainingOutcome.COMPLETE);
        Layer whole = Networks.withDropPath(1, 4);
        Heard undisturbed = new Heard();
        new Trainer(whole, data, config(0.1, 0.8), 3, null).run(undisturbed, () -> false);
        assertThat(heard.steps).isEqualTo(undisturbed.steps);
        assertThat(heard.losses).isEqualTo(undisturbed.losses);
        assertWeights(resumed, weights(whole));
    }

    /** Learns what is shown instead of the batch that comes. */
    private record Showing(TrainingTask task, UnaryOperator<Batch> shown) implements TrainingTask {
        static Showing of(UnaryOperator<Batch> shown) {
            return new Showing(TrainingTask.classification(Networks.withDropPath(1, 4), Blobs.data()), shown);
        }

        @Override
        public Layer model() {
            return task.model();
        }

        @Override
        public BatchLoader batches(TrainingConfig config, long seed) {
            return task.batches(config, seed);
        }

        @Override
        public Tensor loss(Batch batch, TrainingConfig config) {
            return task.loss(shown.apply(batch), config);
        }

        @Override
        public Optional<Evaluation> evaluate(BooleanSupplier stopped) {
            return task.evaluate(stopped);
        }

        @Override
        public SequencedMap<String, Double> guess() {
            return task.guess();
        }
    }

    @Test
    void learnsTheLoadersBatchesEpochByEpoch() {
        List<float[]> seen = new ArrayList<>();
        Showing task = Showing.of(batch -> {
            seen.add(batch.images().clone());
            return batch;
        });
        new Trainer(task, config(0.1, 0), 3, null).run(new Heard(), () -> false);
        BatchLoader loader = task.batches(config(0.1, 0), 3);
        assertThat(seen).hasSize(8);
        for (int step = 0; step < 8; step++) {
            assertThat(seen.get(step))
                    .as("step " + step)
                    .containsExactly(loader.batch(step / 4, step % 4).images());
        }
    }

    /** The same images at each step, so that only what is random within the network makes a difference. */
    private static List<Double> dropped(long seed) {
        Batch batch = BatchLoader.forEvaluation(Blobs.data().train(), 6, 1).batch(0, 0);
        Heard heard = new Heard();
        new Trainer(Showing.of(_ -> batch), config(1e-30, 0), seed, null).run(heard, () -> false);
        return heard.losses;
    }

    @Test
    void dropPathIsDrawnFromTheSeedAndTheStep() {
        assertThat(new HashSet<>(dropped(1))).as("differing steps").hasSizeGreaterThan(4);
        assertThat(dropped(1)).isEqualTo(dropped(1)).isNotEqualTo(dropped(2));
        assertThat(dropped(1).subList(1, 8))
                .as("not the next seed's, a step later")
                .isNotEqualTo(dropped(2).subList(0, 7));
    }

    @Test
    void onlyATrainingThatDivergedThrows() {
        assertThat(TrainingOutcome.COMPLETE.isCompleteOrThrow()).isTrue();
        assertThat(TrainingOutcome.STOPPED.isCompleteOrThrow()).isFalse();
    }
}
