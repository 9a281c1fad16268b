package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import replklab.base.LabException;

/** NumPy files, by the format's description and beside ND4J's reader. */
class NpyFileTest {
    @TempDir
    Path folder;

    private Path write(String header, byte[] numbers) throws IOException {
        byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + text.length + numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) text.length);
        return Files.write(folder.resolve("x.npy"), bytes.put(text).put(numbers).array());
    }

    private static String header(String type, String shape) {
        return "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void writesWhatOthersRead() throws IOException {
        Path file = folder.resolve("y.npy");
        NpyFile.write(file, new int[] {3, 2}, rows -> {
            rows.write(new float[] {0, 1.5f});
            rows.write(new float[] {-2, 3, Float.MIN_VALUE, Float.MAX_VALUE});
        });
        INDArray read = Nd4j.createFromNpyFile(file.toFile());
        assertThat(read.shape()).containsExactly(3, 2);
        assertThat(read.dup().data().asFloat()).containsExactly(0, 1.5f, -2, 3, Float.MIN_VALUE, Float.MAX_VALUE);
        byte[] bytes = Files.readAllBytes(file);
        assertThat((bytes.length - 24) % 64)
                .as("numbers begin at a multiple of 64")
                .isZero();
        try (NpyFile own = NpyFile.open(file)) {
            assertThat(own.shape()).containsExactly(3, 2);
            assertThat(own.floats(1, 2)).containsExactly(-2, 3, Float.MIN_VALUE, Float.MAX_VALUE);
        }
        NpyFile.write(file, new int[] {1}, rows -> rows.write(new float[] {7}));
        assertThat(Nd4j.createFromNpyFile(file.toFile()).shape()).containsExactly(1);
    }

    @Test
    void anInterruptedWriteLeavesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("y.npy"), "old");
        assertThatThrownBy(() -> NpyFile.write(file, new int[] {2}, rows -> {
                    rows.write(new float[1]);
                    throw new IOException("no space");
                }))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("y.npy")
                .hasMessageContaining("no space");
        assertThat(file).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("y.npy");
    }

    @Test
    void readsFloatsOfEverySize() throws IOException {
        try (NpyFile half = NpyFile.open(write(header("<f2", "(2,)"), bytes(0, 0x3c, 0, 0xc0)))) {
            assertThat(half.floats(0, 2)).containsExactly(1, -2);
        }
        try (NpyFile big = NpyFile.open(write(header(">f4", "(1,)"), bytes(0x3f, 0x80, 0, 0)))) {
            assertThat(big.floats(0, 1)).containsExactly(1);
        }
        try (NpyFile wide = NpyFile.open(write(header("<f8", "()"), bytes(0, 0, 0, 0, 0, 0, 0xf0, 0x3f)))) {
            assertThat(wide.floats(0, 1)).containsExactly(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"|i1, -1", "|u1, 255", "<i2, -1", "<u2, 65535", "<i4, -1", "<i8, -1"})
    void readsIntegersOfEverySize(String type, int all) throws IOException {
        byte[] ones = new byte[2 * (type.charAt(2) - '0')];
        Arrays.fill(ones, (byte) 0xff);
        try (NpyFile file = NpyFile.open(write(header(type, "(2,)"), ones))) {
            assertThat(file.integers()).containsExactly(all, all);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), };          Fortran's order
            {'descr': '<f4', 'fortran_order': False, 'shape': (3,), };           takes 12 bytes; it has 8
            {'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647, 2147483647), }; takes
            {'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }; its shape is (99999999999,)
            {'descr': '<f4', 'fortran_order': False, 'shape': (-1,), };          no header of numbers
            {'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), };  no header of numbers
            {};                                                                  no header of numbers
            """)
    void refusesWhatItCannotRead(String header, String why) throws IOException {
        Path file = write(header, new byte[8]);
        assertThatThrownBy(() -> NpyFile.open(file).close())
                .isInstanceOf(LabException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why.equals("no header of numbers") ? "not of an array of numbers" : why);
    }

    @ParameterizedTest
    @CsvSource({"<c8", "|b1", "<U2", "<i8", "|V8"})
    void refusesOtherNumbersThanFloats(String type) throws IOException {
        try (NpyFile file = NpyFile.open(write(header(type, "(1,)"), new byte[8]))) {
            assertThatThrownBy(() -> file.floats(0, 1))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("numbers of type " + type.substring(1));
        }
    }

    @Test
    void refusesFloatsAndHugeNumbersAsIntegers() throws IOException {
        try (NpyFile file = NpyFile.open(write(header("<f4", "(1,)"), new byte[4]))) {
            assertThatThrownBy(file::integers)
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("integers are read");
        }
        try (NpyFile file = NpyFile.open(write(header("<i8", "(1,)"), bytes(0, 0, 0, 0, 1, 0, 0, 0)))) {
            assertThatThrownBy(file::integers).isInstanceOf(LabException.class).hasMessageContaining("4294967296");
        }
    }

    @Test
    void damagedFilesAreRefusedInSoManyWords() throws IOException {
        byte[] good = Files.readAllBytes(write(header("<f4", "(2, 1)"), new byte[8]));
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int edit = 0; edit < 2 && bytes.length > 0; edit++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("damaged.npy"), bytes);
            try (NpyFile read = NpyFile.open(file)) {
                read.floats(0, read.shape().length == 0 ? 1 : read.shape()[0]);
            } catch (LabException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(250, 499);
        assertThatThrownBy(() -> NpyFile.open(folder.resolve("nowhere.npy")))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("no file");
    }
}
