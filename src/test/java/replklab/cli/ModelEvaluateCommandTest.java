package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;
import replklab.data.BatchLoader;
import replklab.data.DatasetSpec;
import replklab.data.Datasets;
import replklab.data.ImageDataset;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.nn.Scrambled;
import replklab.train.Evaluation;
import replklab.weights.Weights;

class ModelEvaluateCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int execute(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private int evaluate(Path weights, Path data, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("model", "evaluate", "--weights", weights.toString(), "--data", data.toString()));
        arguments.addAll(List.of(options));
        return execute(arguments.toArray(String[]::new));
    }

    /** From the embedded images to a folder, and from there through a checkpoint: the library's own count, image by image. */
    @Test
    void countsWhatTheLibraryCountsOnTheEmbeddedImages() throws Exception {
        Path images = folder.resolve("images");
        assertThat(execute("data", "--output", images.toString(), "--examples", "60"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("60 images in 10 classes, mean [0.286], std [0.353]");
        RepLKNetConfig config = new RepLKNetConfig(List.of(5), List.of(1), List.of(8), 3, 1, 2, 0, 1, 10);
        RepLKNet network = Scrambled.of(new RepLKNet(config, new SplittableRandom(1)), 2);
        Path weights = folder.resolve("grey.safetensors");
        Weights.save(network, weights, Map.of());
        ImageDataset test =
                Datasets.open(DatasetSpec.fashionMnist().withExamples(0, 60), 0).test();
        Evaluation expected = Evaluation.of(network, BatchLoader.forEvaluation(test, 16, 1));

        String[] grey = {"--resolution", "28", "--resize", "square", "--mean", "0.2860", "--std", "0.3530", "--json"};
        assertThat(evaluate(weights, images, grey)).as(err.toString()).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("top1").asDouble()).isCloseTo(expected.accuracy(), within(1e-9));
        assertThat(json.get("images").asInt()).isEqualTo(60);
        assertThat(json.get("expected").asInt()).isEqualTo(60);
        assertThat(json.get("classes")).hasSize(10);
        assertThat(json.get("classes").get(0).get("name").asText()).isEqualTo("0-T-shirt-top");
        assertThat(json.get("preprocessing").get("resize").asText()).isEqualTo("square");
        assertThat(err.toString()).contains("60 of 60 images");

        assertThat(json.get("precision").asText()).isEqualTo("float32");

        String[] half = Arrays.copyOf(grey, grey.length + 2);
        half[grey.length] = "--precision";
        half[grey.length + 1] = "bf16";
        assertThat(evaluate(weights, images, half)).as(err.toString()).isZero();
        JsonNode rounded = new ObjectMapper().readTree(out.toString());
        assertThat(rounded.get("precision").asText()).isEqualTo("bfloat16");
        assertThat(rounded.get("top1").asDouble()).isCloseTo(expected.accuracy(), within(5.0)); // three of 60 images
        half[grey.length + 1] = "half";
        assertThat(evaluate(weights, images, half)).isEqualTo(2);
        assertThat(err.toString())
                .contains("unknown precision 'half'")
                .contains("float32")
                .contains("bf16");

        assertThat(evaluate(weights, images)).isEqualTo(2);
        assertThat(err.toString()).contains("1 channels");
    }

    @Test
    void coloursAreTheAuthors() {
        Path images = folder.resolve("images");
        assertThat(execute("data", "--output", images.toString(), "--examples", "20"))
                .isZero();
        Path weights = ModelExportCommandTest.weights();
        assertThat(evaluate(weights, images, "--resolution", "64", "--batch", "7"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("20 images in ")
                .contains("bicubic resize of the shorter side to 73, centre crop 64")
                .contains("mean [0.485, 0.456, 0.406]")
                .contains("most taken for");
    }

    /** A folder's images, one of them broken; what is printed is what evaluating counts. */
    @Test
    void predictsWhatImagesShow() throws Exception {
        Path images = folder.resolve("images");
        assertThat(execute("data", "--output", images.toString(), "--examples", "20"))
                .isZero();
        Path weights = ModelExportCommandTest.weights();
        Path names = folder.resolve("names.txt");
        Files.writeString(names, "a\nb\nc\nd\ne\nf\ng\nh\ni\nthe last\n");
        Path logits = folder.resolve("y.npy");
        String[] all = {
            "model",
            "predict",
            "--weights",
            weights.toString(),
            "--input",
            images.toString(),
            "--resolution",
            "64",
            "--classes",
            names.toString(),
            "--top",
            "10",
            "--output",
            logits.toString()
        };
        assertThat(execute(all)).as(err.toString()).isZero();
        assertThat(out.toString().lines().filter(line -> line.endsWith(".png")))
                .hasSize(20)
                .isSorted();
        List<Double> shares = out.toString()
                .lines()
                .limit(11)
                .filter(line -> line.endsWith("%"))
                .map(line -> Double.valueOf(line.replaceAll(".* ([0-9.]+) %", "$1")))
                .toList();
        assertThat(shares).hasSize(10).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(shares.stream().mapToDouble(Double::doubleValue).sum()).isCloseTo(100, within(0.6));
        assertThat(logits).isNotEmptyFile();
        float[] exact = Nd4j.createFromNpyFile(logits.toFile()).ravel().toFloatVector();
        String[] half = Arrays.copyOf(all, all.length + 2);
        half[all.length] = "--precision";
        half[all.length + 1] = "bf16";
        assertThat(execute(half)).as(err.toString()).isZero();
        assertThat(Nd4j.createFromNpyFile(logits.toFile()).ravel().toFloatVector())
                .hasSameSizeAs(exact)
                .isNotEqualTo(exact);

        Path broken = Files.writeString(images.resolve("broken.jpg"), "no image");
        assertThat(execute(all)).isEqualTo(1);
        assertThat(err.toString()).contains(broken + " cannot be read");
        assertThat(out.toString().lines().filter(line -> line.endsWith(".png"))).hasSize(20);
        assertThat(execute("model", "predict", "--weights", weights.toString(), "--input", broken.toString()))
                .isEqualTo(1);
        assertThat(execute("model", "predict", "--weights", weights.toString(), "--input", "x.npy"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--output is missing");
    }

    @Test
    void wrongUseIsNamed() throws Exception {
        Path weights = ModelExportCommandTest.weights();
        Path two = folder.resolve("two");
        for (String name : List.of("a", "b")) {
            Files.createDirectories(two.resolve(name));
            Files.writeString(two.resolve(name).resolve("x.png"), "never read");
        }
        assertThat(evaluate(weights, two)).isEqualTo(1);
        assertThat(err.toString()).contains("the model has 10 classes, " + two + " has 2 (a, b)");
        assertThat(evaluate(weights, folder.resolve("none"))).isEqualTo(1);
        assertThat(err.toString()).contains("none is missing");
        assertThat(evaluate(weights, two, "--mean", "0.5")).isEqualTo(2);
        assertThat(err.toString()).contains("--mean is [0.5] and --std is null; the network takes 3 channels");
        assertThat(evaluate(weights, two, "--resize", "squar")).isEqualTo(2);
        assertThat(err.toString()).contains("did you mean square?");
        assertThat(evaluate(weights, two, "--batch", "0")).isEqualTo(2);
        assertThat(evaluate(weights, two, "--resolution", "-1")).isEqualTo(2);
    }
}
