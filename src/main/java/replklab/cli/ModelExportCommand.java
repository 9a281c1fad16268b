package replklab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.data.Preprocessing;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetTrunk;
import replklab.nn.Layer;
import replklab.onnx.OnnxCheck;
import replklab.onnx.OnnxModel;
import replklab.onnx.OnnxSession;
import replklab.tensor.Shape;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/** {@code ./lab model export}: a checkpoint as an ONNX file. */
@Command(
        name = "export",
        description = "Writes a checkpoint as an ONNX file: kernels merged, norms folded.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The input is (batch, channels, height, width), float32; batch, height and width are open. Operator set 17. "
                    + "--check runs the file in ONNX Runtime and compares it with the unmerged network; it fails beyond 1e-4 of the "
                    + "output's range."
        })
final class ModelExportCommand implements Callable<Integer> {
    private static final int CHECKED = 2;

    @Mixin
    private WeightsOptions weights;

    @Option(names = "--output", required = true, paramLabel = "G.onnx", description = "The file to write.")
    private Path output;

    @Option(names = "--features", description = "The last stage's output, before the final norm, instead of logits.")
    private boolean features;

    @Option(
            names = "--resolution",
            paramLabel = "R",
            defaultValue = "224",
            description = "What the network is meant for, and checked at; 224. The file takes any.")
    private int resolution;

    @Option(names = "--check", description = "Compare with ONNX Runtime's output.")
    private boolean check;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        UsageException.requireAtLeast("--resolution", resolution, 1);
        NetworkFile network = weights.load();
        Layer whole = features ? lastStage(network) : network.classifier();
        String name = features ? "features" : "logits";
        int channels = network.inputChannels();
        OnnxModel model = OnnxModel.of(whole.folded(), Shape.of(1, resolution, resolution, channels), name)
                .withMetadata(metadata(network));
        model.write(output);
        PrintWriter out = spec.commandLine().getOut();
        out.println("%s: %.1f MB, %d operations, operator set %d, %s"
                .formatted(output, size() / 1e6, model.nodes(), OnnxModel.OPSET, name));
        if (check) {
            OnnxCheck result = check(whole, name, channels);
            out.println("ONNX Runtime differs by %.1e of the output's range, shape %s"
                    .formatted(result.error(), result.shape()));
            if (!result.passed()) {
                throw new LabException("that is more than " + OnnxCheck.TOLERANCE + ": do not use " + output);
            }
        }
        out.flush();
        return 0;
    }

    private Layer lastStage(NetworkFile network) {
        if (network.replknet().isEmpty()) {
            return weights.backboneOf(network.architecture().name(), resolution, resolution);
        }
        RepLKNetTrunk trunk = network.replknet().get();
        return RepLKNetBackbone.of(trunk, List.of(trunk.config().channels().size() - 1), false);
    }

    /** What a user of the file has to know to feed it. */
    private Map<String, String> metadata(NetworkFile network) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("architecture", network.architecture().name());
        metadata.put("resolution", Integer.toString(resolution));
        network.normalization().ifPresent(normalization -> {
            metadata.put(
                    "preprocessing",
                    Preprocessing.evaluation(resolution, normalization).description());
            metadata.put("mean", normalization.mean().toString());
            metadata.put("std", normalization.std().toString());
        });
        return metadata;
    }

    private long size() {
        try {
            return Files.size(output);
        } catch (IOException e) {
            throw new LabException("cannot read " + output + ": " + e.getMessage(), e);
        }
    }

    private OnnxCheck check(Layer network, String name, int channels) {
        Tensor x = Tensor.normal(new SplittableRandom(1), 1, CHECKED, resolution, resolution, channels);
        try (OnnxSession session = OnnxSession.open(output);
                Tape _ = Tape.inference()) {
            return OnnxCheck.of(network.forward(x), session.run(x, name));
        }
    }
}
