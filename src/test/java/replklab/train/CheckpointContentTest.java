package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;
import replklab.data.Augmentation;
import replklab.nn.Layer;
import replklab.tensor.Precision;
import replklab.train.Checkpoint.Position;
import replklab.train.TrainingConfig.OptimiserKind;

/** What a checkpoint says of where a training is. */
class CheckpointContentTest {
    private static final TrainingConfig CONFIG = new TrainingConfig(
            3, 6, OptimiserKind.SGD, 0.01, 0.9, 0.01, 0.5, 0.1, 5, 0, 0, Precision.FLOAT32, Augmentation.NONE);

    @TempDir
    Path folder;

    private final List<String> notices = new ArrayList<>();

    private static Checkpoint checkpoint() {
        Layer model = Networks.withDropPath(1, 4);
        return new Checkpoint(model, Optimiser.of(CONFIG, model.parameters()), null);
    }

    @Test
    void countsStepsAndSeconds() {
        Position inSecondEpoch = Position.START
                .withStep(4)
                .after(2)
                .nextEpoch(0.5)
                .withStep(3)
                .withStep(1)
                .after(0.25);
        assertThat(inSecondEpoch).isEqualTo(new Position(3, 2, 4, 0.25, 2.5, Optional.empty()));
        assertThat(inSecondEpoch.meanLoss()).isEqualTo(2);
        assertThat(inSecondEpoch.seconds()).isEqualTo(2.75);
        assertThat(inSecondEpoch.imagesPerSecond(6))
                .as("12 images in a quarter of a second")
                .isEqualTo(48);
        assertThat(inSecondEpoch.after(0.5).seconds()).isEqualTo(3.25, within(1e-12));
    }

    @Test
    void keepsThePositionWithItsDivergence() {
        Position position = new Position(7, 3, 0.1 + 0.2, 1.0 / 3, 1e9 / 7, Optional.empty());
        Path file = folder.resolve(Trainer.CHECKPOINT);
        checkpoint().write(file, position);
        assertThat(checkpoint().read(file, _ -> true)).isEqualTo(position);
        Position diverged = position.diverged(new Divergence(8, 2, "2.linear", "training loss NaN"));
        checkpoint().write(file, diverged);
        assertThat(checkpoint().read(file, _ -> true)).isEqualTo(diverged);
    }

    @Test
    void anEmptyFolderIsTheStart() {
        assertThat(new CheckpointFiles(folder, notices::add).read(checkpoint(), _ -> true))
                .isEqualTo(Position.START);
        assertThat(notices).isEmpty();
    }

    @Test
    void whatIsDamagedIsTheStartToo() throws Exception {
        Files.writeString(folder.resolve(Trainer.CHECKPOINT), "not what it should be");
        assertThat(new CheckpointFiles(folder, notices::add).read(checkpoint(), _ -> true))
                .isEqualTo(Position.START);
        assertThat(notices).hasSize(1);
    }

    /** Someone else's file is no damaged one: starting afresh would replace it. */
    @Test
    void whatMayNotBeReadIsRefused() {
        Path file = folder.resolve(Trainer.CHECKPOINT);
        new CheckpointFiles(folder, notices::add).write(checkpoint(), Position.START.withStep(1));
        assertThat(file.toFile().setReadable(false)).isTrue();
        assumeFalse(Files.isReadable(file), "the superuser reads everything");
        assertThatThrownBy(() -> new CheckpointFiles(folder, notices::add).read(checkpoint(), _ -> true))
                .isInstanceOf(LabException.class)
                .hasMessage("checkpoint " + file + " may not be read (its permissions)");
        assertThat(notices).isEmpty();
    }
}
