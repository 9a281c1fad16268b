package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.model.Checkpoints;
import replklab.model.RepLKNet;
import replklab.onnx.OnnxCheck;
import replklab.onnx.OnnxSession;
import replklab.tensor.Tensor;

class ModelExportCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    static Path weights() {
        try {
            return Path.of(
                    Checkpoints.class.getResource("tiny/weights.safetensors").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private int export(String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("model", "export", "--weights", weights().toString()));
        arguments.addAll(List.of(options));
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    @Test
    void writesLogitsThatOnnxRuntimeConfirms() {
        Path file = folder.resolve("tiny.onnx");
        assertThat(export("--output", file.toString(), "--resolution", "64", "--check"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("operator set 17")
                .contains("ONNX Runtime differs by")
                .contains("shape (2, 10)");
        try (OnnxSession session = OnnxSession.open(file)) {
            assertThat(session.metadata())
                    .containsEntry("resolution", "64")
                    .containsEntry("mean", "[0.485, 0.456, 0.406]")
                    .containsEntry("preprocessing", "bicubic resize of the shorter side to 73, centre crop 64")
                    .hasEntrySatisfying("architecture", text -> assertThat(text).contains("kernels=13-11-9-7"));
        }
    }

    @Test
    void writesFeatures() {
        Path file = folder.resolve("features.onnx");
        assertThat(export("--output", file.toString(), "--features", "--resolution", "64", "--check"))
                .isZero();
        RepLKNet network = Checkpoints.load(weights());
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 1, 96, 40, 3);
        try (OnnxSession session = OnnxSession.open(file)) {
            assertThat(OnnxCheck.of(network.features(x), session.run(x, "features"))
                            .error())
                    .isLessThan(1e-5);
        }
    }

    @Test
    void wrongUseIsNamed() {
        assertThat(export()).isEqualTo(2);
        assertThat(err.toString()).contains("--output");
        assertThat(export("--output", "g.onnx", "--resolution", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--resolution is 0; it must be at least 1");
        assertThat(export("--output", folder.resolve("no/where.onnx").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("cannot write").contains("where.onnx");
    }
}
