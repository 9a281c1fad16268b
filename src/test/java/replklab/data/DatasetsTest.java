package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
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
