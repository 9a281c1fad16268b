package replklab.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import replklab.base.LabException;
import replklab.data.DatasetInfo;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.model.NetworkNotes;
import replklab.nn.Layer;
import replklab.onnx.OnnxModel;
import replklab.tensor.ChannelsFirst;
import replklab.tensor.Shape;
import replklab.tracking.ActiveRun;
import replklab.tracking.LoggedModel;
import replklab.weights.Weights;

/**
 * A trained network as a model of MLflow: the weights as safetensors, the same network as an ONNX file that MLflow's {@code
 * onnx} and {@code python_function} flavours load, its signature, an example of its input and what Python needs to run it.
 *
 * <p>The ONNX file holds the network as it was evaluated, norms and parallel kernels in place: the weights in both files are
 * those whose numbers the run reports. {@code ./lab model export} makes the merged form of them.
 */
final class ModelArtifacts {
    /** The weights, in the folder of a model. */
    static final String WEIGHTS = "final.safetensors";

    private static final String ONNX = "model.onnx";
    private static final String LOGITS = "logits";

    /** Numbers that an example may have: as text they take ten bytes each. */
    private static final int LONGEST_EXAMPLE = 20_000;

    private static final String PYTHON = "3.11";

    /** The first versions that know operator set 17 of ONNX, and MLflow's that reads such a card. */
    private static final List<String> PACKAGES = List.of("mlflow>=2.9", "numpy", "onnx>=1.12", "onnxruntime>=1.13");

    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelArtifacts() {}

    /**
     * Writes the files of a model and tells MLflow of it.
     *
     * @param network in evaluation mode, with the weights that were evaluated
     * @param test the images that it was evaluated with
     * @param architecture the network's name as commands know it; empty if it has none
     * @param evaluatedOn the context under which the run lists them
     * @param metrics the run's result, which becomes the model's
     * @param register name of the registered model that it becomes a version of, or empty
     */
    static void log(
            ActiveRun run,
            ModelKind kind,
            Layer network,
            Optional<String> architecture,
            ImageDataset test,
            String evaluatedOn,
            Map<String, Double> metrics,
            String register) {
        Path folder = run.modelFolder(kind.toString());
        try {
            write(folder, kind, network, architecture, test);
        } catch (IOException e) {
            throw new LabException("cannot write the model to " + folder + ": " + e.getMessage(), e);
        }
        run.model(kind.model(evaluatedOn, metrics, register));
    }

    /** Writes the files into a folder. */
    static void write(Path folder, ModelKind kind, Layer network, Optional<String> architecture, ImageDataset test)
            throws IOException {
        Weights.save(network, folder.resolve(WEIGHTS), metadata(architecture, test));
        List<String> card = new ArrayList<>(List.of("flavors:"));
        List<String> python = List.of();
        if (writeOnnx(folder, network, test.shape())) {
            card.addAll(flavours());
            python = python(folder, kind, test);
        }
        card.addAll(List.of("  replklab:", "    weights: " + WEIGHTS));
        card.addAll(python);
        Files.writeString(folder.resolve(LoggedModel.CARD), text(card));
    }

    private static Map<String, String> metadata(Optional<String> architecture, ImageDataset test) {
        DatasetInfo info = test.info();
        Map<String, String> metadata = new LinkedHashMap<>(Map.of("data", info.name()));
        architecture
                .map(name -> new NetworkNotes(
                        name,
                        test.shape().height(),
                        test.shape().width(),
                        Optional.of(test.resize().key()),
                        info.normalization().mean(),
                        info.normalization().std(),
                        info.classes()))
                .ifPresent(notes -> metadata.putAll(notes.metadata()));
        return metadata;
    }

    /** False for a network with an operation that ONNX files cannot express: its weights are a model all the same. */
    private static boolean writeOnnx(Path folder, Layer network, ImageShape shape) {
        OnnxModel onnx;
        try {
            onnx = OnnxModel.of(network, Shape.of(1, shape.height(), shape.width(), shape.channels()), LOGITS);
        } catch (LabException e) {
            return false;
        }
        onnx.write(folder.resolve(ONNX));
        return true;
    }

    private static List<String> flavours() {
        return List.of(
                "  onnx:",
                "    code: null",
                "    data: " + ONNX,
                "    onnx_session_options: null",
                "    onnx_version: 1.12.0",
                "    providers:",
                "    - CPUExecutionProvider",
                "  python_function:",
                "    data: " + ONNX,
                "    env:",
                "      conda: conda.yaml",
                "      virtualenv: python_env.yaml",
                "    loader_module: mlflow.onnx",
                "    python_version: '" + PYTHON + "'");
    }

    /** What Python needs beside the network; gives the lines about it. */
    private static List<String> python(Path folder, ModelKind kind, ImageDataset test) throws IOException {
        Files.writeString(folder.resolve("requirements.txt"), text(PACKAGES));
        Files.writeString(
                folder.resolve("python_env.yaml"),
                text(List.of(
                        "python: '" + PYTHON + "'",
                        "build_dependencies:",
                        "- pip",
                        "- setuptools",
                        "- wheel",
                        "dependencies:",
                        "- -r requirements.txt")));
        List<String> conda = new ArrayList<>(List.of(
                "name: mlflow-env",
                "channels:",
                "- conda-forge",
                "dependencies:",
                "- python=" + PYTHON,
                "- pip",
                "- pip:"));
        PACKAGES.forEach(name -> conda.add("  - " + name));
        Files.writeString(folder.resolve("conda.yaml"), text(conda));
        ImageShape shape = test.shape();
        List<String> lines = new ArrayList<>(List.of(
                "signature:",
                "  inputs: " + tensors("", List.of(-1, shape.channels(), shape.height(), shape.width())),
                "  outputs: " + tensors(LOGITS, kind.output(test)),
                "  params: null"));
        if (shape.values() <= LONGEST_EXAMPLE) {
            String image = JSON.writeValueAsString(example(test));
            Files.writeString(folder.resolve("input_example.json"), image);
            Files.writeString(folder.resolve("serving_input_example.json"), "{\"inputs\": " + image + "}");
            lines.addAll(List.of(
                    "saved_input_example_info:",
                    "  artifact_path: input_example.json",
                    "  serving_input_path: serving_input_example.json",
                    "  type: ndarray"));
        }
        return lines;
    }

    /** One tensor in MLflow's form of a signature: JSON within YAML. */
    private static String tensors(String name, List<Integer> shape) throws JsonProcessingException {
        Map<String, Object> tensor = new LinkedHashMap<>();
        tensor.put("type", "tensor");
        if (!name.isEmpty()) {
            tensor.put("name", name);
        }
        Map<String, Object> spec = new LinkedHashMap<>(); // in this order, so that a resumed run writes the same bytes
        spec.put("dtype", "float32");
        spec.put("shape", shape);
        tensor.put("tensor-spec", spec);
        return "'" + JSON.writeValueAsString(List.of(tensor)) + "'";
    }

    /** The first image, (1, channels, height, width). */
    private static float[][][][] example(ImageDataset test) {
        ImageShape shape = test.shape();
        float[] values = ChannelsFirst.values(DatasetImages.of(test, IntStream.of(0)));
        float[][][][] image = new float[1][shape.channels()][shape.height()][shape.width()];
        for (int i = 0; i < values.length; i++) {
            image[0][i / shape.pixels()][i % shape.pixels() / shape.width()][i % shape.width()] = values[i];
        }
        return image;
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
