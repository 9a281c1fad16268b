package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.LabException;

class NumpyFilesTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() {
        Path file = folder.resolve("x.npy");
        NumpyFiles.write(file, new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6.5f});
        assertThat(NumpyFiles.read(file).shape()).containsExactly(2, 3);
        assertThat(NumpyFiles.read(file).toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 2, 3}, {4, 5, 6.5f}});
        NumpyFiles.write(file, new int[] {2}, new float[] {1, 2});
        assertThat(NumpyFiles.read(file).shape()).containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'<i8'|False|(2, 2)|holds numbers of type '<i8'",
                "'<f4'|True|(2, 2)|is in Fortran order",
                "'<f4'|False|(2, 3)|makes",
                "'<f4'|False|()|has 0 axes",
                "'<f4'|False|(0, 2)|makes",
                "'<f4'|False|(4000000000, 4000000000)|no file holds",
                "'<f4'|False|(99999999999999999999, 1)|has the shape",
                "'<f4'|Perhaps|(2, 2)|header that is not NumPy's"
            })
    void whatAFileSaysOfItselfIsChecked(String type, String fortran, String shape, String message) throws IOException {
        String quoted = type.startsWith("'") ? type : "'" + type + "'";
        Path file = npy("{'descr': " + quoted + ", 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n");
        assertThatThrownBy(() -> NumpyFiles.read(file))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("x.npy")
                .hasMessageContaining(message);
    }

    /** Every cut and many flipped bytes: an array or a message, never another exception. */
    @Test
    void damagedFilesAreRefusedInWords() throws IOException {
        Path file = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n");
        byte[] whole = Files.readAllBytes(file);
        assertThat(NumpyFiles.read(file).shape()).containsExactly(2, 2);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> NumpyFiles.read(file)).isInstanceOf(LabException.class);
        }
        Random random = new Random(1);
        for (int trial = 0; trial < 2000; trial++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length - 16)] = (byte) random.nextInt(256);
            Files.write(file, damaged);
            try {
                assertThat(NumpyFiles.read(file).length()).isEqualTo(4);
            } catch (LabException refused) {
                assertThat(refused).hasMessageContaining("x.npy");
            }
        }
    }

    private Path npy(String header) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = new byte[10 + text.length + 16];
        byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0};
        System.arraycopy(magic, 0, bytes, 0, 10);
        System.arraycopy(text, 0, bytes, 10, text.length);
        return Files.write(folder.resolve("x.npy"), bytes);
    }
}
