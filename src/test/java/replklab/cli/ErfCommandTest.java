package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
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
        INDArray expected = NumpyFiles.read(file("erf-score.npy"));
        INDArray actual = NumpyFiles.read(output);
        assertThat(actual.shape()).containsExactly(64, 64);
        double largest = expected.maxNumber().doubleValue();
        assertThat(actual.sub(expected).norm2Number().doubleValue() / largest).isCloseTo(0, within(1e-4));
        byte[] golden = Files.readAllBytes(file("erf-score.npy"));
        assertThat(Arrays.copyOf(Files.readAllBytes(output), 128)).isEqualTo(Arrays.copyOf(golden, 128));
        assertThat(out)
                .startsWith("3 images of 64x64: the sum")
                .contains("t = 20 %:")
                .contains("t = 99 %: ");
        if (!merge) {
            assertThat(ImageIO.read(chart.toFile()).getWidth()).isGreaterThan(1000);
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whatDoesNotFitIsSaidBeforeAnythingIsWritten() throws IOException {
        Path output = folder.resolve("score.npy");
        Path grey = folder.resolve("grey.npy");
        NumpyFiles.write(grey, new int[] {1, 1, 32, 32}, new float[1024]);
        refused(1, "have 1 channels; the network in", file("weights.safetensors"), grey, output);
        Path flat = folder.resolve("flat.npy");
        NumpyFiles.write(flat, new int[] {1024}, new float[1024]);
        refused(
                2,
                "images have shape [1024]; it must be (images, channels, height, width)",
                file("weights.pth"),
                flat,
                output);
        refused(1, "there is no file", file("weights.pth"), folder.resolve("missing.npy"), output);
        refused(1, "is no NumPy file", file("weights.pth"), file("weights.pth"), output);
        refused(2, "there is no folder", file("weights.pth"), grey, folder.resolve("missing/score.npy"));
        Path black = folder.resolve("black.npy");
        float[] pixels = new float[3 * 32 * 32];
        Arrays.fill(pixels, Float.NaN);
        NumpyFiles.write(black, new int[] {1, 3, 32, 32}, pixels);
        run(1, "--weights", file("weights.pth").toString(), "--input", black.toString(), "--output", output.toString());
        assertThat(output).doesNotExist();
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
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream captured = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            assertThat(Main.commandLine().setErr(new PrintWriter(err, true)).execute(all))
                    .as(err.toString())
                    .isEqualTo(code);
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Path file(String name) {
        try {
            return Path.of(RepLKNet.class.getResource("tiny/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
