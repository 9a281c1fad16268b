package replklab.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.LabException;
import replklab.nn.Convolution;
import replklab.nn.Depthwise;
import replklab.nn.Layer;
import replklab.nn.Linear;
import replklab.nn.Sequential;
import replklab.tensor.Tensor;

class SafetensorsTest {
    @TempDir
    Path folder;

    private static Layer model(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Sequential(List.of(
                new Convolution(2, 3, 3, 1, random), new Depthwise(3, 5, 1, 1, random), new Linear(3, 2, random)));
    }

    @Test
    void readsWhatItWrote() {
        float[] special = {1.5f, -0.0f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE};
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        tensors.put("zwei.größe", new Safetensors.Entry(new int[] {2, 3}, special));
        tensors.put("a \"scalar\"", new Safetensors.Entry(new int[0], new float[] {7}));
        Path file = folder.resolve("w.safetensors");
        Safetensors.write(file, new Safetensors.Contents(tensors, Map.of("epoch", "3")));
        Safetensors.Contents read = Safetensors.read(file);
        assertThat(read.metadata()).containsExactly(Map.entry("epoch", "3"));
        assertThat(read.tensors().keySet()).containsExactly("zwei.größe", "a \"scalar\"");
        assertThat(read.tensors().get("zwei.größe").shape()).containsExactly(2, 3);
        assertThat(read.tensors().get("zwei.größe").values()).containsExactly(special);
        assertThat(read.tensors().get("a \"scalar\"").shape()).isEmpty();
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".partial"));
    }

    @Test
    void aModelComesBackToTheLastBit() {
        Path file = folder.resolve("w.safetensors");
        Layer written = model(1);
        Weights.save(written, file, Map.of("epoch", "3"));
        Layer read = model(2);
        assertThat(Weights.load(read, file)).containsEntry("epoch", "3");
        read.state()
                .forEach((name, variable) -> assertThat(variable.tensor().toArray())
                        .as(name)
                        .containsExactly(written.state().get(name).tensor().toArray()));
    }

    /** What looks like a wrapper's prefix may be the model's own. */
    @Test
    void aModelsOwnNamesAreNotTakenForAWrappers() {
        Path file = folder.resolve("w.safetensors");
        Weights.save(new Wrapped(model(1)), file, Map.of());
        Layer read = new Wrapped(model(2));
        Weights.load(read, file);
        Layer bare = model(3);
        Weights.load(bare, file);
        float[] expected = model(1).state().get("0.weight").tensor().toArray();
        assertThat(read.state().get("module.0.weight").tensor().toArray()).containsExactly(expected);
        assertThat(bare.state().get("0.weight").tensor().toArray()).containsExactly(expected);
    }

    private static final class Wrapped extends Layer {
        private final Layer inner;

        Wrapped(Layer inner) {
            this.inner = child("module", inner);
        }

        @Override
        public Tensor forward(Tensor x) {
            return inner.forward(x);
        }
    }

    /** Reads the file by the format's description alone, as any other program would. */
    @Test
    void anotherReaderFindsChannelsFirst() throws IOException {
        Path file = folder.resolve("w.safetensors");
        Layer model = model(1);
        Weights.save(model, file, Map.of());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong();
        assertThat(length % 8).isZero();
        byte[] text = new byte[length];
        bytes.get(text);
        JsonNode header = new ObjectMapper().readTree(new String(text, StandardCharsets.UTF_8));
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);

        JsonNode full = header.get("0.weight");
        assertThat(full.get("dtype").asText()).isEqualTo("F32");
        assertThat(full.get("shape")).hasToString("[3,2,3,3]");
        JsonNode depthwise = header.get("1.weight");
        assertThat(depthwise.get("shape")).hasToString("[3,1,5,5]");
        int begin = depthwise.get("data_offsets").get(0).asInt();
        assertThat(depthwise.get("data_offsets").get(1).asInt() - begin).isEqualTo(3 * 25 * 4);
        float[] memory = model.parameters().get("1.weight").toArray(); // (5, 5, 3)
        for (int c = 0; c < 3; c++) {
            for (int tap = 0; tap < 25; tap++) {
                assertThat(data.getFloat(begin + (c * 25 + tap) * 4)).isEqualTo(memory[tap * 3 + c]);
            }
        }
        assertThat(header.get("2.weight").get("shape")).hasToString("[2,3]");
        assertThat(header.get("2.bias").get("data_offsets").get(1).asInt()).isEqualTo(data.capacity());
    }

    @Test
    void anotherModelIsRefusedWholly() {
        Path file = folder.resolve("w.safetensors");
        Weights.save(new Sequential(List.of(new Convolution(2, 3, 5, 1, new SplittableRandom(1)))), file, Map.of());
        Layer model = model(1);
        float[] before = model.parameters().get("0.weight").toArray();
        assertThatThrownBy(() -> Weights.load(model, file))
                .isInstanceOf(LabException.class)
                .message()
                .contains(
                        file.toString(),
                        "shape of 0.weight is (3, 2, 5, 5), the model's is (3, 2, 3, 3)",
                        "missing: 1.weight",
                        "missing: 2.bias");
        assertThat(model.parameters().get("0.weight").toArray()).containsExactly(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}}                                  | take 16 bytes, but 8 follow
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}                                  | bytes -8 to 0
            {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}                                   | shape [3]
            {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}                                  | shape [-2]
            {"a":{"dtype":"F32","shape":[-1,0],"data_offsets":[0,0]}}                                | shape [-1,0]
            {"a":{"dtype":"F32","shape":[2147483647,2147483647,4],"data_offsets":[0,8]}}             | shape [2147483647
            {"a":{"dtype":"F32","shape":[4294967298],"data_offsets":[0,8]}}                          | shape [4294967298]
            {"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}                                 | shape ["2"]
            {"a":{"dtype":"F32","data_offsets":[0,4]}}                                               | tensor a
            {"a":{"dtype":"F32","shape":[2]}}                                                        | tensor a
            {"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}                                   | type C64; only [F32, F16, BF16, F64, I64,
            {"a":{"shape":[2],"data_offsets":[0,8]}}                                                 | type none
            {"a":7}                                                                                  | tensor a
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                                   | take 4 bytes, but 8
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                                   | gap or overlap at byte 0
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | overlap at byte 4
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | Duplicate
            [1,2]                                                                                    | no JSON object
            {"a":                                                                                    | no JSON
            {}"a":7                                                                                  | no JSON: there is more behind its end
            """)
    void refusesADamagedHeader(String header, String why) throws IOException {
        byte[] text = header.strip().getBytes(StandardCharsets.UTF_8);
        refused(text.length, text, 8, why);
    }

    @Test
    void refusesALengthThatCannotBe() throws IOException {
        byte[] header =
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}".getBytes(StandardCharsets.UTF_8);
        refused(Long.MAX_VALUE, header, 8, "would have " + Long.MAX_VALUE);
        refused(-1, header, 8, "would have 18446744073709551615 bytes");
        refused(0, header, 8, "would have 0 bytes");
        refused(header.length + 9, header, 8, "breaks off in its header");
        refused(header.length, header, 7, "take 8 bytes, but 7 follow");
        Path file = Files.write(folder.resolve("short.safetensors"), new byte[5]);
        assertThatThrownBy(() -> Safetensors.read(file))
                .hasMessageContaining("5 bytes")
                .hasMessageContaining("short");
    }

    private void refused(long length, byte[] header, int data, String why) throws IOException {
        Path file = folder.resolve("damaged.safetensors");
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(length).put(header).array());
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }

    @Test
    void namesAFileThatIsMissingOrCannotBeWritten() throws IOException {
        Path missing = folder.resolve("nowhere.safetensors");
        assertThatThrownBy(() -> Safetensors.read(missing))
                .isInstanceOf(LabException.class)
                .hasMessage("no weights file " + missing);
        assertThatThrownBy(() -> Safetensors.read(folder)).hasMessageContaining(folder.toString());
        // A folder that is not empty stands where the file should go.
        Path taken = Files.createDirectories(folder.resolve("taken.safetensors/inside"))
                .getParent();
        Safetensors.Contents nothing = new Safetensors.Contents(Map.of(), Map.of());
        assertThatThrownBy(() -> Safetensors.write(taken, nothing)).hasMessageContaining(taken.toString());
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".partial"));
    }

    @Test
    void anInterruptedThreadStillReadsAndWrites() {
        Path file = folder.resolve("w.safetensors");
        Layer from = model(1); // no operation begins in an interrupted thread
        Layer to = model(2);
        Thread.currentThread().interrupt();
        try {
            Weights.save(from, file, Map.of());
            Weights.load(to, file);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void tensorsOfADifferentShapeAreReportedByTheirShapeInTheFile() {
        Path file = folder.resolve("w.safetensors");
        Layer linear = new Linear(3, 2, new SplittableRandom(1));
        Safetensors.Entry transposed = new Safetensors.Entry(
                new int[] {3, 2}, linear.parameters().get("weight").toArray());
        Safetensors.Entry bias =
                new Safetensors.Entry(new int[] {2}, Tensor.zeros(2).toArray());
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>(Map.of("weight", transposed, "bias", bias));
        Safetensors.write(file, new Safetensors.Contents(tensors, Map.of()));
        assertThatThrownBy(() -> Weights.load(linear, file))
                .hasMessageContaining("shape of weight is (3, 2), the model's is (2, 3)");
    }
}
