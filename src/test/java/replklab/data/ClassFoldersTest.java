package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;

class ClassFoldersTest {
    @TempDir
    private Path folder;

    private static ImageDataset bytes(int channels, List<String> classes) {
        byte[] pixels = new byte[3 * channels * 6];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 37);
        }
        ImageShape shape = new ImageShape(2, 3, channels);
        List<Double> ones = Collections.nCopies(channels, 0.3);
        DatasetInfo info = new DatasetInfo(
                "bytes", "memory", Split.TEST, DatasetInfo.ALL, 3, "none", new Normalization(ones, ones), classes);
        return new ByteImages(info, shape, pixels, 0, shape.values(), new byte[] {2, 0, 1});
    }

    @Test
    void whatIsWrittenIsReadBackBitByBit() {
        for (int channels : new int[] {1, 3}) {
            ImageDataset dataset = bytes(channels, List.of("T-shirt/top", "a b", "c"));
            Path root = folder.resolve("images" + channels);
            ClassFolders.write(dataset, root);
            Normalization normalization = dataset.info().normalization();
            ImageFolderIndex index = ImageFolderIndex.scan(root);
            assertThat(index.classes()).containsExactly("0-T-shirt-top", "1-a-b", "2-c");
            int[] order = {1, 2, 0};
            for (int i = 0; i < 3; i++) {
                assertThat(index.label(i)).isEqualTo(dataset.label(order[i]));
                RgbImage image = ImageFiles.read(index.file(i));
                assertThat(image.width()).isEqualTo(3);
                float[] expected = new float[dataset.shape().values()];
                dataset.read(order[i], expected, 0);
                float[] found = new float[expected.length];
                new Preprocessing(1, Preprocessing.Resize.SQUARE, normalization).write(image, found, 0);
                assertThat(found).isEqualTo(expected);
            }
        }
    }

    @Test
    void numbersSortAsLabels() {
        List<String> twelve =
                IntStream.range(0, 12).mapToObj(i -> "class" + (11 - i)).toList();
        ClassFolders.write(bytes(1, twelve), folder);
        assertThat(folder.resolve("02-class9").resolve("00000.png")).exists();
        assertThat(folder.resolve("11-class0")).isEmptyDirectory();
    }

    @Test
    void aFolderInUseIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve("mine.txt"), "mine");
        assertThatThrownBy(() -> ClassFolders.write(bytes(1, List.of("a", "b", "c")), folder))
                .isInstanceOf(LabException.class)
                .hasMessage("folder " + folder + " is not empty: images go to a new or an empty one");
        assertThat(folder.toFile().list()).containsExactly("mine.txt");
    }
}
