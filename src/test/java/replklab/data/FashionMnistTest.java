package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.Digests;
import replklab.base.LabException;

class FashionMnistTest {
    private static final Path FOLDER = Path.of("data", "fashion-mnist");
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte.gz";
    private static final String TEST_LABELS_SHA256 = "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05";

    private static TrainTest data;

    @BeforeAll
    static void open() {
        data = FashionMnist.open(FOLDER);
    }

    @Test
    void isThePublishedData() {
        assertThat(data.train().size()).isEqualTo(60_000);
        assertThat(data.test().size()).isEqualTo(10_000);
        assertThat(data.shape()).isEqualTo(new ImageShape(28, 28, 1));
        assertThat(labels(data.train(), 5)).containsExactly(9, 0, 0, 3, 0);
        assertThat(labels(data.test(), 5)).containsExactly(9, 2, 1, 1, 6);
        assertThat(classCounts(data.train())).hasSize(10).containsOnly(6_000);
        assertThat(classCounts(data.test())).hasSize(10).containsOnly(1_000);
        assertThat(data.train().classes().get(9)).isEqualTo("Ankle boot");
    }

    @Test
    void normalisesWithTheTrainingSetsOwnMeanAndDeviation() {
        double sum = 0;
        double squares = 0;
        float[] image = new float[784];
        Normalization normalization = data.train().info().normalization();
        double mean = normalization.mean().getFirst();
        double std = normalization.std().getFirst();
        for (int i = 0; i < data.train().size(); i++) {
            data.train().read(i, image, 0);
            for (float value : image) {
                double unit = value * std + mean;
                sum += unit;
                squares += unit * unit;
            }
        }
        double count = 784.0 * data.train().size();
        double found = sum / count;
        assertThat(found).isEqualTo(mean, within(5e-5)); // the constants have four digits
        assertThat(Math.sqrt(squares / count - found * found)).isEqualTo(std, within(5e-5));
    }

    @Test
    void readsAtAnOffsetAndTouchesNothingElse() {
        float[] plain = new float[784];
        data.test().read(3, plain, 0);
        float[] into = new float[784 + 10];
        data.test().read(3, into, 5);
        assertThat(Arrays.copyOfRange(into, 5, 789)).isEqualTo(plain);
        assertThat(IntStream.of(0, 4, 789, 793).mapToObj(i -> into[i])).containsOnly(0f);
        assertThatThrownBy(() -> data.test().read(10_000, plain, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> data.test().read(0, plain, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void saysWhereItCameFrom() {
        DatasetInfo info = data.test().info();
        assertThat(info.name()).isEqualTo("fashion-mnist");
        assertThat(info.source()).isEqualTo("data/fashion-mnist/t10k-images-idx3-ubyte.gz");
        assertThat(info.split()).isEqualTo(Split.TEST).hasToString("test");
        assertThat(info.selection()).isEqualTo("all");
        // sha256sum t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz | sha256sum
        assertThat(info.digest()).isEqualTo("f50c26f2b6d3ea47b9e564e87570c7e72d603fceda7b9ca71f7542015b1e0f16");
    }

    @Test
    void refusesAFileWithOneChangedBit(@TempDir Path folder) throws IOException {
        copyTo(folder);
        byte[] bytes = Files.readAllBytes(folder.resolve(TEST_LABELS));
        bytes[2000] ^= 1;
        Files.write(folder.resolve(TEST_LABELS), bytes);
        assertThatThrownBy(() -> FashionMnist.open(folder, Split.TEST))
                .isInstanceOf(LabException.class)
                .hasMessageContainingAll(
                        folder.resolve(TEST_LABELS).toString(),
                        "is corrupt",
                        "expected SHA-256 " + TEST_LABELS_SHA256,
                        "git -C " + folder.toAbsolutePath() + " checkout -- " + TEST_LABELS);
    }

    @Test
    void namesAMissingFileAndTheWayBack(@TempDir Path folder) throws IOException {
        copyTo(folder);
        Files.delete(folder.resolve(TEST_LABELS));
        assertThatThrownBy(() -> FashionMnist.open(folder, Split.TEST))
                .isInstanceOf(LabException.class)
                .hasMessageContainingAll(
                        folder.resolve(TEST_LABELS) + " is missing", TEST_LABELS_SHA256, "checkout -- " + TEST_LABELS);
    }

    @Test
    void readmeListsTheHashesThatAreChecked() throws IOException {
        String readme = Files.readString(FOLDER.resolve("README.md"));
        try (var files = Files.list(FOLDER)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".gz")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                assertThat(readme)
                        .contains(
                                "| `%s` | %d | `%s` |".formatted(file.getFileName(), bytes.length, Digests.of(bytes)));
            }
        }
    }

    private static void copyTo(Path folder) throws IOException {
        for (String name : new String[] {"t10k-images-idx3-ubyte.gz", TEST_LABELS}) {
            Files.copy(FOLDER.resolve(name), folder.resolve(name));
        }
    }

    private static int[] labels(ImageDataset dataset, int count) {
        return IntStream.range(0, count).map(dataset::label).toArray();
    }

    private static int[] classCounts(ImageDataset dataset) {
        int[] counts = new int[dataset.classes().size()];
        for (int i = 0; i < dataset.size(); i++) {
            counts[dataset.label(i)]++;
        }
        return counts;
    }
}
