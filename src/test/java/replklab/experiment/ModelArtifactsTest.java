package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.model.NetworkNotes;
import replklab.nn.Layer;
import replklab.nn.Linear;
import replklab.nn.Pointwise;
import replklab.onnx.OnnxCheck;
import replklab.onnx.OnnxSession;
import replklab.tensor.Tensor;
import replklab.weights.Weights;

/** The files of a model are the network that was evaluated, in the forms that Python's MLflow reads. */
class ModelArtifactsTest {
    private static final Dots DATA = new Dots(List.of("dog, \"good\"", "cat"));

    @TempDir
    Path folder;

    /** As small as a classifier can be. */
    private static final class Classifier extends Layer {
        private final Pointwise pointwise;
        private final Linear head;

        Classifier(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            pointwise = child("pointwise", new Pointwise(2, 3, true, random));
            head = child("head", new Linear(3, 2, random));
        }

        @Override
        public Tensor forward(Tensor x) {
            return head.forward(pointwise.forward(x).globalAveragePool());
        }
    }

    /** A class a pixel. */
    private static final class Segmenter extends Layer {
        private final Pointwise pointwise = child("pointwise", new Pointwise(2, 3, true, new SplittableRandom(1)));

        @Override
        public Tensor forward(Tensor x) {
            return pointwise.forward(x);
        }
    }

    private Map<String, String> written(ModelKind kind, Layer network) throws IOException {
        ModelArtifacts.write(folder, kind, network.train(false), Optional.empty(), DATA);
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                files.put(String.valueOf(file.getFileName()), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    @Test
    void bothFilesHoldTheNetworkThatWasEvaluated() throws IOException {
        Layer network = new Classifier(1);
        Map<String, String> files = written(ModelKind.CLASSIFIER, network);
        Tensor images = DatasetImages.of(DATA, IntStream.range(0, 5));
        Tensor expected = network.forward(images);
        try (OnnxSession session = OnnxSession.open(folder.resolve("model.onnx"))) {
            assertThat(OnnxCheck.of(expected, session.run(images, "logits")).passed())
                    .isTrue();
        }
        Layer other = new Classifier(2).train(false);
        Weights.load(other, folder.resolve(ModelArtifacts.WEIGHTS));
        assertThat(other.forward(images).toArray()).isEqualTo(expected.toArray());
        assertThat(written(ModelKind.CLASSIFIER, network))
                .as("the same bytes again")
                .isEqualTo(files);
    }

    @Test
    void theWeightsTellHowTheNetworkIsUsed() throws IOException {
        String name = "my.Classifier:classes=2";
        ModelArtifacts.write(folder, ModelKind.CLASSIFIER, new Classifier(1).train(false), Optional.of(name), DATA);
        assertThat(NetworkNotes.of(folder.resolve(ModelArtifacts.WEIGHTS), ""))
                .contains(new NetworkNotes(
                        name, 4, 4, Optional.of("square"), List.of(0.5, 0.5), List.of(0.5, 0.5), DATA.classes()));
    }

    @Test
    void theCardTellsPythonHowToLoadIt() throws IOException {
        written(ModelKind.CLASSIFIER, new Classifier(1));
        JsonNode card = new YAMLMapper().readTree(folder.resolve("MLmodel").toFile());
        assertThat(card.at("/flavors/python_function/loader_module").asText()).isEqualTo("mlflow.onnx");
        assertThat(card.at("/flavors/python_function/python_version").isTextual())
                .as("a number 3.11 would not be a version")
                .isTrue();
        assertThat(card.at("/flavors/onnx/data").asText()).isEqualTo("model.onnx");
        assertThat(card.at("/flavors/replklab/weights").asText()).isEqualTo("final.safetensors");
        assertThat(card.at("/signature/inputs").asText())
                .isEqualTo("[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float32\",\"shape\":[-1,2,4,4]}}]");
        assertThat(card.at("/signature/outputs").asText())
                .isEqualTo("[{\"type\":\"tensor\",\"name\":\"logits\",\"tensor-spec\":{\"dtype\":\"float32\","
                        + "\"shape\":[-1,2]}}]");
        for (String file : List.of(
                card.at("/flavors/python_function/env/conda").asText(),
                card.at("/flavors/python_function/env/virtualenv").asText(),
                "requirements.txt")) {
            assertThat(folder.resolve(file)).exists();
        }
        JsonNode conda = new YAMLMapper().readTree(folder.resolve("conda.yaml").toFile());
        assertThat(conda.at("/dependencies/2/pip")).isNotEmpty();
        JsonNode example = new ObjectMapper()
                .readTree(folder.resolve(card.at("/saved_input_example_info/artifact_path")
                                .asText())
                        .toFile());
        float[] first = new float[32];
        DATA.read(0, first, 0);
        assertThat(example.at("/0/1/2/3").floatValue())
                .as("channel 1, row 2, column 3")
                .isEqualTo(first[(2 * 4 + 3) * 2 + 1]);
    }

    @Test
    void denseModelsAnswerWithAMap() throws IOException {
        written(ModelKind.SEGMENTER, new Segmenter());
        JsonNode card = new YAMLMapper().readTree(folder.resolve("MLmodel").toFile());
        assertThat(card.at("/signature/outputs").asText()).contains("\"shape\":[-1,3,4,4]");
    }

    @Test
    void aNetworkThatOnnxCannotExpressKeepsItsWeights() throws IOException {
        Layer network = new Layer() {
            private final Linear head = child("head", new Linear(2, 2, new SplittableRandom(1)));

            @Override
            public Tensor forward(Tensor x) {
                return head.forward(Tensor.of(new float[2], 1, 2)); // what does not come from the input is no graph
            }
        };
        assertThat(written(ModelKind.CLASSIFIER, network)).containsOnlyKeys("MLmodel", "final.safetensors");
        assertThat(Files.readString(folder.resolve("MLmodel")))
                .isEqualTo("flavors:\n  replklab:\n    weights: final.safetensors\n");
    }
}
