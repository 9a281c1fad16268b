package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;

class Cifar10Test {
    private static final int RECORD = 1 + 3 * 32 * 32;

    @TempDir
    private Path folder;

    /** Two records a file; record r of file f has label f + r, and its value at (c, y, x) tells all three. */
    @BeforeEach
    void write() throws IOException {
        for (int f = 0; f < 6; f++) {
            byte[] bytes = new byte[2 * RECORD];
            for (int r = 0; r < 2; r++) {
                bytes[r * RECORD] = (byte) (f + r);
                for (int c = 0; c < 3; c++) {
                    for (int p = 0; p < 1024; p++) {
                        bytes[r * RECORD + 1 + c * 1024 + p] = value(f, r, c, p);
                    }
                }
            }
            Files.write(folder.resolve(f == 5 ? "test_batch.bin" : "data_batch_" + (f + 1) + ".bin"), bytes);
        }
    }

    private static byte value(int file, int record, int channel, int pixel) {
        return (byte) (file * 31 + record * 17 + channel * 80 + pixel * 7);
    }

    @Test
    void readsPlanesAsInterleavedChannels() {
        TrainTest data = Cifar10.open(folder, 2);
        assertThat(data.shape()).isEqualTo(new ImageShape(32, 32, 3));
        assertThat(data.train().size()).isEqualTo(10);
        assertThat(data.test().size()).isEqualTo(2);
        assertThat(data.train().label(3)).isEqualTo(2); // second record of the second file
        assertThat(data.test().label(0)).isEqualTo(5);
        float[] image = new float[3072];
        data.train().read(3, image, 0);
        Normalization normalization = data.train().info().normalization();
        for (int p = 0; p < 1024; p++) {
            for (int c = 0; c < 3; c++) {
                assertThat(image[p * 3 + c]).isEqualTo(normalization.apply(value(1, 1, c, p) & 0xFF, c));
            }
        }
    }

    @Test
    void readsFromTheFolderTheArchiveUnpacksTo(@TempDir Path outer) throws IOException {
        String digest = Cifar10.open(folder, 2).test().info().digest();
        Path unpacked = Files.createDirectory(outer.resolve("cifar-10-batches-bin"));
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.copy(file, unpacked.resolve(file.getFileName()));
            }
        }
        assertThat(Cifar10.open(outer, 2).test().info().digest()).isEqualTo(digest);
    }

    @Test
    void namesTheFileThatIsMissingCutShortOrOfAnotherKind() throws IOException {
        Path file = folder.resolve("data_batch_4.bin");
        byte[] bytes = Files.readAllBytes(file);

        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> Cifar10.open(folder, 2))
                .isInstanceOf(LabException.class)
                .hasMessage(file + " has 6145 bytes; a CIFAR-10 file has 6146");

        bytes[RECORD] = (byte) 200;
        Files.write(file, bytes);
        assertThatThrownBy(() -> Cifar10.open(folder, 2))
                .hasMessage(file + ": record 1 has label 200; CIFAR-10's go from 0 to 9");

        Files.delete(file);
        assertThatThrownBy(() -> Cifar10.open(folder, 2)).hasMessageContaining(file + " is missing");
    }

    @Test
    void realFilesHoldTenThousandRecords() {
        assertThatThrownBy(() -> Cifar10.open(folder)).hasMessageContaining("a CIFAR-10 file has 30730000");
    }
}
