package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.data.Augmentation;
import replklab.data.Split;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.tensor.Backend;
import replklab.tensor.ConvolutionOperation.Convolution;
import replklab.tensor.ConvolutionOperation.ConvolutionGradient;
import replklab.tensor.ConvolutionOperation.Pointwise;
import replklab.tensor.ConvolutionOperation.PointwiseGradient;
import replklab.tensor.ForwardingBackend;
import replklab.tensor.Operation;
import replklab.tensor.Precision;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;
import replklab.train.TrainingConfig.OptimiserKind;
import replklab.weights.Weights;

/** Training on images of 8x8: four steps an epoch, two epochs. */
class TrainerTest {
    private static final int STEPS = 8;
    private static final Augmentation ALL = new Augmentation(1, 0.5, 0.25, 0.8, 1);

    @TempDir
    Path folder;

    private static TrainingConfig config(
            OptimiserKind optimiser, double rate, double ema, double clip, int maxSteps, Augmentation augmentation) {
        return new TrainingConfig(
                2, 6, optimiser, rate, 0.9, 0.01, 0.5, 0.1, clip, ema, maxSteps, Precision.FLOAT32, augmentation);
    }

    private static TrainingConfig everything(OptimiserKind optimiser) {
        return config(optimiser, optimiser == OptimiserKind.SGD ? 0.1 : 0.01, 0.8, 5, 0, ALL);
    }

    private static TrainingConfig simple() {
        return config(OptimiserKind.SGD, 0.1, 0, 0, 0, Augmentation.NONE);
    }

    /** Remembers what it hears, and after a step does what a test wants. */
    private static final class Heard implements TrainingListener {
        final List<Double> losses = new ArrayList<>();
        final List<EpochResult> epochs = new ArrayList<>();
        final List<Long> memory = new ArrayList<>();
        final List<String> notices = new ArrayList<>();
        long stopAfter = Long.MAX_VALUE;
        Runnable atEpoch = () -> {};

        @Override
        public void step(long step, long totalSteps, double loss, double learningRate) {
            losses.add(loss);
            memory.add(Tape.memoryBytes());
        }

        @Override
        public void epoch(EpochResult result) {
            epochs.add(result);
            atEpoch.run();
        }

        @Override
        public void notice(String line) {
            notices.add(line);
        }

        boolean stopped() {
            return losses.size() >= stopAfter;
        }

        /** Everything of the epochs that does not depend on the clock. */
        List<Object> outcome() {
            List<Object> outcome = new ArrayList<>();
            epochs.forEach(epoch -> outcome.addAll(
                    List.of(epoch.epoch(), epoch.step(), epoch.trainLoss(), epoch.learningRate(), epoch.evaluation())));
            return outcome;
        }
    }

    private static Map<String, float[]> weights(Layer model) {
        Map<String, float[]> values = new LinkedHashMap<>();
        model.state()
                .forEach((name, variable) -> values.put(name, variable.tensor().toArray()));
        return values;
    }

    private static void assertSameBits(Layer model, Layer other) {
        Map<String, float[]> expected = weights(other);
        weights(model).forEach((name, values) -> assertThat(values).as(name).containsExactly(expected.get(name)));
    }

    private static Layer trained(TrainingConfig config, long seed) {
        Layer model = Networks.withDropPath(1, 4);
        assertThat(new Trainer(model, Blobs.data(), config, seed, null).run(new Heard(), () -> false))
                .isEqualTo(TrainingOutcome.COMPLETE);
        return model;
    }

    @Test
    void learns() {
        Heard heard = new Heard();
        Trainer trainer = new Trainer(Networks.withDropPath(1, 4), Blobs.data(), simple(), 1, folder);
        assertThat(trainer.run(heard, () -> false)).isEqualTo(TrainingOutcome.COMPLETE);
        assertThat(heard.losses).hasSize(STEPS);
        assertThat(heard.epochs).extracting(EpochResult::epoch).containsExactly(1, 2);
        assertThat(heard.epochs).extracting(EpochResult::step).containsExactly(4L, 8L);
        assertThat(heard.epochs.getLast().evaluation().accuracy()).isGreaterThanOrEqualTo(90);
        assertThat(heard.epochs.getLast().evaluation().images()).isEqualTo(10);
        assertThat(heard.epochs.getFirst().trainLoss())
                .isCloseTo(
                        heard.losses.subList(0, 4).stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElseThrow(),
                        within(1e-12));
        assertThat(heard.epochs.getLast().seconds())
                .isGreaterThan(heard.epochs.getFirst().seconds())
                .isEqualTo(trainer.seconds());
        assertThat(folder.resolve(Trainer.FINAL)).exists();
    }

    @ParameterizedTest
    @EnumSource(OptimiserKind.class)
    void oneSeedGivesTheSameBits(OptimiserKind optimiser) {
        Layer model = trained(everything(optimiser), 1);
        assertSameBits(trained(everything(optimiser), 1), model);
        assertThat(weights(trained(everything(optimiser), 2)).get("0.conv.weight"))
                .isNotEqualTo(weights(model).get("0.conv.weight"));
    }

    /** After step 4 the epoch's steps are done, but it is not evaluated; after step 8 the whole training's. */
    @ParameterizedTest
    @CsvSource({"SGD, 1", "SGD, 4", "SGD, 6", "ADAMW, 3", "ADAMW, 5", "ADAMW, 8"})
    void aStoppedRunEndsWithTheBitsOfAnUninterruptedOne(OptimiserKind optimiser, int stopAfter) throws IOException {
        TrainingConfig config = everything(optimiser);
        Path whole = Files.createDirectories(folder.resolve("whole"));
        Path parts = Files.createDirectories(folder.resolve("parts"));
        Layer model = Networks.withDropPath(1, 4);
        Heard heard = new Heard();
        assertThat(new Trainer(model, Blobs.data(), config, 3, whole).run(heard, () -> false))
                .isEqualTo(TrainingOutcome.COMPLETE);

        Heard first = new Heard();
        first.stopAfter = stopAfter;
        assertThat(new Trainer(Networks.withDropPath(1, 4), Blobs.data(), config, 3, parts).run(first, first::stopped))
                .isEqualTo(TrainingOutcome.STOPPED);
        assertThat(first.losses).hasSize(stopAfter);
        // Another start: everything must come from the checkpoint.
        Layer resumed = Networks.withDropPath(99, 4);
        Heard second = new Heard();
        assertThat(new Trainer(resumed, Blobs.data(), config, 3, parts).run(second, () -> false))
                .isEqualTo(TrainingOutcome.COMPLETE);

        assertSameBits(resumed, model);
        first.losses.addAll(second.losses);
        assertThat(first.losses).isEqualTo(heard.losses);
        first.epochs.addAll(second.epochs);
        assertThat(first.outcome()).isEqualTo(heard.outcome());
        assertThat(parts.resolve(Trainer.FINAL)).hasSameBinaryContentAs(whole.resolve(Trainer.FINAL));
        // It is done: started again, there is nothing to do.
        Heard third = new Heard();
        assertThat(new Trainer(Networks.withDropPath(7, 4), Blobs.data(), config, 3, parts).run(third, () -> false))
                .isEqualTo(TrainingOutcome.COMPLETE);
        assertThat(third.losses).isEmpty();
        assertThat(third.epochs).isEmpty();
    }

    /** Whether the products that go through are of bfloat16; says that they are no faster. */
    private static final class Products extends ForwardingBackend {
        private final Set<Precision> seen = new LinkedHashSet<>();

        Products() {
            super(Backend.current());
        }

        @Override
        public boolean accelerates(Precision precision) {
            return false;
        }

        @Override
        public void execute(Operation operation) {
            switch (operation) {
                case Pointwise product -> seen.add(product.precision());
                case PointwiseGradient product -> seen.add(product.precision());
                case Convolution product -> seen.add(product.precision());
                case ConvolutionGradient product -> seen.add(product.precision());
                default -> {}
            }
            super.execute(operation);
        }
    }

    private static boolean hasFloat32(float[] values) {
        for (float value : values) {
            if ((Float.floatToRawIntBits(value) & 0xffff) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Every product of a training and its evaluations is of bfloat16, the weights are not; it learns, and repeats its bits. */
    @Test
    void trainsInBfloat16() {
        TrainingConfig config = new TrainingConfig(
                2, 6, OptimiserKind.SGD, 0.1, 0.9, 0.01, 0.5, 0.1, 0, 0, 0, Precision.BF16, Augmentation.NONE);
        Layer model = Networks.withDropPath(1, 4);
        Trainer trainer = new Trainer(model, Blobs.data(), config, 3, null);
        Heard heard = new Heard();
        Products products = new Products();
        Backend.with(products, () -> {
            assertThat(trainer.run(heard, () -> false)).isEqualTo(TrainingOutcome.COMPLETE);
            trainer.asEvaluated(() -> model.forward(Tensor.zeros(1, 8, 8, 1)));
        });
        assertThat(products.seen).containsExactly(Precision.BF16);
        assertThat(heard.notices).anyMatch(notice -> notice.contains("products of bfloat16"));
        assertThat(heard.epochs.getLast().evaluation().accuracy()).isGreaterThanOrEqualTo(90);
        assertSameBits(trained(config, 3), model);
        assertThat(weights(model).values()).anyMatch(TrainerTest::hasFloat32);
        assertThat(Precision.current()).isEqualTo(Precision.FLOAT32);
    }

    /** Interrupts the training when it waits for the first batch of one half. */
    private static final class Interrupting extends Blobs {
        private final Thread training = Thread.currentThread();
        private boolean done;

        Interrupting(Split split, int size) {
            super(split, size);
        }

        @Override
        public void read(int index, float[] into, int offset) {
            super.read(index, into, offset);
            if (!done) {
                done = true;
                while (training.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                training.interrupt();
                try {
                    Thread.sleep(10_000); // ended by the interrupt that closing the batches sends
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Split.class)
    void anInterruptedWaitForABatchIsAStop(Split half) {
        TrainTest data = Blobs.data();
        TrainTest interrupting = half == Split.TRAIN
                ? new TrainTest(new Interrupting(Split.TRAIN, 24), data.test())
                : new TrainTest(data.train(), new Interrupting(Split.TEST, 10));
        TrainingConfig config = everything(OptimiserKind.SGD);
        Heard first = new Heard();
        assertThat(new Trainer(Networks.withDropPath(1, 4), interrupting, config, 3, folder).run(first, () -> false))
                .isEqualTo(TrainingOutcome.STOPPED);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(first.losses).hasSize(half == Split.TRAIN ? 0 : 4);
        assertThat(first.epochs).isEmpty();

        Layer resumed = Networks.withDropPath(99, 4);
        Heard second = new Heard();
        assertThat(new Trainer(resumed, data, config, 3, folder).run(second, () -> false))
                .isEqualTo(TrainingOutcome.COMPLETE);
        assertSameBits(resumed, trained(config, 3));
        assertThat(second.epochs).hasSize(2);
    }

    @Test
    void aRunKilledBeforeACheckpointTellsOfTheEpochAgain() {
        Heard first = new Heard();
        first.atEpoch = () -> {
            if (first.epochs.size() == 2) {
                throw new IllegalStateException("killed");
            }
        };
        TrainingConfig config = everything(OptimiserKind.ADAMW);
        assertThatThrownBy(() -> new Trainer(Networks.withDropPath(1, 4), Blobs.data(), config, 3, folder)
                        .run(first, () -> false))
                .hasMessage("killed");
        Heard second = new Heard();
        Layer resumed = Networks.withDropPath(99, 4);
        assertThat(new Trainer(resumed, Blobs.data(), config, 3, folder).run(second, () -> false))
                .isEqualTo(TrainingOutcome.COMPLETE);
        assertThat(second.epochs).extracting(EpochResult::epoch).containsExactly(2);
        assertThat(second.epochs.getFirst().evaluation())
                .isEqualTo(first.epochs.getLast().evaluation());
        assertSameBits(resumed, trained(config, 3));
    }

    @ParameterizedTest
    @CsvSource({"3, 1", "4, 1", "6, 2", "100, 2"})
    void maxStepsStopsAndEvaluates(int maxSteps, int epochs) {
        TrainingConfig config = config(OptimiserKind.SGD, 0.1, 0, 0, maxSteps, Augmentation.NONE);
        Heard heard = new Heard();
        Trainer trainer = new Trainer(Networks.withDropPath(1, 4), Blobs.data(), config, 1, folder);
        assertThat(trainer.plannedSteps()).isEqualTo(Math.min(STEPS, maxSteps));
        assertThat(trainer.run(heard, () -> false)).isEqualTo(TrainingOutcome.COMPLETE);
        assertThat(heard.losses).hasSize((int) trainer.plannedSteps());
        assertThat(heard.epochs).hasSize(epochs);
        assertThat(heard.epochs.getLast().step()).isEqualTo(trainer.plannedSteps());
        // The schedule is that of the whole training.
        assertThat(heard.epochs.getLast().learningRate())
                .isEqualTo(new CosineSchedule(0.1, 2, STEPS).rate(trainer.plannedSteps() - 1));
        assertThat(folder.resolve(Trainer.FINAL)).exists();
    }

    @Test
    void anotherTrainingsCheckpointIsRefusedByName() {
        Heard heard = new Heard();
        heard.stopAfter = 2;
        TrainingConfig config = everything(OptimiserKind.SGD);
        new Trainer(Networks.withDropPath(1, 4), Blobs.data(), config, 1, folder).run(heard, heard::stopped);

        Layer wider = Networks.withDropPath(1, 5);
        float[] before = weights(wider).get("0.conv.weight");
        refuses(wider, config, "shape of model.0.bn.bias is (4), the model's is (5)");
        assertThat(weights(wider).get("0.conv.weight")).containsExactly(before);
        refuses(Networks.plain(1), config, "missing: model.0.weight");
        refuses(Networks.withDropPath(1, 4), everything(OptimiserKind.ADAMW), "missing: optimiser.0.bn.bias.exp_avg;");
        refuses(Networks.withDropPath(1, 4), simple(), "surplus: average.0.bn.bias");
    }

    private void refuses(Layer model, TrainingConfig config, String why) {
        Trainer trainer = new Trainer(model, Blobs.data(), config, 1, folder);
        assertThatThrownBy(() -> trainer.run(new Heard(), () -> false))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(folder.resolve(Trainer.CHECKPOINT).toString())
                .hasMessageContaining("delete it to start afresh")
                .message()
                .contains(why);
    }

    /** No norm keeps the weights in check, and the optimiser's steps are far too long. */
    private TrainingOutcome wild(double rate, int maxSteps, Heard heard) {
        TrainingConfig wild = config(OptimiserKind.SGD, rate, 0, 0, maxSteps, Augmentation.NONE);
        return new Trainer(Networks.plain(1), Blobs.data(), wild, 1, folder).run(heard, () -> false);
    }

    @Test
    void aDivergedTrainingIsAResultThatStays() throws IOException {
        Heard heard = new Heard();
        TrainingOutcome outcome = wild(1e9, 0, heard);
        assertThat(outcome.status()).isEqualTo(TrainingOutcome.Status.DIVERGED);
        Divergence divergence = outcome.divergence().orElseThrow();
        assertThat(divergence.step()).isEqualTo(heard.losses.size() + 1L);
        assertThat(divergence.epoch()).isEqualTo(1 + heard.losses.size() / 4);
        assertThat(divergence.layer()).isIn("0", "1.linear");
        assertThat(divergence.what()).startsWith("training loss ");
        assertThat(heard.losses).doesNotContain(Double.NaN);
        assertThat(folder.resolve(Trainer.FINAL)).doesNotExist();

        Heard again = new Heard();
        assertThat(wild(1e9, 0, again)).as("from the record").isEqualTo(outcome);
        assertThat(again.losses).isEmpty();
        Trainer.forgetCheckpoints(folder);
        assertThat(wild(1e9, 0, again)).as("repeated").isEqualTo(outcome);
        assertThatThrownBy(outcome::isCompleteOrThrow)
                .isInstanceOf(LabException.class)
                .hasMessageContaining(
                        "the training diverged at step " + divergence.step() + " in " + divergence.layer())
                .hasMessageContaining("lower learning rate");
    }

    @Test
    void aStoppedTrainingDivergesWhereAnUninterruptedOneDoes() throws IOException {
        TrainingOutcome whole = wild(1e9, 0, new Heard());
        Trainer.forgetCheckpoints(folder);
        TrainingConfig config = config(OptimiserKind.SGD, 1e9, 0, 0, 0, Augmentation.NONE);
        Heard first = new Heard();
        first.stopAfter = 1;
        assertThat(new Trainer(Networks.plain(1), Blobs.data(), config, 1, folder).run(first, first::stopped))
                .isEqualTo(TrainingOutcome.STOPPED);
        assertThat(wild(1e9, 0, new Heard())).isEqualTo(whole);
    }

    @Test
    void whatDivergesInTheLastStepIsFoundByTheEvaluation() {
        Heard heard = new Heard();
        TrainingOutcome outcome = wild(1e38, 1, heard);
        assertThat(heard.losses).hasSize(1);
        assertThat(heard.epochs).isEmpty();
        assertThat(folder.resolve(Trainer.FINAL)).doesNotExist();
        assertThat(outcome.divergence())
                .hasValueSatisfying(divergence -> assertThat(divergence)
                        .returns(1L, Divergence::step)
                        .returns(1, Divergence::epoch)
                        .returns("1.linear", Divergence::layer)
                        .satisfies(found -> assertThat(found.what()).startsWith("loss on the test images ")));
        assertThat(wild(1e38, 1, heard)).isEqualTo(outcome);
    }

    /** The layer is where the numbers end, not the first or the last one. */
    @ParameterizedTest
    @CsvSource({"0.conv.weight, Infinity, 0.conv", "1.conv.weight, NaN, 1.conv", "2.linear.weight, 3e38, 2.linear"})
    void theLayerThatLeftTheFiniteNumbersIsNamed(String variable, float value, String layer) {
        Layer model = Networks.withDropPath(1, 4);
        Tensor weights = model.state().get(variable).tensor();
        float[] wild = weights.toArray();
        Arrays.fill(wild, value);
        weights.assign(wild);
        TrainingOutcome outcome = new Trainer(model, Blobs.data(), simple(), 1, null).run(new Heard(), () -> false);
        assertThat(outcome.divergence()).hasValueSatisfying(found -> {
            assertThat(found.step()).isEqualTo(1);
            assertThat(found.layer()).isEqualTo(layer);
        });
    }

    @Test
    void aDivergedTrainingIsWorthAGuess() {
        assertThat(new Trainer(Networks.plain(1), Blobs.data(), simple(), 1, null).guess())
                .containsExactly(Map.entry(Evaluation.ACCURACY, 100.0 / Blobs.CLASSES));
    }

    @Test
    void clippingBoundsAStep() {
        TrainingConfig clipped = new TrainingConfig(
                1, 6, OptimiserKind.SGD, 0.5, 0, 0, 0, 0, 1e-3, 0, 1, Precision.FLOAT32, Augmentation.NONE);
        Layer model = Networks.plain(1);
        Map<String, float[]> before = weights(model);
        new Trainer(model, Blobs.data(), clipped, 1, null).run(new Heard(), () -> false);
        double squares = 0;
        for (Map.Entry<String, float[]> after : weights(model).entrySet()) {
            for (int i = 0; i < after.getValue().length; i++) {
                squares += Math.pow(after.getValue()[i] - before.get(after.getKey())[i], 2);
            }
        }
        assertThat(Math.sqrt(squares)).isCloseTo(0.5 * 1e-3, within(2e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.8})
    void theKeptWeightsAreTheReportedOnes(double ema) {
        Heard heard = new Heard();
        TrainingConfig config = config(OptimiserKind.SGD, 0.1, ema, 0, 0, ALL);
        new Trainer(Networks.withDropPath(1, 4), Blobs.data(), config, 1, folder).run(heard, () -> false);
        Evaluation reported = heard.epochs.getLast().evaluation();

        Layer fresh = Networks.withDropPath(2, 4);
        Map<String, String> notes = Weights.load(fresh, folder.resolve(Trainer.FINAL));
        assertThat(TrainingTask.classification(fresh, Blobs.data()).evaluate(() -> false))
                .contains(reported);
        assertThat(notes)
                .containsEntry("epoch", "2")
                .containsEntry("step", "8")
                .containsEntry("test_loss", String.valueOf(reported.loss()))
                .containsEntry("accuracy", String.valueOf(reported.accuracy()));
    }

    @Test
    void theKeptWeightsAreThereBeforeTheLastEpochIsTold() {
        Heard heard = new Heard();
        List<Boolean> kept = new ArrayList<>();
        heard.atEpoch = () -> kept.add(Files.exists(folder.resolve(Trainer.FINAL)));
        new Trainer(Networks.withDropPath(1, 4), Blobs.data(), simple(), 1, folder).run(heard, () -> false);
        assertThat(kept).containsExactly(false, true);
    }

    @Test
    void theAverageIsWhatIsEvaluatedAndKept() {
        TrainingConfig averaged = config(OptimiserKind.SGD, 0.1, 0.999, 0, 0, Augmentation.NONE);
        Layer model = Networks.withDropPath(1, 4);
        Map<String, float[]> start = weights(model);
        Heard heard = new Heard();
        new Trainer(model, Blobs.data(), averaged, 1, folder).run(heard, () -> false);
        Layer kept = Networks.withDropPath(2, 4);
        Weights.load(kept, folder.resolve(Trainer.FINAL));
        // At such a decay the averages have hardly left the start; the model has.
        assertThat(distance(weights(kept), start)).isLessThan(0.1 * distance(weights(model), start));
        assertThat(distance(weights(kept), start)).isPositive();
    }

    private static double distance(Map<String, float[]> a, Map<String, float[]> b) {
        double largest = 0;
        for (String name : List.of("0.conv.weight", "2.linear.weight")) {
            for (int i = 0; i < a.get(name).length; i++) {
                largest = Math.max(largest, Math.abs(a.get(name)[i] - b.get(name)[i]));
            }
        }
        return largest;
    }

    @Test
    void steadyStateAllocatesNothing() {
        Heard heard = new Heard();
        new Trainer(Networks.withDropPath(1, 4), Blobs.data(), everything(OptimiserKind.ADAMW), 1, null)
                .run(heard, () -> false);
        Set<Long> firstEpoch = new HashSet<>(heard.memory.subList(1, 4));
        Set<Long> secondEpoch = new HashSet<>(heard.memory.subList(4, 8));
        assertThat(firstEpoch).hasSize(1);
        assertThat(secondEpoch)
                .as("the evaluation's batches once, then nothing")
                .hasSize(1);
    }
}
