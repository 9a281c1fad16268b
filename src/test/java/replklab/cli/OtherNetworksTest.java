package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;
import replklab.data.NpyFile;
import replklab.model.Architecture;
import replklab.model.KernelForm;
import replklab.model.Models;
import replklab.model.NetworkNotes;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.Linear;
import replklab.tensor.Tensor;
import replklab.weights.Safetensors;
import replklab.weights.Weights;

/** {@code ./lab model} with networks that are no RepLKNets: by their file's notes, or by name. */
class OtherNetworksTest {
    private static final String MOBILENET =
            "mobilenetv2:width=0.25,kernel=5,smallKernel=3,lastChannels=32,inputChannels=3,classes=3";

    @TempDir
    Path folder;

    private StringWriter err;

    @BeforeEach
    void listen() {
        err = new StringWriter();
    }

    private static NetworkNotes notes(String architecture) {
        return new NetworkNotes(
                architecture,
                32,
                32,
                Optional.of("square"),
                List.of(0.5, 0.4, 0.3),
                List.of(0.2, 0.2, 0.25),
                List.of("cat", "dög", "a b"));
    }

    /** A network with weights that merging changes. */
    private static Layer network(String name) {
        Layer network =
                Architecture.parse(name).network(KernelForm.TRAINING, Initialisation.uniform(new SplittableRandom(1)));
        return network.train(false);
    }

    private Path saved(String file, Layer network, Map<String, String> metadata) {
        Path path = folder.resolve(file);
        Weights.save(network, path, metadata);
        return path;
    }

    private String image() throws IOException {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 40 * 30; i++) {
            image.setRGB(i % 40, i / 40, i * 7919);
        }
        Path file = folder.resolve("image.png");
        ImageIO.write(image, "png", file.toFile());
        return file.toString();
    }

    private String printed(int code, Object... arguments) {
        return CommandOutput.of(
                err, code, Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    }

    private float[] logits(Object... arguments) {
        Path y = folder.resolve("y.npy");
        Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--output";
        all[arguments.length + 1] = y;
        printed(0, all);
        try (NpyFile file = NpyFile.open(y)) {
            return file.floats(0, file.shape()[0]);
        }
    }

    /** The logits with resolution and normalisation said as the notes say them. */
    private float[] asTrained(Object... weights) throws IOException {
        List<Object> all = new ArrayList<>(List.of("model", "predict"));
        all.addAll(List.of(weights));
        all.addAll(List.of(
                "--input",
                image(),
                "--resolution",
                32,
                "--resize",
                "square",
                "--mean",
                "0.5,0.4,0.3",
                "--std",
                "0.2,0.2,0.25"));
        return logits(all.toArray());
    }

    @Test
    void aRunsFileIsUsedWithoutBeingTold() throws IOException {
        Path weights =
                saved("w.safetensors", network(MOBILENET), notes(MOBILENET).metadata());
        String said = printed(0, "model", "predict", "--weights", weights, "--input", image());
        assertThat(said).contains("cat", "dög", "a b").contains("%");
        float[] known = logits("model", "predict", "--weights", weights, "--input", image());
        assertThat(asTrained("--weights", weights))
                .as("resolution, resizing and normalisation are the training's")
                .isEqualTo(known);
        assertThat(logits("model", "predict", "--weights", weights, "--input", image(), "--resolution", 48))
                .isNotEqualTo(known);
        assertThat(logits("model", "predict", "--weights", weights, "--input", image(), "--resize", "crop"))
                .isNotEqualTo(known);
    }

    /** Files of before the note are used as ever, and what makes no sense is told of. */
    @Test
    void aFileNeedNotSayHowImagesAreResizedButNothingElse() throws IOException {
        Map<String, String> notes = new LinkedHashMap<>(notes(MOBILENET).metadata());
        notes.remove("resize");
        Layer network = network(MOBILENET);
        Path old = saved("old.safetensors", network, notes);
        float[] cropped = logits("model", "predict", "--weights", old, "--input", image());
        notes.put("resize", "crop");
        Path crop = saved("crop.safetensors", network, notes);
        assertThat(logits("model", "predict", "--weights", crop, "--input", image()))
                .isEqualTo(cropped);
        notes.put("resize", "stretch");
        Path wrong = saved("wrong.safetensors", network, notes);
        printed(2, "model", "predict", "--weights", wrong, "--input", image());
        assertThat(err.toString()).contains("wrong.safetensors", "'stretch'", "crop, square");
    }

    /** A RepLKNet is known by its weights; what they do not tell, its notes do. */
    @Test
    void aRepLKNetsNotesSayWhatItsWeightsDoNot() throws IOException {
        String name =
                "replknet:kernels=5-3,layers=1-1,channels=8-8,smallKernel=3,dwRatio=1,ffnRatio=2,inputChannels=1,classes=3";
        NetworkNotes grey =
                new NetworkNotes(name, 32, 32, Optional.empty(), List.of(0.3), List.of(0.35), List.of("x", "y", "z"));
        Path weights = saved("r.safetensors", network(name), grey.metadata());
        assertThat(printed(0, "model", "predict", "--weights", weights, "--input", image()))
                .contains("  x ", "  y ", "  z ");
        Path bare = saved("bare.safetensors", network(name), Map.of());
        printed(2, "model", "predict", "--weights", bare, "--input", image());
        assertThat(err.toString()).contains("--mean and --std");
        Path merged = folder.resolve("merged.safetensors");
        printed(0, "model", "merge", "--weights", weights, "--output", merged);
        assertThat(printed(0, "model", "predict", "--weights", merged, "--input", image()))
                .contains("  x ", "  y ", "  z ");
    }

    @Test
    void aFileWithoutNotesIsUsedByName() throws IOException {
        Layer network = network(MOBILENET);
        Path noted = saved("noted.safetensors", network, notes(MOBILENET).metadata());
        Path bare = saved("bare.safetensors", network, Map.of());
        printed(1, "model", "predict", "--weights", bare, "--input", image());
        assertThat(err.toString()).contains("is of no RepLKNet").contains("--model says");
        assertThat(asTrained("--weights", bare, "--model", MOBILENET))
                .isEqualTo(logits("model", "predict", "--weights", noted, "--input", image()));
        printed(1, "model", "predict", "--weights", bare, "--model", "mobilenetv2", "--input", image());
        assertThat(err.toString()).contains(bare.toString());
    }

    @Test
    void mergedWeightsAnswerAlike() throws IOException {
        Path weights =
                saved("w.safetensors", network(MOBILENET), notes(MOBILENET).metadata());
        Path merged = folder.resolve("merged.safetensors");
        assertThat(printed(0, "model", "info", "--weights", weights)).contains("training", "lastChannels=32");
        String said = printed(0, "model", "merge", "--weights", weights, "--output", merged);
        assertThat(said).contains("merged.safetensors");
        assertThat(Safetensors.read(merged).tensors().keySet())
                .anyMatch(name -> name.endsWith("lkb_reparam.weight"))
                .noneMatch(name -> name.contains("lkb_origin"));
        assertThat(printed(0, "model", "info", "--weights", merged))
                .contains("folded", "lastChannels=32")
                .doesNotContain("training");
        float[] before = logits("model", "predict", "--weights", weights, "--input", image());
        close(logits("model", "predict", "--weights", merged, "--input", image()), before);
        close(logits("model", "predict", "--merge", "--weights", weights, "--input", image()), before);
    }

    private static void close(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], offset(1e-4));
        }
    }

    @Test
    void exportsAndGradients() throws IOException {
        Path weights =
                saved("w.safetensors", network(MOBILENET), notes(MOBILENET).metadata());
        assertThat(printed(
                        0,
                        "model",
                        "export",
                        "--weights",
                        weights,
                        "--output",
                        folder.resolve("g.onnx"),
                        "--resolution",
                        32,
                        "--check"))
                .contains("ONNX Runtime differs");
        assertThat(printed(
                        0,
                        "model",
                        "export",
                        "--weights",
                        weights,
                        "--output",
                        folder.resolve("f.onnx"),
                        "--resolution",
                        32,
                        "--features"))
                .contains("features");
        Path x = folder.resolve("x.npy");
        NpyFile.write(x, new int[] {2, 3, 32, 32}, rows -> {
            float[] pixels = new float[2 * 3 * 32 * 32];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (i * 7919 % 1000) / 500f - 1;
            }
            rows.write(pixels);
        });
        Path labels = folder.resolve("l.npy");
        Nd4j.writeAsNumpy(Nd4j.createFromArray(0, 2), labels.toFile());
        Path gradients = folder.resolve("gradients.safetensors");
        printed(0, "model", "gradients", "--weights", weights, "--input", x, "--labels", labels, "--output", gradients);
        assertThat(Safetensors.read(gradients).tensors().keySet())
                .isEqualTo(network(MOBILENET).parameters().keySet());
    }

    @Test
    void aModelOfOnesOwn() throws IOException {
        Models.register("other-networks-test", asked -> new Mean(asked.channels(), asked.classes()));
        String name = "other-networks-test:inputChannels=3,classes=3";
        Path weights = saved("w.safetensors", new Mean(3, 3), notes(name).metadata());
        assertThat(printed(0, "model", "predict", "--weights", weights, "--input", image()))
                .contains("dög");
        printed(
                1,
                "model",
                "predict",
                "--features",
                "--weights",
                weights,
                "--input",
                folder.resolve("x.npy"),
                "--output",
                folder.resolve("y.npy"));
        printed(
                1,
                "model",
                "predict",
                "--merge",
                "--weights",
                saved("k.safetensors", network(MOBILENET), Map.of()),
                "--model",
                name,
                "--input",
                image());
    }

    /** The mean colour, and a linear layer. */
    private static final class Mean extends Layer {
        private final Linear head;

        Mean(int channels, int classes) {
            head = child("head", new Linear(channels, classes, new SplittableRandom(2)));
        }

        @Override
        public Tensor forward(Tensor x) {
            return head.forward(x.globalAveragePool());
        }
    }

    @Test
    void damagedNotesAreRefusedInWords() throws IOException {
        Map<String, String> damaged = new LinkedHashMap<>(notes(MOBILENET).metadata());
        damaged.put("mean", "[0.5, \"x\"]");
        Path weights = saved("w.safetensors", network(MOBILENET), damaged);
        printed(1, "model", "predict", "--weights", weights, "--input", image());
        assertThat(err.toString())
                .contains("notes on its network that cannot be read")
                .doesNotContain("Unexpected");
    }

    /** Notes are somebody else's words: they must not make a network that no memory holds. */
    @Test
    void notesOfAHugeNetworkAreRefused() throws IOException {
        String huge = MOBILENET.replace("lastChannels=32", "lastChannels=100000000");
        Path weights = saved("w.safetensors", network(MOBILENET), notes(huge).metadata());
        printed(1, "model", "predict", "--weights", weights, "--input", image());
        assertThat(err.toString()).contains("describes a network of more than").contains("lastChannels=100000000");
    }
}
