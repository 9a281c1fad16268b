package replklab.tensor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;
import replklab.base.OtherJvm;
import replklab.device.Device;
import replklab.device.DeviceEvent;
import replklab.device.Devices;
import replklab.tensor.Backend;
import replklab.tensor.Tensor;

/**
 * What is called of CUDA's driver, against a stand-in that the C compiler makes of NVIDIA's own header ({@code stand-in.c}): names, orders
 * and widths of arguments, contexts and streams. In a JVM of its own, which takes it for the driver.
 */
class CudaStandInTest {
    @TempDir
    Path folder;

    private static Optional<Path> header() throws IOException {
        Path packages = Path.of(".venv-nvrtc");
        if (!Files.isDirectory(packages)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.find(packages, 8, (file, _) -> file.endsWith("include/cuda.h"))) {
            return files.findFirst();
        }
    }

    private Path standIn() throws IOException, InterruptedException {
        Path library = folder.resolve("libcuda.so");
        Optional<Path> header = header();
        String said = "there is no cuda.h in .venv-nvrtc (requirements-nvrtc.txt)";
        if (header.isPresent()) {
            try {
                Process compiler = new ProcessBuilder(
                                "cc",
                                "-shared",
                                "-fPIC",
                                "-I",
                                header.get().getParent().toString(),
                                "-o",
                                library.toString(),
                                "src/test/device/stand-in.c")
                        .redirectErrorStream(true)
                        .start();
                said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(compiler.waitFor()).as(said).isZero();
                return library;
            } catch (IOException e) {
                said = "there is no C compiler here: " + e.getMessage();
            }
        }
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError("CI must compile the stand-in: " + said);
        }
        return abort("not tested: " + said);
    }

    @Test
    void theDriverIsCalledAsItsHeaderSays() throws IOException, InterruptedException {
        String output = OtherJvm.run(
                        CudaStandInTest.class, Map.of("REPLKLAB_CUDA", standIn().toString()), List.of(OtherJvm.USUAL))
                .succeeded();
        assertThat(output.lines())
                .containsExactly(
                        "[cuda:1, cuda, 4294967296, 1024]",
                        "launch combine (1, 1, 1) of (256, 1)",
                        "Tensor(3) on cuda:1 [2.0, 4.0, 6.0]",
                        "launch combine (1, 1, 1) of (256, 1)",
                        "Tensor(3) on cuda:1 [4.0, 8.0, 12.0]",
                        "launch depthwise (4, 3, 2) of (32, 8)",
                        "0.0015 s",
                        "cuda:1 has no room for 1099511627776 more bytes",
                        "there is no device cuda:2: NVIDIA's driver knows 2, numbers 0 to 1; without --device the CPU computes");
    }

    public static void main(String[] arguments) {
        Device card = Devices.open("cuda:1");
        if (!card.description().startsWith("cuda:1 (Stand-in 1, sm_90, driver for CUDA 13.0, NVRTC ")) {
            throw new IllegalStateException(card.description());
        }
        System.out.println(List.of(card.name(), card.kind(), card.memoryBytes(), card.maxGroupSize()));
        DeviceBackend backend = new DeviceBackend(card, Backend.current());
        Tensor image = Tensor.zeros(2, 20, 20, 40);
        Tensor filters = Tensor.zeros(31, 31, 40);
        Backend.with(backend, () -> {
            Tensor y = Tensor.of(new float[] {1, 2, 3}, 3).scale(2);
            System.out.println(y);
            System.out.println(y.copy().add(y));
            image.depthwise(filters, null, 1, 1);
            DeviceEvent before = card.mark();
            System.out.println(card.mark().secondsSince(before) + " s");
        });
        try {
            backend.memory().take(1L << 40);
        } catch (LabException full) {
            System.out.println(full.getMessage().replaceAll(" beside.*", ""));
        }
        try {
            Devices.open("cuda:2");
        } catch (LabException absent) {
            System.out.println(absent.getMessage());
        }
        System.exit(0);
    }
}
