package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import replklab.data.NpyFile;
import replklab.model.Checkpoints;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetBackbone;
import replklab.weights.Safetensors;
import replklab.weights.Safetensors.Entry;
import replklab.weights.Weights;

/** {@code ./lab model} on the reference network, beside the authors' numbers. */
class ModelCommandTest {
    /** Of an array's largest element. */
    private static final double TOLERANCE = 1e-4;

    private static final String TINY =
            "replknet:kernels=13-11-9-7,layers=1-1-2-1,channels=16-24-40-64,smallKernel=5,dwRatio=1,classes=10";

    @TempDir
    Path folder;

    private StringWriter err;

    @BeforeEach
    void listen() {
        err = new StringWriter();
    }

    private static String tiny(String name) {
        try {
            return Path.of(RepLKNet.class.getResource("tiny/" + name).toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private String out(String name) {
        return folder.resolve(name).toString();
    }

    private String printed(int code, String... arguments) {
        return CommandOutput.of(err, code, arguments);
    }

    private static void assertClose(String what, float[] expected, float[] actual) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double worst = 0;
        double largest = 1e-2; // gradients that are zero but for rounding are compared with the smallest others
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double error = Math.abs((double) expected[i] - actual[i]);
            worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
        }
        assertThat(worst / largest).as(what).isLessThan(TOLERANCE);
    }

    private static INDArray array(String path) {
        return Nd4j.createFromNpyFile(Path.of(path).toFile());
    }

    private static void assertClose(String expected, String actual) {
        INDArray reference = array(expected);
        INDArray ours = array(actual);
        assertThat(ours.shape()).containsExactly(reference.shape());
        assertClose(
                actual,
                reference.dup('c').data().asFloat(),
                ours.dup('c').data().asFloat());
    }

    /** 0.000 GMACs tell nothing. */
    @Test
    void countsAreInAUnitThatTheyHaveDigitsIn() {
        String small =
                "replknet:kernels=5-3,layers=1-1,channels=8-8,smallKernel=3,dwRatio=1,ffnRatio=2,inputChannels=1,classes=3";
        assertThat(printed(0, "model", "info", small, "--resolution", "28"))
                .contains("kMACs")
                .containsPattern("folded +\\d+ +\\d\\d+[.]\\d{3}\n")
                .doesNotContain("GMACs");
        assertThat(printed(0, "model", "info", "mobilenetv2-0.75", "--resolution", "32"))
                .contains("MMACs")
                .containsPattern("folded +\\d+ +\\d[.]\\d{3}\n");
        assertThat(printed(0, "model", "info", "replknet-31b"))
                .contains("GMACs")
                .containsPattern("merged +\\d+ +15[.]\\d{3}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.pth", "weights.safetensors", "merged.safetensors"})
    void predictGivesTheAuthorsLogitsAndFeatures(String weights) {
        for (String[] more : new String[][] {{}, {"--merge"}}) {
            predict(out("logits.npy"), weights, more);
            assertClose(tiny("logits-eval.npy"), out("logits.npy"));
        }
        predict(out("features.npy"), weights, "--features");
        assertClose(tiny("features-eval.npy"), out("features.npy"));
        predict(out("features.npy"), weights, "--features", "--merge");
        assertClose(tiny("features-eval.npy"), out("features.npy"));
    }

    private void predict(String output, String weights, String... more) {
        String[] arguments = {
            "model", "predict", "--weights", tiny(weights), "--input", tiny("input.npy"), "--output", output
        };
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        assertThat(printed(0, all)).contains("Wrote " + output);
    }

    /** More images than a batch: each has what it has alone. */
    @Test
    void manyImagesGoBatchByBatch() {
        float[] images = array(tiny("input.npy")).dup('c').data().asFloat();
        String many = out("many.npy");
        NpyFile.write(Path.of(many), new int[] {21, 3, 64, 64}, rows -> {
            for (int i = 0; i < 7; i++) {
                rows.write(images);
            }
        });
        printed(0, "model", "predict", "--weights", tiny("weights.pth"), "--input", many, "--output", many);
        INDArray logits = array(many);
        assertThat(logits.shape()).containsExactly(21, 10);
        float[] expected = array(tiny("logits-eval.npy")).dup('c').data().asFloat();
        for (int i = 0; i < 7; i++) {
            INDArray three = logits.get(NDArrayIndex.interval(3 * i, 3 * i + 3)).dup('c');
            assertClose("images " + i, expected, three.data().asFloat());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.pth", "weights.safetensors"})
    void mergeGivesTheAuthorsWeights(String weights) {
        String file = out("merged.safetensors");
        String said = printed(0, "model", "merge", "--weights", tiny(weights), "--output", file);
        assertThat(said).contains("Wrote " + file, "parameters");
        Map<String, Entry> expected =
                Safetensors.read(Path.of(tiny("merged.safetensors"))).tensors();
        Map<String, Entry> merged = Safetensors.read(Path.of(file)).tensors();
        assertThat(merged.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((name, entry) -> {
            assertThat(merged.get(name).shape()).as(name).containsExactly(entry.shape());
            assertClose(name, entry.values(), merged.get(name).values());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.pth", "weights.safetensors"})
    void gradientsAreTheAuthors(String weights) {
        String file = out("gradients.safetensors");
        String said = printed(
                0,
                "model",
                "gradients",
                "--weights",
                tiny(weights),
                "--input",
                tiny("input.npy"),
                "--labels",
                tiny("labels.npy"),
                "--label-smoothing",
                "0.1",
                "--output",
                file);
        assertThat(said).contains("loss 2.2379");
        Map<String, Entry> expected =
                Safetensors.read(Path.of(tiny("grads-train.safetensors"))).tensors();
        Safetensors.Contents written = Safetensors.read(Path.of(file));
        assertThat(Double.parseDouble(written.metadata().get("loss"))).isBetween(2.23774, 2.23813);
        assertThat(written.tensors().keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((name, entry) -> {
            assertThat(written.tensors().get(name).shape()).as(name).containsExactly(entry.shape());
            assertClose(name, entry.values(), written.tensors().get(name).values());
        });
    }

    private JsonNode info(String... arguments) throws Exception {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        return new ObjectMapper()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(printed(0, all));
    }

    @Test
    void infoCountsEveryForm() throws Exception {
        JsonNode json = info("model", "info", TINY, "--resolution", "64");
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly("arch", "resolution", "parameters", "macs", "layers");
        assertThat(json.get("resolution").asInt()).isEqualTo(64);
        assertThat(json.at("/parameters/training").asLong()).isEqualTo(112_602);
        // A 5x5 kernel and two norms less a large kernel, and one bias more.
        long blocks = 16 + 24 + 2 * 40 + 64;
        assertThat(json.at("/parameters/merged").asLong()).isEqualTo(112_602 - blocks * (25 + 2 + 2 - 1));
        assertThat(json.at("/parameters/folded").asLong())
                .isEqualTo(Checkpoints.load(Path.of(tiny("weights.pth"))).folded().state().values().stream()
                        .mapToLong(variable -> variable.tensor().shape().elements())
                        .sum());
        assertThat(json.at("/macs/training").asLong())
                .isGreaterThan(json.at("/macs/merged").asLong());
        long macs = 0;
        long parameters = 0;
        for (JsonNode layer : json.get("layers")) {
            assertThat(layer.get("name").asText()).isNotEmpty();
            macs += layer.get("macs").asLong();
            parameters += layer.get("parameters").asLong();
        }
        assertThat(macs).isEqualTo(json.at("/macs/training").asLong());
        assertThat(parameters).isEqualTo(json.at("/parameters/training").asLong());
        JsonNode read = info("model", "info", "--weights", tiny("weights.pth"), "--resolution", "64");
        assertThat(read.get("parameters")).isEqualTo(json.get("parameters"));
        assertThat(read.get("macs")).isEqualTo(json.get("macs"));
        assertThat(read.get("arch")).isEqualTo(json.get("arch"));
    }

    @Test
    void infoKnowsEveryFamily() throws Exception {
        JsonNode mobile = info("model", "info", "mobilenetv2-0.75");
        assertThat(mobile.get("arch").asText()).isEqualTo("mobilenetv2-0.75");
        assertThat(mobile.at("/parameters/training").asLong()).isEqualTo(2_636_424);
        assertThat(mobile.at("/macs/training").asLong()).isEqualTo(209_069_792);
        JsonNode upernet = info("model", "info", "upernet:backbone=replknet-3", "--resolution", "512x2048");
        assertThat(upernet.fieldNames())
                .toIterable()
                .containsExactly("arch", "resolution", "parameters", "macs", "layers");
        assertThat(upernet.get("resolution").asText()).isEqualTo("512x2048");
        assertThat(upernet.at("/macs/merged").asLong() / 1_000_000_000).isEqualTo(1119 - 1); // table 5 rounds up
        assertThat(upernet.at("/parameters/training").asLong())
                .as("the auxiliary head")
                .isGreaterThan(upernet.at("/parameters/merged").asLong());
        assertThat(upernet.get("layers"))
                .anyMatch(layer -> layer.get("name").asText().equals("decode_head.fpn_bottleneck.conv"));
        assertThat(printed(0, "model", "info", "convnext-t:kernels=31-31-31-31", "--resolution", "96x64"))
                .contains("convnext:kernels=31-31-31-31", "96x64", "depthwise 31x31");
    }

    /** A backbone's file, and one of a segmentation network around it. */
    @Test
    void backbonesGiveFeaturesAndNoLogits() throws Exception {
        RepLKNetBackbone backbone =
                RepLKNetBackbone.of(Checkpoints.load(Path.of(tiny("weights.pth"))), List.of(0, 1, 2, 3), true);
        Path alone = folder.resolve("backbone.safetensors");
        Weights.save(backbone, alone, Map.of());
        Map<String, Entry> tensors = new LinkedHashMap<>();
        Safetensors.read(alone).tensors().forEach((name, entry) -> tensors.put("backbone." + name, entry));
        tensors.put("decode_head.conv_seg.bias", new Entry(new int[] {10}, new float[10]));
        Path around = folder.resolve("upernet.safetensors");
        Safetensors.write(around, new Safetensors.Contents(tensors, Map.of()));
        String y = out("y.npy");
        String[] predict = {
            "model", "predict", "--weights", alone.toString(), "--input", tiny("input.npy"), "--output", y, "--features"
        };
        printed(0, predict);
        assertClose(tiny("features-eval.npy"), y);
        printed(0, with(predict, 8, "--merge", "--stage", "1"));
        assertThat(array(y).shape()).containsExactly(3, 24, 8, 8);
        fails("holds a RepLKNet's backbone, which has no logits; --features", Arrays.copyOf(predict, 8));
        predict[3] = around.toString();
        fails("besides backbone.* there are decode_head.* (1 tensor)", predict);
        printed(0, with(predict, 9, "--backbone"));
        assertClose(tiny("features-eval.npy"), y);
        assertThat(err.toString()).contains("Left out: decode_head.* (1 tensor)");
        JsonNode json = info("model", "info", "--weights", around.toString(), "--backbone");
        assertThat(json.get("arch").asText())
                .startsWith("replknet:kernels=13-11-9-7,layers=1-1-2-1,channels=16-24-40-64,smallKernel=5")
                .endsWith("features=0-1-2-3,norms=yes");
        String merged = out("merged.safetensors");
        printed(0, "model", "merge", "--weights", around.toString(), "--backbone", "--output", merged);
        assertThat(info("model", "info", "--weights", merged).at("/parameters/merged"))
                .isEqualTo(json.at("/parameters/merged"));
        fails(
                "holds a RepLKNet's backbone",
                "model",
                "evaluate",
                "--weights",
                alone.toString(),
                "--data",
                folder.toString());
    }

    private static String[] with(String[] arguments, int kept, String... more) {
        String[] all = Arrays.copyOf(arguments, kept + more.length);
        System.arraycopy(more, 0, all, kept, more.length);
        return all;
    }

    @Test
    void nobodyCanTellWhatMergedWeightsWereTrainedAs() throws Exception {
        JsonNode json = info("model", "info", "--weights", tiny("merged.safetensors"));
        assertThat(json.at("/parameters/training").isNull()).isTrue();
        assertThat(json.at("/macs/training").isNull()).isTrue();
        assertThat(json.at("/parameters/merged").asLong()).isEqualTo(107_450);
        assertThat(printed(0, "model", "info", "--weights", tiny("merged.safetensors")))
                .contains("merged", "folded", "107450")
                .doesNotContain("training");
    }

    @Test
    void infoKnowsThePapersNetworks() {
        assertThat(printed(0, "model", "info", "replknet-31b"))
                .contains("replknet-31b, 224x224", "79864168", "15.", "depthwise 31x31", "pointwise");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model | There are info, predict, merge, gradients, export, evaluate, parity",
                "model inof replknet-3 | did you mean info?",
                "model info | ARCH",
                "model info replknet-31c | did you mean replknet-31b",
                "model info replknet:kernels=4-4-4-4 | kernel size is 4",
                "model info convnext-tiny | did you mean convnext-t",
                "model info upernet:backbone=mobilenet | did you mean mobilenetv2",
                "model info replknet-3 --resolution 0 | --resolution is 0",
                "model info replknet-3 --resolution 512x | --resolution is 512x",
                "model info replknet-3 --resolution 224x9000 | each 1 to 8192",
                "model info replknet-3 --backbone | replknet-3:features=0-1-2-3 does",
                "model predict --weights F --input X --output Y --features --stage 1 | leave one out",
                "model info replknet-3 --weights F | mutually exclusive",
                "model parity | --authors",
                "model parity --authors nowhere | where there is no replknet.py",
                "model parity --authors nowhere --case 33x33 | unknown case '33x33'",
                "model predict --weights F --input X.npy | --output",
                "model merge --weights F --output G.pth | weights are written as .safetensors",
                "model gradients --weights F --input X --labels L --output G.npz | .safetensors",
            })
    void wrongUseIsExplained(String line, String message) {
        assertThat(printed(2, line.split(" "))).isEmpty();
        assertThat(err.toString()).contains(message);
    }

    private void fails(String message, String... arguments) {
        assertThat(printed(1, arguments)).isEmpty();
        assertThat(err.toString()).contains(message).doesNotContain("Unexpected");
    }

    @Test
    void filesThatDoNotFitAreExplainedAndNothingIsWritten() throws Exception {
        String weights = tiny("weights.pth");
        String input = tiny("input.npy");
        Path output = Files.writeString(folder.resolve("y.npy"), "kept");
        String y = output.toString();
        fails(
                "no weights file nowhere.pth",
                "model",
                "predict",
                "--weights",
                "nowhere.pth",
                "--input",
                input,
                "--output",
                y);
        fails("no file nowhere.npy", "model", "predict", "--weights", weights, "--input", "nowhere.npy", "--output", y);
        fails(
                "images are (n, channels, height, width)",
                "model",
                "predict",
                "--weights",
                weights,
                "--input",
                tiny("logits-eval.npy"),
                "--output",
                y);
        String last = out("last.npy");
        NpyFile.write(Path.of(last), new int[] {1, 8, 8, 3}, rows -> rows.write(new float[192]));
        fails(
                "8 channels; the network takes 3, channels first",
                "model",
                "predict",
                "--weights",
                weights,
                "--input",
                last,
                "--output",
                y);
        fails("cannot be read", "model", "predict", "--weights", input, "--input", input, "--output", y);
        fails(
                "there is no folder",
                "model",
                "predict",
                "--weights",
                weights,
                "--input",
                input,
                "--output",
                out("nowhere/y.npy"));
        assertThat(output).hasContent("kept");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("y.npy", "last.npy");
    }

    @Test
    void labelsThatDoNotFitAreExplained() {
        String[] arguments = {
            "model",
            "gradients",
            "--weights",
            tiny("weights.pth"),
            "--input",
            tiny("input.npy"),
            "--labels",
            "",
            "--output",
            out("g.safetensors")
        };
        arguments[7] = tiny("logits-eval.npy");
        fails("labels " + arguments[7] + " have shape (3, 10); the 3 images need (3,)", arguments);
        String floats = out("floats.npy");
        NpyFile.write(Path.of(floats), new int[] {3}, rows -> rows.write(new float[3]));
        arguments[7] = floats;
        fails("integers are read", arguments);
        assertThat(Path.of(out("g.safetensors"))).doesNotExist();
    }
}
