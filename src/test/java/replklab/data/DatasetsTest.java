package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;
import replklab.base.UsageException;

class DatasetsTest {
    private static final Path HOME = Path.of("");

    @Test
    void opensTheEmbeddedDataWithBalancedLimits() {
        DatasetSpec spec = DatasetSpec.fashionMnist().withExamples(50, 20);
        TrainTest data = Datasets.open(spec, 3, HOME);
        assertThat(data.train().size()).isEqualTo(50);
        assertThat(data.test().size()).isEqualTo(20);
        assertThat(data.classes()).isEqualTo(10);
        int[] counts = new int[10];
        for (int i = 0; i < 50; i++) {
            counts[data.train().label(i)]++;
        }
        assertThat(counts).containsOnly(5);
        assertThat(Datasets.open(spec, 3, HOME).train().info())
                .isEqualTo(data.train().info());
        assertThat(Datasets.open(spec, 4, HOME).train().info().digest())
                .isNotEqualTo(data.train().info().digest());
    }

    /** Every seed learns from images of its own; all are asked about the same ones. */
    @Test
    void seedsDrawTheirTrainingImagesAndShareWhatTheyAreEvaluatedOn() {
        DatasetSpec spec = DatasetSpec.fashionMnist().withExamples(50, 20);
        TrainTest one = Datasets.open(spec, 1, HOME);
        TrainTest two = Datasets.open(spec, 2, HOME);
        assertThat(one.train().info().digest()).isNotEqualTo(two.train().info().digest());
        assertThat(one.test().info()).isEqualTo(two.test().info());
        assertThat(one.test().info().split()).isEqualTo(Split.TEST);
    }

    @Test
    void imagesThatAreHeldOutAreEvaluatedOnAndNeverTrainedOn() {
        DatasetSpec spec = DatasetSpec.fashionMnist().withValidation(10_000, null);
        assertThat(spec.evaluateOn()).isEqualTo(Split.VALIDATION);
        TrainTest looked = Datasets.open(spec, 1, HOME);
        assertThat(looked.train().size()).isEqualTo(50_000);
        assertThat(looked.test().size()).isEqualTo(10_000);
        assertThat(looked.test().info().split()).isEqualTo(Split.VALIDATION);
        TrainTest tested = Datasets.open(spec.withValidation(10_000, Split.TEST), 1, HOME);
        assertThat(tested.test().info().split()).isEqualTo(Split.TEST);
        assertThat(tested.train().info()).isEqualTo(looked.train().info());
    }

    /** What scenes and cues are drawn from is held out, not only the drawing. */
    @Test
    void aGarmentThatIsHeldOutIsInNoImageThatIsTrainedOn() {
        for (DatasetSpec spec : List.of(
                DatasetSpec.fashionScenes(32).withValidation(100, null),
                new DatasetSpec("fashion-cues", null, 0, 0, 0).withValidation(100, null))) {
            TrainTest data = Datasets.open(spec, 1, HOME);
            assertThat(data.train().size()).isEqualTo(59_900);
            assertThat(data.test().size()).isEqualTo(100);
            assertThat(data.test().info().split()).isEqualTo(Split.VALIDATION);
            assertThat(data.test().info().selection())
                    .isEqualTo(DatasetInfo.ALL); // of garments that were held out before
        }
    }

    @Test
    void whatIsEvaluatedOnMustBeThere() {
        assertThatThrownBy(() -> DatasetSpec.fashionMnist().withValidation(0, Split.VALIDATION))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "evaluateOn is validation, but no images are held out; say how many, such as validationExamples: 10000");
        assertThatThrownBy(() -> DatasetSpec.fashionMnist().withValidation(10, Split.TRAIN))
                .hasMessage("evaluateOn is train; it must be test or validation");
        assertThatThrownBy(() -> DatasetSpec.fashionMnist().withValidation(-1, null))
                .hasMessage("validationExamples -1: must be positive, or 0 to hold none out");
    }

    @Test
    void pathsAreRelativeToTheCheckout() {
        Path home = Path.of("some", "checkout");
        assertThatThrownBy(() -> Datasets.open(new DatasetSpec("folder", "mine/pets", 64, 0, 0), 1, home))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(home.resolve("mine/pets").toString());
        Path elsewhere = Path.of("pets").toAbsolutePath();
        assertThatThrownBy(() -> Datasets.open(new DatasetSpec("cifar-10", elsewhere.toString(), 0, 0, 0), 1, home))
                .hasMessageContaining(elsewhere.resolve("data_batch_1.bin").toString());
    }

    @Test
    void anUnknownNameGetsTheNearOnes() {
        assertThat(Datasets.names())
                .containsExactly(
                        "cifar-10", "dense-folder", "fashion-cues", "fashion-mnist", "fashion-scenes", "folder");
        assertThatThrownBy(() -> new DatasetSpec("fashon-mnist", null, 0, 0, 0))
                .isInstanceOf(UsageException.class)
                .hasMessage("unknown data set 'fashon-mnist'; did you mean fashion-mnist?"
                        + " (known: cifar-10, dense-folder, fashion-cues, fashion-mnist, fashion-scenes, folder)");
        assertThatThrownBy(() -> new DatasetSpec(null, null, 0, 0, 0)).isInstanceOf(UsageException.class);
    }

    @Test
    void resolutionZeroBecomesTheDataSetsOwn() {
        assertThat(DatasetSpec.fashionMnist().resolution()).isEqualTo(28);
        assertThat(new DatasetSpec("cifar-10", "x", 0, 0, 0).resolution()).isEqualTo(32);
        assertThat(new DatasetSpec("folder", "x", 0, 0, 0).resolution()).isEqualTo(224);
        assertThat(new DatasetSpec("folder", "x", 96, 0, 0).resolution()).isEqualTo(96);
    }

    @Test
    void messagesNameFieldValueAndWhatIsAllowed() {
        assertUsage("folder", null, 0, 0, 0, "data set 'folder' needs a path: the folder that holds it");
        assertUsage("cifar-10", " ", 0, 0, 0, "data set 'cifar-10' needs a path: the folder that holds it");
        assertUsage("fashion-mnist", "x", 0, 0, 0, "path 'x': data set 'fashion-mnist' is embedded and takes none");
        assertUsage(
                "fashion-mnist",
                null,
                64,
                0,
                0,
                "resolution 64: must be the images' own 28, or 0 for the default of 28; data set 'fashion-mnist'");
        assertUsage(
                "folder",
                "x",
                -1,
                0,
                0,
                "resolution -1: must be 1 to 8192, or 0 for the default of 224; data set 'folder'");
        assertUsage("fashion-mnist", null, 0, -2, 0, "trainExamples -2: must be positive, or 0 for all");
        assertUsage("fashion-mnist", null, 0, 0, -3, "testExamples -3: must be positive, or 0 for all");
    }

    @Test
    void readsFromJsonWithDefaults() throws IOException {
        DatasetSpec spec = new ObjectMapper()
                .readValue("{\"name\": \"fashion-mnist\", \"trainExamples\": 100}", DatasetSpec.class);
        assertThat(spec).isEqualTo(new DatasetSpec("fashion-mnist", null, 28, 100, 0));
        assertThatCode(() -> new ObjectMapper().writeValueAsString(spec)).doesNotThrowAnyException();
    }

    private static void assertUsage(String name, String path, int resolution, int train, int test, String message) {
        assertThatThrownBy(() -> new DatasetSpec(name, path, resolution, train, test))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
