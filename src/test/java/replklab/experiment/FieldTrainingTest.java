package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;
import replklab.model.Checkpoints;
import replklab.model.RepLKNet;
import replklab.tensor.Tensor;
import replklab.tracking.TestPython;
import replklab.tracking.Tracker;
import replklab.train.EpochResult;

/** Trains the smallest study for real, stops it, goes on, and reads what is kept. */
class FieldTrainingTest {
    private static final String NAME = "7-7-7-7";

    @TempDir
    static Path home;

    private static Tracker tracker;

    private final FieldStudy study =
            new FieldStudy(32, 96, 20, 1, 32, 2, List.of(), 32, new FieldSizes(List.of(3), List.of(1), 1));

    /** Remembers the steps. */
    private static final class Heard implements FieldTraining.Listener {
        private final List<Long> steps = new ArrayList<>();
        private final List<String> notices = new ArrayList<>();
        private int epochs;

        @Override
        public void notice(String line) {
            notices.add(line);
        }

        @Override
        public void step(String name, long step, long totalSteps) {
            steps.add(step);
        }

        @Override
        public void epoch(String name, EpochResult result) {
            epochs++;
        }
    }

    @BeforeAll
    static void start() {
        TestPython.use();
        tracker = Tracker.open(Map.of(), home.resolve("mlruns"), home, notice -> {});
    }

    @AfterAll
    static void stop() {
        if (tracker != null) {
            tracker.flush(Duration.ofSeconds(30));
            tracker.close();
        }
    }

    @Test
    void whatWasStoppedGoesOnAndWhatIsDoneIsRead() {
        FieldTraining training = new FieldTraining(study, tracker, home, Stale.ASK);
        Heard first = new Heard();
        assertThatThrownBy(() -> training.network(NAME, first, () -> first.steps.size() == 1))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("the training of " + NAME + " was stopped");
        Heard second = new Heard();
        FieldTraining.Trained trained = training.network(NAME, second, () -> false);
        assertThat(first.steps).containsExactly(1L);
        assertThat(second.steps).containsExactly(2L, 3L);
        assertThat(second.epochs).isOne();
        Heard third = new Heard();
        FieldTraining.Trained read = training.network(NAME, third, () -> false);
        assertThat(third.steps).isEmpty();
        assertThat(read.accuracy()).isEqualTo(trained.accuracy()).isBetween(0.0, 100.0);
        Tensor images = study.images().images(0, 2);
        float[] features = trained.network().features(images).toArray();
        assertThat(read.network().features(images).toArray()).containsExactly(features);
        Path weights = home.resolve("erf").resolve(NAME).resolve("weights.safetensors");
        RepLKNet loaded = Checkpoints.load(weights);
        assertThat(loaded.features(images).toArray()).containsExactly(features);
        assertThat(weights.resolveSibling("checkpoint.safetensors")).doesNotExist();
    }

    @Test
    void anotherStudyTrainsAnew() {
        FieldStudy other =
                new FieldStudy(32, 64, 20, 1, 32, 2, List.of(), 32, new FieldSizes(List.of(3), List.of(1), 1));
        Path root = home.resolve("anew");
        String name = FieldStudy.names().getFirst();
        new FieldTraining(study, tracker, root, Stale.ASK).network(name, new Heard(), () -> false);
        Heard heard = new Heard();
        new FieldTraining(other, tracker, root, Stale.REPLACE).network(name, heard, () -> false);
        assertThat(heard.steps).containsExactly(1L, 2L);
        assertThat(Files.exists(root.resolve("erf"))).isTrue();
    }

    @Test
    void whatAnotherLibraryTrainedIsAskedAboutKeptOrTrainedAgain() throws IOException {
        Path root = home.resolve("stale");
        String name = FieldStudy.names().getFirst();
        new FieldTraining(study, tracker, root, Stale.ASK).network(name, new Heard(), () -> false);
        Path mark = root.resolve("erf").resolve(name).resolve("study.txt");
        Files.writeString(mark, Files.readString(mark).replaceFirst("library .*", "library of last year"));
        Heard heard = new Heard();
        assertThatThrownBy(() -> new FieldTraining(study, tracker, root, Stale.ASK).network(name, heard, () -> false))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("another version of the library")
                .hasMessageContaining("REPLKLAB_STALE=replace")
                .hasMessageContaining("=keep");
        new FieldTraining(study, tracker, root, Stale.KEEP).network(name, heard, () -> false);
        assertThat(heard.steps).isEmpty();
        new FieldTraining(study, tracker, root, Stale.REPLACE).network(name, heard, () -> false);
        assertThat(heard.steps).hasSize(3);
        assertThat(heard.notices).singleElement().asString().contains("it is trained again");
    }
}
