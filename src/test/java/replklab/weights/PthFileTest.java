package replklab.weights;

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
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.weights.TorchFiles.Pickle;

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
    @ValueSource(strings = {"model", "module", "state_dict", "model_state_dict", "model_ema", "my_net"})
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
            assertThat(in.choice()).isEqualTo(new WeightsFile.Choice(wrapper, List.of()));
        }
    }

    /** What a pickle would run in Python: none of it is even looked for here, and the weights beside it are read. */
    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "builtins, eval",
        "subprocess, Popen",
        "builtins, Exception",
        "decimal, Decimal",
        "torch.jit, load",
        "numpy.core.multiarray, scalar",
        "my.own, Thing"
    })
    void whatElseAFileNamesIsPassedOver(String module, String name) throws IOException {
        Path ran = folder.resolve("ran");
        Pickle pickle = dictionary()
                .text("lr")
                .global(module, name)
                .op('(')
                .text("touch " + ran)
                .op('t')
                .op('R')
                .op('}') // attributes
                .text("x")
                .op('}')
                .op('s')
                .op('b')
                .op('(') // an iterable's items, and a mapping's
                .number(7)
                .op('e')
                .op('(')
                .text("key")
                .number(7)
                .op('u')
                .text("model")
                .op('}')
                .text("a")
                .tensor("FloatStorage", "0", 2, 0, TWO, ONE)
                .op('s')
                .op('u');
        try (WeightsFile in = WeightsFile.open(write(pickle, Map.of("0", TorchFiles.floats(1, 2))))) {
            assertThat(in.floats("a")).containsExactly(1, 2);
        }
        assertThat(ran).doesNotExist();
    }

    /** A whole network, pickled: its class is needed, which is not here. */
    @Test
    void anObjectInPlaceOfWeightsIsNamedWithTheRemedy() throws IOException {
        Pickle whole = new Pickle().global("nets.replknet", "RepLKNet").op(')').op(0x81);
        refused(write(whole, Map.of()), "object of the class nets.replknet.RepLKNet", "m.state_dict()");
        Pickle inside = dictionary()
                .text("model")
                .global("nets.replknet", "RepLKNet")
                .op(')')
                .op(0x81)
                .op('u');
        refused(write(inside, Map.of()), "model (nets.replknet.RepLKNet)", "m.state_dict()");
    }

    /** A training's file: the network, its average, the optimiser and the states of random numbers. */
    @Test
    void ofSeveralWeightsTheTrainedOnesAreTakenAndTheOthersListed() throws IOException {
        Pickle pickle = dictionary();
        weights(pickle.text("model_ema").op('}').op('('), "module.", "1").op('u');
        weights(pickle.text("model").op('}').op('('), "module._orig_mod.", "0").op('u');
        pickle.text("optimizer")
                .op('}')
                .op('(')
                .text("state")
                .op('}')
                .op('(')
                .number(0)
                .op('}')
                .op('(');
        pickle.text("exp_avg")
                .tensor("FloatStorage", "0", 2, 0, TWO, ONE)
                .op('u')
                .op('u')
                .op('u');
        pickle.text("rng").tensor("ByteStorage", "2", 3, 0, new long[] {3}, ONE).op('u');
        Path file = write(
                pickle,
                Map.of("0", TorchFiles.floats(1, 2), "1", TorchFiles.floats(3, 4), "2", new byte[] {1, (byte) 200, 3}));
        try (WeightsFile in = WeightsFile.open(file)) {
            assertThat(in.choice()).isEqualTo(new WeightsFile.Choice("model", List.of("model_ema")));
            assertThat(in.tensors().keySet()).containsExactly("a", "b");
            assertThat(in.floats("a")).containsExactly(1, 2);
        }
        try (WeightsFile in = WeightsFile.open(file, "model_ema")) {
            assertThat(in.choice()).isEqualTo(new WeightsFile.Choice("model_ema", List.of("model")));
            assertThat(in.floats("a")).containsExactly(3, 4);
        }
        assertThatThrownBy(() -> WeightsFile.open(file, "model_eam"))
                .isInstanceOf(UsageException.class)
                .hasMessageContainingAll("--which", "model_eam", "model_ema");
    }

    /** Three tensors outside, and one under a name that weights usually have. */
    @Test
    void aUsualNameIsNoReasonToTakeTheLesserPart() throws IOException {
        Pickle pickle = weights(dictionary(), "", "0");
        pickle.text("c").tensor("FloatStorage", "0", 2, 0, TWO, ONE);
        pickle.text("net")
                .op('}')
                .text("temperature")
                .tensor("FloatStorage", "0", 2, 0, TWO, ONE)
                .op('s')
                .op('u');
        Path file = write(pickle, Map.of("0", TorchFiles.floats(1, 2)));
        try (WeightsFile in = WeightsFile.open(file)) {
            assertThat(in.tensors().keySet()).containsExactly("a", "b", "c");
            assertThat(in.choice().others()).containsExactly("net");
        }
    }

    private static Pickle weights(Pickle pickle, String prefix, String storage) {
        for (String name : new String[] {"a", "b"}) {
            pickle.text(prefix + name).tensor("FloatStorage", storage, 2, 0, TWO, ONE);
        }
        return pickle;
    }

    @Test
    void integersOfAnyWidthAreRead() throws IOException {
        Pickle pickle = dictionary();
        String[] types = {"ByteStorage", "CharStorage", "ShortStorage", "IntStorage", "BoolStorage"};
        Map<String, byte[]> storages = new LinkedHashMap<>();
        byte[][] bytes = {{(byte) 200}, {-3}, {1, 2}, {1, 2, 3, -4}, {1}};
        for (int i = 0; i < types.length; i++) {
            pickle.text(types[i]).tensor(types[i], "" + i, 1, 0, ONE, ONE);
            storages.put("" + i, bytes[i]);
        }
        long[] expected = {200, -3, 0x0201, 0xfffffffffc030201L, 1};
        try (WeightsFile in = WeightsFile.open(write(pickle.op('u'), storages))) {
            for (int i = 0; i < types.length; i++) {
                assertThat(in.integers(types[i])).as(types[i]).containsExactly(expected[i]);
            }
        }
        Pickle strange = dictionary()
                .text("z")
                .tensor("ComplexFloatStorage", "0", 1, 0, ONE, ONE)
                .op('u');
        refused(write(strange, Map.of("0", new byte[8])), "tensor z has numbers of PyTorch's ComplexFloatStorage");
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
        // INST and OBJ construct, PERSID and EXT name things outside, and numbers in decimals take their time.
        for (int code : new int[] {'i', 'o', 'P', 0x82, 0x97, 0x98, 'I', 'L', 'F', 'S', 'V'}) {
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
        refused(write(pickle, Map.of()), "holds no dictionary of tensors");
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
        refused(write(dictionary().text("epoch").number(7).op('u'), Map.of()), "holds no dictionary of tensors");
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
                TorchFiles.write(file, Map.of("data.pkl", new byte[(64 << 20) + 1]), ZipEntry.STORED),
                "at most 67108864");
        entries.put("archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        entries.put("archive/constants.pkl", new byte[2]);
        refused(TorchFiles.write(file, entries, ZipEntry.STORED), "TorchScript program", "state_dict");
    }

    /** What is found in place of weights. */
    @Test
    void whatIsNoWeightsFileIsCalledByItsName() throws IOException {
        Map<String, String> found = Map.of(
                "<!DOCTYPE html><html>Sign in", "web page",
                "  <?xml version='1.0'?><Error>AccessDenied", "web page",
                "version https://git-lfs.github.com/spec/v1\noid", "Git LFS pointer",
                "{'message': 'Not Found'}", "JSON",
                "Not Found, sorry", "a text",
                "\u0089HDF\r\n\u001a\n", "HDF5",
                "\u0080\4\u0095\16 pickled", "pickle",
                "\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\31.", "before version 1.6",
                "\37\u008b\b and more", "gzip");
        Path file = folder.resolve("w.pth");
        for (Map.Entry<String, String> each : found.entrySet()) {
            Files.write(file, each.getKey().getBytes(StandardCharsets.ISO_8859_1));
            refused(file, each.getValue());
        }
    }

    @Test
    void halfADownloadIsCalledOne() throws IOException {
        Path file = write(
                dictionary()
                        .text("a")
                        .tensor("FloatStorage", "0", 2, 0, TWO, ONE)
                        .op('u'),
                Map.of("0", TorchFiles.floats(1, 2)));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 4; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            refused(file, "breaks off");
        }
        Files.write(file, new byte[0]);
        refused(file, "it is empty");
    }
}
