package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.model.TorchFiles.Pickle;

/** What PyTorch's files may hold, and what is refused. */
class PthFileTest {
    private static final long[] TWO = {2};
    private static final long[] ONE = {1};

    @TempDir
    Path folder;

    private Path write(Pickle pickle, Map<String, byte[]> storages) throws IOException {
        return TorchFiles.write(folder.resolve("w.pth"), pickle.done(), storages);
    }

    private static Pickle dictionary() {
        return new Pickle().op('}').op('(');
    }

    private static byte[] little(int size, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * size).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            switch (size) {
                case Short.BYTES -> bytes.putShort((short) value);
                default -> bytes.putLong(value);
            }
        }
        return bytes.array();
    }

    @Test
    void everyTypeIsReadThroughViewsOfSharedStorages() throws IOException {
        Pickle pickle = dictionary()
                .text("whole")
                .tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1})
                .text("transposed")
                .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .text("column")
                .tensor("FloatStorage", "0", 6, 1, TWO, new long[] {3})
                .text("tail")
                .tensor("FloatStorage", "0", 6, 4, TWO, ONE)
                .text("expanded")
                .tensor("FloatStorage", "0", 6, 5, new long[] {2, 2}, new long[] {0, 0})
                .text("half")
                .tensor("HalfStorage", "1", 2, 0, TWO, ONE)
                .text("brain")
                .tensor("BFloat16Storage", "2", 2, 0, TWO, ONE)
                .text("double")
                .tensor("DoubleStorage", "3", 2, 0, TWO, ONE)
                .text("long")
                .tensor("LongStorage", "4", 1, 0, new long[0], new long[0])
                .op('u');
        Path file = write(
                pickle,
                Map.of(
                        "0", TorchFiles.floats(0, 1, 2, 3, 4, 5),
                        "1", little(2, Float.floatToFloat16(-1.5f), Float.floatToFloat16(65504)),
                        "2", little(2, Float.floatToIntBits(-2.5f) >> 16, Float.floatToIntBits(1e38f) >> 16),
                        "3", little(8, Double.doubleToLongBits(0.1), Double.doubleToLongBits(-7)),
                        "4", little(8, 1L << 40)));
        try (WeightsFile in = WeightsFile.open(file)) {
            assertThat(in.tensors().keySet())
                    .containsExactly(
                            "whole", "transposed", "column", "tail", "expanded", "half", "brain", "double", "long");
            assertThat(in.tensors().get("transposed").shape()).containsExactly(3, 2);
            assertThat(in.floats("whole")).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(in.floats("transposed")).containsExactly(0, 3, 1, 4, 2, 5);
            assertThat(in.floats("column")).containsExactly(1, 4);
            assertThat(in.floats("tail")).containsExactly(4, 5);
            assertThat(in.floats("expanded")).containsExactly(5, 5, 5, 5);
            assertThat(in.floats("half")).containsExactly(-1.5f, 65504);
            assertThat(in.floats("brain")[0]).isEqualTo(-2.5f);
            assertThat(in.floats("brain")[1]).isBetween(0.99e38f, 1e38f);
            assertThat(in.floats("double")).containsExactly(0.1f, -7);
            assertThat(in.integers("long")).containsExactly(1L << 40);
            assertThatThrownBy(() -> in.floats("long"))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("integers");
            assertThatThrownBy(() -> in.integers("half"))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("F16");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "module", "state_dict", "model_ema"})
    void theDictionaryMayBeWrappedAndItsNamesPrefixed(String wrapper) throws IOException {
        Pickle pickle = dictionary()
                .text("epoch")
                .number(3)
                .text("args")
                .global("argparse", "Namespace")
                .op(')')
                .op(0x81)
                .op('}')
                .op('b')
                .text(wrapper)
                .global("collections", "OrderedDict")
                .op(')')
                .op('R')
                .op('(')
                .text("module.a")
                .tensor("FloatStorage", "0", 2, 0, TWO, ONE)
                .op('u')
                .op('}') // PyTorch's _metadata
                .text("_metadata")
                .op('}')
                .op('s')
                .op('b')
                .op('u');
        try (WeightsFile in = WeightsFile.open(write(pickle, Map.of("0", TorchFiles.floats(1, 2))))) {
            assertThat(in.tensors().keySet()).containsExactly("a");
            assertThat(in.floats("a")).containsExactly(1, 2);
        }
    }

    /** What a pickle would run in Python: none of it is even looked for here. */
    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "builtins, eval",
        "subprocess, Popen",
        "builtins, Exception",
        "decimal, Decimal",
        "torch.jit, load",
        "torch, IntStorage"
    })
    void whatNamesAnythingElseIsRefused(String module, String name) throws IOException {
        Path ran = folder.resolve("ran");
        Pickle pickle = new Pickle()
                .global(module, name)
                .op('(')
                .text("touch " + ran)
                .op('t')
                .op('R');
        Path file = write(pickle, Map.of());
        refused(file, module + "." + name, "only tensors");
        assertThat(ran).doesNotExist();
    }

    private static void refused(Path file, String... why) {
        assertThatThrownBy(() -> WeightsFile.open(file).close())
                .isInstanceOf(LabException.class)
                .hasMessageContaining(file.toString())
                .message()
                .contains(why);
    }

    @Test
    void instructionsThatTensorsDoNotNeedAreRefused() throws IOException {
        // INST and OBJ construct, PERSID and EXT name things outside, and LONG4 and sets take their time.
        for (int code : new int[] {'i', 'o', 'P', 0x82, 0x8b, 0x8f, 0x97, 'I', 'L', '2', '0'}) {
            refused(write(new Pickle().op(code), Map.of()), "instruction " + code);
        }
    }

    @Test
    void stringsAreNoLongerThanTheFile() throws IOException {
        Pickle pickle = new Pickle().op('X').op(0xff).op(0xff).op(0xff).op(0x7f);
        refused(write(pickle, Map.of()), "cut off in a string of " + Integer.MAX_VALUE);
        refused(write(new Pickle().op('X').op(0xff).op(0xff).op(0xff).op(0xff), Map.of()), "string of 4294967295");
    }

    @Test
    void aContainerIsNoKey() throws IOException {
        // Lists of the same list twice: the hash of the last one takes 2 to the power of 60 steps.
        Pickle pickle = new Pickle().op(']');
        for (int i = 0; i < 60; i++) {
            pickle.op('q').op(i).op(']').op('h').op(i).op('a').op('h').op(i).op('a');
        }
        pickle.op('q').op(99).op('}').op('h').op(99).op('N').op('s');
        refused(write(pickle, Map.of()), "neither strings nor numbers");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 | 0 | 3    | 1  | needs 3 elements of storage; there are 2
            2 | 1 | 2    | 1  | needs 3 elements
            9 | 0 | 3    | 1  | needs 3 elements of storage; there are 2
            1 | 0 | 2    | 1  | there are 1
            2 | -1 | 1   | 1  | offset -1
            2 | 0 | -2   | 1  | size -2
            2 | 0 | 2    | -1 | stride -1
            2 | 0 | 4294967298 | 0 | no storage has
            2 | 0 | 2147483647 | 0 | more than 2 GiB
            2 | 0 | 1000000 | 0 | to become 4000000
            2 | 9223372036854775807 | 1 | 1 | no storage has
            2 | 0 | 3    | 9223372036854775807 | no storage has
            """)
    void viewsBeyondTheirStorageAreRefused(long claimed, long offset, long size, long stride, String why)
            throws IOException {
        Pickle pickle = dictionary()
                .text("a")
                .tensor("FloatStorage", "0", claimed, offset, new long[] {size}, new long[] {stride})
                .op('u');
        refused(write(pickle, Map.of("0", TorchFiles.floats(1, 2))), "tensor", why);
    }

    /** A bit that rotted in a storage, and one in a name of the pickle. */
    @Test
    void checksumsOfWhatIsReadAreChecked() throws IOException {
        Pickle pickle = dictionary()
                .text("first")
                .tensor("FloatStorage", "0", 3, 0, TWO, ONE)
                .text("second")
                .tensor("FloatStorage", "0", 3, 2, ONE, ONE)
                .text("other")
                .tensor("FloatStorage", "1", 2, 0, TWO, ONE)
                .op('u');
        Path file = write(pickle, Map.of("0", TorchFiles.floats(1, 2, 1234.5f), "1", TorchFiles.floats(3, 4)));
        byte[] good = Files.readAllBytes(file);
        Files.write(file, flipped(good, TorchFiles.floats(1234.5f)));
        try (WeightsFile in = WeightsFile.open(file)) {
            // The first tensor's own numbers are whole, but who knows what else the disk did.
            for (String name : new String[] {"first", "second", "first"}) {
                assertThatThrownBy(() -> in.floats(name))
                        .isInstanceOf(LabException.class)
                        .hasMessageContaining(file + " cannot be read: tensor " + name)
                        .hasMessageContaining("archive/data/0 does not have the checksum");
            }
            assertThat(in.floats("other")).containsExactly(3, 4);
            assertThat(in.floats("other")).containsExactly(3, 4);
        }
        Files.write(file, flipped(good, "second".getBytes(StandardCharsets.UTF_8)));
        refused(file, "archive/data.pkl does not have the checksum");
    }

    private static byte[] flipped(byte[] bytes, byte[] piece) {
        byte[] flipped = bytes.clone();
        for (int at = 0; at <= bytes.length - piece.length; at++) {
            if (Arrays.equals(bytes, at, at + piece.length, piece, 0, piece.length)) {
                flipped[at] ^= 1;
                return flipped;
            }
        }
        throw new AssertionError("the file has no such piece");
    }

    @Test
    void aMissingStorageIsNamed() throws IOException {
        Pickle pickle = dictionary()
                .text("a")
                .tensor("FloatStorage", "7", 2, 0, TWO, ONE)
                .op('u');
        refused(write(pickle, Map.of()), "the numbers of tensor a are missing");
    }

    @Test
    void whatIsNoDictionaryOfTensorsIsRefused() throws IOException {
        refused(write(new Pickle().op('N'), Map.of()), "holds no dictionary");
        refused(write(dictionary().text("epoch").number(7).op('u'), Map.of()), "'epoch'", "no tensor", "state_dict");
        refused(write(new Pickle().op('t'), Map.of()), "list of tensors is refused");
    }

    @Test
    void archivesThatPyTorchDoesNotWriteAreRefused() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", new Pickle().op('}').done());
        Path file = folder.resolve("w.pth");
        refused(TorchFiles.write(file, entries, ZipEntry.DEFLATED), "compressed");
        entries.put("archive/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
        refused(TorchFiles.write(file, entries, ZipEntry.STORED), "byte order big");
        refused(TorchFiles.write(file, Map.of("readme", new byte[3]), ZipEntry.STORED), "without PyTorch's data.pkl");
        refused(
                TorchFiles.write(file, Map.of("data.pkl", new byte[(4 << 20) + 1]), ZipEntry.STORED),
                "at most 4194304");
        Path old = Files.write(file, new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10, 'l', (byte) 0xfc});
        refused(old, "before version 1.6");
    }
}
