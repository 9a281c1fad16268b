package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.data.NpyFile;
import replklab.model.RepLKNet;

class ErfCommandTest {
    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    /** Relative to the largest value, as everywhere. */
    @ParameterizedTest
    @CsvSource({"weights.pth, false", "weights.safetensors, true", "merged.safetensors, false"})
    void theScoreFileIsTheAuthors(String weights, boolean merge) throws IOException {
        Path output = folder.resolve("score.npy");
        Path chart = folder.resolve("score.png");
        String out = run(
                0,
                "--weights",
                file(weights).toString(),
                "--input",
                file("input.npy").toString(),
                "--output",
                output.toString(),
                merge ? "--merge" : "--chart=" + chart);
        float[] expected = values(file("erf-score.npy"));
        float[] actual = values(output);
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, expected[i]);
            worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
        }
        assertThat(worst / largest).isCloseTo(0, within(1e-4));
        byte[] golden = Files.readAllBytes(file("erf-score.npy"));
        assertThat(Arrays.copyOf(Files.readAllBytes(output), 128)).isEqualTo(Arrays.copyOf(golden, 128));
        assertThat(out)
                .startsWith("Wrote " + output + ": (64, 64), the contribution score summed over 3 images\n")
                .contains("t = 20 %:")
                .contains("t = 99 %: ");
        if (!merge) {
            assertThat(ImageIO.read(chart.toFile()).getWidth()).isGreaterThan(1000);
        }
        assertThat(err.toString()).isEmpty();
    }

    /** The way of every model that has a name, the user's own among them: the same network gives the same score. */
    @Test
    void aNetworkCanBeNamed() throws IOException {
        Path output = folder.resolve("named.npy");
        String name =
                "replknet:kernels=13-11-9-7,layers=1-1-2-1,channels=16-24-40-64,smallKernel=5,dwRatio=1,classes=10";
        String[] arguments = {
            "--weights", file("weights.pth").toString(),
            "--input", file("input.npy").toString(),
            "--output", output.toString(),
            "--model", name
        };
        run(0, arguments);
        float[] expected = values(file("erf-score.npy"));
        float[] actual = values(output);
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, value);
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i] / largest).isCloseTo(expected[i] / largest, within(1e-4));
        }
        arguments[7] = "mobilenetv2";
        run(1, arguments);
        assertThat(err.toString()).contains("weights.pth");
        arguments[7] = "mobilnetv2";
        run(2, arguments);
        assertThat(err.toString()).contains("did you mean mobilenetv2");
    }

    @Test
    void whatDoesNotFitIsSaidBeforeAnythingIsWritten() throws IOException {
        Path output = folder.resolve("score.npy");
        Path grey = folder.resolve("grey.npy");
        NpyFile.write(grey, new int[] {1, 1, 32, 32}, rows -> rows.write(new float[1024]));
        refused(1, "so 1 channels; the network takes 3", file("weights.safetensors"), grey, output);
        Path flat = folder.resolve("flat.npy");
        NpyFile.write(flat, new int[] {1024}, rows -> rows.write(new float[1024]));
        refused(1, "images are (n, channels, height, width)", file("weights.pth"), flat, output);
        refused(1, "missing.npy", file("weights.pth"), folder.resolve("missing.npy"), output);
        refused(1, "weights.pth", file("weights.pth"), file("weights.pth"), output);
        refused(2, "there is no folder", file("weights.pth"), grey, folder.resolve("missing/score.npy"));
        Path black = folder.resolve("black.npy");
        float[] pixels = new float[3 * 32 * 32];
        Arrays.fill(pixels, Float.NaN);
        NpyFile.write(black, new int[] {1, 3, 32, 32}, rows -> rows.write(pixels));
        run(1, "--weights", file("weights.pth").toString(), "--input", black.toString(), "--output", output.toString());
        assertThat(output).doesNotExist();
    }

    private static float[] values(Path file) {
        try (NpyFile array = NpyFile.open(file)) {
            assertThat(array.shape()).containsExactly(64, 64);
            return array.floats(0, 64);
        }
    }

    private void refused(int code, String message, Path weights, Path input, Path output) {
        err.getBuffer().setLength(0);
        run(code, "--weights", weights.toString(), "--input", input.toString(), "--output", output.toString());
        assertThat(err.toString()).contains(message);
        assertThat(output).doesNotExist();
    }

    private String run(int code, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "erf";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return CommandOutput.of(err, code, all);
    }

    private static Path file(String name) {
        try {
            return Path.of(RepLKNet.class.getResource("tiny/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
