package replklab.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import replklab.base.LabException;
import replklab.data.NpyFile;
import replklab.data.NpyImages;
import replklab.nn.Layer;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;
import replklab.weights.Safetensors;
import replklab.weights.Weights;

/** {@code ./lab model gradients}. */
@Command(
        name = "gradients",
        description = "The gradients of one step in training mode, by parameter name.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "All images are one batch, by whose statistics the norms work; drop path is off. The loss is the mean "
                    + "cross-entropy. The file's metadata has the loss, and nothing else changes."
        })
final class ModelGradientsCommand implements Callable<Integer> {
    @Mixin
    private WeightsOptions weights;

    @Option(
            names = "--input",
            paramLabel = "X.npy",
            required = true,
            description = "The images: float, (n, channels, height, width).")
    Path input;

    @Option(names = "--labels", paramLabel = "L.npy", required = true, description = "Their classes: integers, (n,).")
    Path labels;

    @Option(
            names = "--label-smoothing",
            paramLabel = "S",
            defaultValue = "0",
            description = "Share of the probability spread over all classes, 0 to below 1; 0 by default.")
    double smoothing;

    @Option(names = "--output", paramLabel = "G.safetensors", required = true, description = "The gradients.")
    Path output;

    @Override
    public Integer call() {
        ModelMergeCommand.requireSafetensors(output);
        NetworkFile loaded = weights.load();
        try (NpyImages images = NpyImages.open(input, loaded.inputChannels())) {
            int classes = loaded.classes(images.height(), images.width());
            Layer network = loaded.network().train(true);
            Targets targets = Targets.labels(labels(images.count(), classes)).smoothed(smoothing);
            Tensor x = images.batch(0, images.count());
            try (Tape tape = Tape.training(0)) {
                Tensor loss = network.forward(x).crossEntropy(targets);
                tape.backward(loss);
                Map<String, Safetensors.Entry> gradients = new LinkedHashMap<>();
                network.state().forEach((name, variable) -> {
                    if (variable.tensor().isParameter()) {
                        gradients.put(
                                name, Weights.entry(variable, variable.tensor().gradient()));
                    }
                });
                Map<String, String> metadata = Map.of("loss", String.valueOf(loss.item()));
                Safetensors.write(output, new Safetensors.Contents(gradients, metadata));
                System.out.printf(
                        Locale.ROOT, "Wrote %s: %d gradients; loss %.6f%n", output, gradients.size(), loss.item());
            }
        }
        return 0;
    }

    private int[] labels(int images, int classes) {
        try (NpyFile file = NpyFile.open(labels)) {
            if (file.shape().length != 1 || file.shape()[0] != images) {
                throw new LabException("labels " + labels + " have shape " + file.shapeText() + "; the " + images
                        + " images need (" + images + ",)");
            }
            int[] values = file.integers();
            int[] wrong = Arrays.stream(values)
                    .filter(label -> label < 0 || label >= classes)
                    .limit(1)
                    .toArray();
            if (wrong.length > 0) {
                throw new LabException(
                        "labels " + labels + " hold " + wrong[0] + "; the network's classes are 0 to " + (classes - 1));
            }
            return values;
        }
    }
}
