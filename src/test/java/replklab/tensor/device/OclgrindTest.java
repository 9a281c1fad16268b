package replklab.tensor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.OtherJvm;
import replklab.device.Device;
import replklab.device.DeviceBuffer;
import replklab.device.Devices;
import replklab.device.Groups;
import replklab.device.KernelSource;
import replklab.tensor.Backend;

/**
 * The kernels in Oclgrind (Price and McIntosh-Smith, Oclgrind: An Extensible OpenCL Device Simulator, 2015), which runs each
 * work item by itself and names those that race, or that read or write beside an array. In a JVM of its own, since it takes OpenCL's place.
 */
class OclgrindTest {
    private static final Path LIBRARY = Path.of("/usr/lib/oclgrind/liboclgrind-rt.so");

    /** One small case for each kernel: it runs some million instructions a second. */
    private static final Set<String> CASES = Set.of(
            "activation GELU",
            "gradient of activation GELU",
            "function EXP",
            "fill",
            "combination in place",
            "product of each",
            "scaled images",
            "gate",
            "gradient of a gate",
            "SGD",
            "AdamW",
            "broadcast ADD",
            "repetition",
            "reduction MAX",
            "gradient of a maximum",
            "softmax",
            "gradient of a softmax",
            "transposition",
            "slice",
            "gradient of a slice",
            "concatenation",
            "gradient of a concatenation",
            "batch norm evaluated",
            "gradient of batch norm evaluated",
            "layer norm",
            "gradient of layer norm",
            "gradient of global pool",
            "resizing to 9x3",
            "gradient of resizing to 9x3",
            "adaptive pool to 9x3",
            "gradient of adaptive pool to 9x3",
            "max pool of 3 by 2, 1 around",
            "gradient of max pool of 3 by 2, 1 around",
            "patches",
            "gradient of patches",
            "pointwise float32 5x3 to 7",
            "gradient of pointwise float32 5x3 to 7",
            "convolution float32",
            "gradient of convolution float32",
            "depthwise 3x3 stride 1 dilation 1 of 5x7x37",
            "gradient of depthwise 3x3 stride 1 dilation 1 of 5x7x37",
            "depthwise 7x7 stride 3 dilation 1 of 10x9x3",
            "gradient of depthwise 7x7 stride 3 dilation 1 of 10x9x3",
            "gradient of depthwise 5x5 stride 2 dilation 3 of 13x19x5",
            "depthwise 31x31 stride 1 dilation 20 of 5x30x3",
            "gradient of depthwise 31x31 stride 1 dilation 20 of 5x30x3",
            "gradient of one of a pair's filters, the large",
            "small pair",
            "gradient of small pair");

    @TempDir
    Path folder;

    private String told(String... what) throws IOException, InterruptedException {
        if (!Files.exists(LIBRARY)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("CI has no Oclgrind: " + LIBRARY);
            }
            abort("not tested: there is no Oclgrind here (" + LIBRARY + ")");
        }
        Path log = folder.resolve("oclgrind.log");
        String output = OtherJvm.run(
                        OclgrindTest.class,
                        Map.of(
                                "REPLKLAB_OPENCL",
                                LIBRARY.toString(),
                                "OCLGRIND_DATA_RACES",
                                "1",
                                "OCLGRIND_CHECK_API",
                                "1",
                                "OCLGRIND_LOG",
                                log.toString()),
                        List.of(OtherJvm.USUAL),
                        what)
                .succeeded();
        assertThat(output).endsWith("done");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Test
    void kernelsDoNotRaceAndStayInTheirArrays() throws IOException, InterruptedException {
        assertThat(told("kernels")).isEmpty();
    }

    /** Or the test above could not fail. */
    @Test
    void aRaceAndAWriteBesideAnArrayAreTold() throws IOException, InterruptedException {
        assertThat(told("mistakes")).contains("data race").contains("Invalid write");
    }

    public static void main(String[] arguments) {
        if (arguments[0].equals("mistakes")) {
            Device device = Devices.open("opencl");
            DeviceBuffer buffer = device.allocate(64);
            KernelSource source = new KernelSource("mistakes.cl", """
                    __kernel void race(__global float *x) { x[0] = get_local_id(0); }
                    __kernel void beside(__global float *x) { x[16 + get_local_id(0)] = 1.0f; }
                    """);
            device.kernel(source, "race").launch(new Groups(1, 1, 1, 4, 1), buffer);
            device.kernel(source, "beside").launch(new Groups(1, 1, 1, 1, 1), buffer);
            device.finish();
        } else {
            DeviceBackend device = OpenClHere.backend();
            Set<String> left = new TreeSet<>(CASES);
            for (OperationCases.Case each : OperationCases.all()) {
                if (left.remove(each.name())) {
                    long start = System.nanoTime();
                    Backend.with(device, () -> Backend.run(each.make().get()));
                    device.memory().device().finish();
                    System.out.printf("%6.2f s %s%n", (System.nanoTime() - start) * 1e-9, each);
                }
            }
            if (!left.isEmpty()) {
                throw new IllegalStateException("no such cases: " + left);
            }
        }
        System.out.println("done");
        System.exit(0);
    }
}
