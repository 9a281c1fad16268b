package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import replklab.base.LabException;
import replklab.data.Augmentation;
import replklab.nn.Layer;
import replklab.tensor.Precision;
import replklab.train.TrainingConfig.OptimiserKind;

/** What lies in the folder of a training is broken, and the training goes on: four steps an epoch, three epochs. */
class CheckpointTest {
    private static final TrainingConfig CONFIG = new TrainingConfig(
            3, 6, OptimiserKind.ADAMW, 0.01, 0.9, 0.01, 0.5, 0.1, 5, 0.8, 0, Precision.FLOAT32, Augmentation.NONE);

    @TempDir
    Path folder;

    /** Ways to break a file. */
    private enum Damage {
        EMPTY,
        CUT,
        FLIPPED_HEADER,
        FLIPPED_NAME,
        FLIPPED_POSITION,
        FLIPPED_NUMBER,
        OTHER_SHAPE,
        GARBAGE,
        GONE;

        void of(Path file) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file); // the one before may be the same file
            switch (this) {
                case EMPTY -> Files.write(file, new byte[0]);
                case CUT -> Files.write(file, Arrays.copyOf(bytes, bytes.length - 5));
                case FLIPPED_HEADER -> flip(file, bytes, 0);
                case FLIPPED_NAME -> flip(file, bytes, indexOf(bytes, "model.0"));
                case FLIPPED_POSITION ->
                    flip(file, bytes, indexOf(bytes, "\"epoch_loss\":\"") + "\"epoch_loss\":\"".length());
                case FLIPPED_NUMBER -> flip(file, bytes, bytes.length - 3);
                case OTHER_SHAPE -> Files.write(file, replaced(bytes, "[3,16]", "[16,3]"));
                case GARBAGE -> Files.writeString(file, "not what it should be");
                case GONE -> {}
            }
        }

        private static void flip(Path file, byte[] bytes, int at) throws IOException {
            bytes[at] ^= 1;
            Files.write(file, bytes);
        }

        private static int indexOf(byte[] bytes, String text) {
            return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
        }

        private static byte[] replaced(byte[] bytes, String text, String by) {
            String whole = new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(whole).contains(text);
            return whole.replace(text, by).getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** Remembers what it hears. */
    private static final class Heard implements TrainingListener {
        final List<Long> steps = new ArrayList<>();
        final List<EpochResult> epochs = new ArrayList<>();
        final List<String> notices = new ArrayList<>();
        Runnable atStep = () -> {};
        final List<List<Long>> asked = new ArrayList<>();
        long before = Long.MAX_VALUE;

        @Override
        public boolean hasHeard(long stepsBefore, int epochsBefore) {
            asked.add(List.of(stepsBefore, (long) epochsBefore));
            return stepsBefore <= before;
        }

        @Override
        public void step(long step, long totalSteps, double loss, double learningRate) {
            steps.add(step);
            atStep.run();
        }

        @Override
        public void epoch(EpochResult result) {
            epochs.add(result);
        }

        @Override
        public void notice(String line) {
            notices.add(line);
        }
    }

    private static Map<String, float[]> weights(Layer model) {
        Map<String, float[]> values = new LinkedHashMap<>();
        model.state()
                .forEach((name, variable) -> values.put(name, variable.tensor().toArray()));
        return values;
    }

    private Heard stoppedAfter(int steps) {
        Heard heard = new Heard();
        assertThat(new Trainer(Networks.withDropPath(1, 4), Blobs.data(), CONFIG, 3, folder)
                        .run(heard, () -> heard.steps.size() >= steps))
                .isEqualTo(TrainingOutcome.STOPPED);
        assertThat(heard.notices).isEmpty();
        return heard;
    }

    /** Goes on to the end, from another start, so that everything must come from the checkpoint. */
    private Heard goesOn() {
        return ends(9);
    }

    private Heard ends(long start) {
        Heard heard = new Heard();
        Layer model = Networks.withDropPath(start, 4);
        assertThat(new Trainer(model, Blobs.data(), CONFIG, 3, folder).run(heard, () -> false))
                .isEqualTo(TrainingOutcome.COMPLETE);
        Layer whole = Networks.withDropPath(1, 4);
        new Trainer(whole, Blobs.data(), CONFIG, 3, null).run(new Heard(), () -> false);
        Map<String, float[]> expected = weights(whole);
        weights(model).forEach((name, values) -> assertThat(values).as(name).containsExactly(expected.get(name)));
        return heard;
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedCheckpointGivesWayToTheOneBefore(Damage damage) throws IOException {
        stoppedAfter(6); // checkpoints of steps 4 and 6
        damage.of(folder.resolve(Trainer.CHECKPOINT));
        Heard heard = goesOn();
        assertThat(heard.steps.getFirst()).isEqualTo(5);
        assertThat(heard.notices)
                .singleElement()
                .asString()
                .contains(folder.resolve(Trainer.CHECKPOINT).toString())
                .endsWith("; the training goes on from the checkpoint before it, at step 4");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GONE")
    void whereBothAreDamagedTheTrainingStartsAfresh(Damage damage) throws IOException {
        stoppedAfter(6);
        damage.of(folder.resolve(Trainer.CHECKPOINT));
        damage.of(folder.resolve(Trainer.CHECKPOINT_BEFORE));
        Heard heard = ends(1);
        assertThat(heard.steps.getFirst()).isEqualTo(1);
        assertThat(heard.notices)
                .singleElement()
                .asString()
                .doesNotContain("there is no")
                .contains(
                        folder.resolve(Trainer.CHECKPOINT).toString(),
                        folder.resolve(Trainer.CHECKPOINT_BEFORE).toString())
                .endsWith("; the training starts afresh");
        assertThat(goesOn().notices).as("the next call finds it whole").isEmpty();
    }

    @Test
    void aDamagedCheckpointNeverTakesThePlaceOfTheSoundOneBefore() throws IOException {
        stoppedAfter(6);
        Damage.FLIPPED_NUMBER.of(folder.resolve(Trainer.CHECKPOINT));
        byte[] before = Files.readAllBytes(folder.resolve(Trainer.CHECKPOINT_BEFORE));
        Heard heard = new Heard();
        new Trainer(Networks.withDropPath(9, 4), Blobs.data(), CONFIG, 3, folder)
                .run(heard, () -> heard.steps.size() >= 1);
        assertThat(folder.resolve(Trainer.CHECKPOINT_BEFORE)).hasBinaryContent(before);
        Damage.CUT.of(folder.resolve(Trainer.CHECKPOINT));
        assertThat(goesOn().steps.getFirst()).isEqualTo(5);
    }

    @Test
    void aDamagedCheckpointChangesNothing() throws IOException {
        stoppedAfter(6);
        Path file = folder.resolve(Trainer.CHECKPOINT);
        Damage.FLIPPED_NUMBER.of(file);
        Layer model = Networks.withDropPath(9, 4);
        Map<String, float[]> own = weights(model);
        Checkpoint checkpoint = new Checkpoint(
                model, Optimiser.of(CONFIG, model.parameters()), new WeightAverage(model, CONFIG.emaDecay()));
        assertThatThrownBy(() -> checkpoint.read(file, _ -> true))
                .isInstanceOf(Checkpoint.Damaged.class)
                .hasMessageContaining("does not match its checksum");
        weights(model).forEach((name, values) -> assertThat(values).as(name).containsExactly(own.get(name)));
    }

    /** A log that lost its end must not miss what a checkpoint is ahead of it. */
    @ParameterizedTest
    @CsvSource({"7, 8", "6, 5", "4, 5", "3, 1", "0, 1"})
    void nobodyGoesOnFromWhatTheListenerHasNotHeard(long heard, long first) {
        stoppedAfter(7);
        Heard again = new Heard();
        again.before = heard;
        assertThat(new Trainer(Networks.withDropPath(1, 4), Blobs.data(), CONFIG, 3, folder).run(again, () -> false))
                .isEqualTo(TrainingOutcome.COMPLETE);
        assertThat(again.steps)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(first, 12).boxed().toList());
        assertThat(again.asked)
                .isEqualTo(first == 8 ? List.of(List.of(7L, 1L)) : List.of(List.of(7L, 1L), List.of(4L, 1L)));
        if (first == 8) {
            assertThat(again.notices).isEmpty();
        } else {
            assertThat(again.notices)
                    .singleElement()
                    .asString()
                    .contains("is of step 7, and the training's log has lost something of what came before")
                    .contains(first == 5 ? "goes on from the checkpoint before it, at step 4" : "starts afresh");
        }
    }

    @Test
    void aCompleteTrainingIsNotEvaluatedAgain() throws IOException {
        Heard first = ends(1);
        assertThat(first.epochs).hasSize(3);
        byte[] kept = Files.readAllBytes(folder.resolve(Trainer.FINAL));
        Heard again = goesOn();
        assertThat(again.steps).isEmpty();
        assertThat(again.epochs).isEmpty();
        assertThat(folder.resolve(Trainer.FINAL)).hasBinaryContent(kept);
    }

    /** A folder in the checkpoint's place refuses it as a full disk does: at the move, or before. */
    @Test
    void aDiskThatTakesNothingDoesNotEndTheTraining() throws IOException {
        Heard heard = new Heard();
        Path blocking = folder.resolve(Trainer.CHECKPOINT).resolve("in the way");
        heard.atStep = () -> {
            if (heard.steps.size() == 1) {
                block(blocking);
            }
            if (heard.steps.size() == 9) { // two epochs were not kept
                unblock(blocking);
            }
        };
        assertThat(new Trainer(Networks.withDropPath(1, 4), Blobs.data(), CONFIG, 3, folder)
                        .run(heard, () -> heard.steps.size() >= 10))
                .isEqualTo(TrainingOutcome.STOPPED);
        assertThat(heard.notices)
                .singleElement()
                .asString()
                .contains("the checkpoint of step 4 could not be saved", Trainer.CHECKPOINT);
        assertThat(goesOn().steps).containsExactly(11L, 12L);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(Trainer.CHECKPOINT, Trainer.CHECKPOINT_BEFORE, Trainer.FINAL);
        }
    }

    @Test
    void weightsThatCannotBeKeptLoseNoStep() throws IOException {
        Path blocking = folder.resolve(Trainer.FINAL).resolve("in the way");
        block(blocking);
        Heard first = new Heard();
        assertThatThrownBy(() -> new Trainer(Networks.withDropPath(1, 4), Blobs.data(), CONFIG, 3, folder)
                        .run(first, () -> false))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(Trainer.FINAL);
        assertThat(first.epochs).hasSize(2);
        unblock(blocking);
        Heard second = goesOn();
        assertThat(second.asked).containsExactly(List.of(12L, 2L));
        assertThat(second.steps).isEmpty();
        assertThat(second.epochs).extracting(EpochResult::epoch).containsExactly(3);
    }

    private static void block(Path blocking) {
        try {
            Files.createDirectories(blocking);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void unblock(Path blocking) {
        try {
            Files.delete(blocking);
            Files.delete(blocking.getParent());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
