package replklab.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.base.OtherJvm;
import replklab.base.UsageException;
import replklab.tensor.device.OpenClHere;

class DevicesTest {
    @ParameterizedTest
    @ValueSource(strings = {"tpu", "cuda:", "cuda:x", "OpenCL", "opencl:1234", "", "cpu:0"})
    void otherNamesAreRefused(String name) {
        assertThatThrownBy(() -> Devices.open(name))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("unknown device '" + name + "' (known: cpu, opencl, cuda");
    }

    @Test
    void withoutADriverOneSentenceSaysSo() {
        org.junit.jupiter.api.Assumptions.assumeFalse(
                CudaDriver.load().isPresent(), "not tested: there is an NVIDIA driver here");
        assertThatThrownBy(() -> Devices.open("cuda"))
                .isInstanceOf(LabException.class)
                .hasMessage("there is no NVIDIA driver here (libcuda.so.1); without --device the CPU computes");
    }

    @Test
    void aNumberTooHighIsToldWhatThereIs() {
        OpenClHere.backend();
        assertThatThrownBy(() -> Devices.open("opencl:99"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("there is no device opencl:99: OpenCL knows ");
    }

    @Test
    void aMistakeIsToldInTheCompilersWords() {
        Device device = OpenClHere.backend().memory().device();
        assertThatThrownBy(() -> device.kernel(new KernelSource("typo.cl", "__kernel void k( {"), "k"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("typo.cl does not compile on opencl:0")
                .hasMessageContaining("error");
    }

    @Test
    void arraysComeBackAsTheyWentAndAreLentAgain() {
        DeviceMemory memory = new DeviceMemory(OpenClHere.backend().memory().device());
        DeviceArray first = memory.take(128);
        DeviceArray second = memory.take(128);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment here = arena.allocate(128);
            here.setAtIndex(ValueLayout.JAVA_INT, 31, 42);
            Device device = memory.device();
            DeviceEvent before = device.mark();
            device.write(here, first.buffer());
            here.fill((byte) 0);
            device.copy(first.buffer(), second.buffer(), 128);
            device.read(second.buffer(), here);
            assertThat(here.getAtIndex(ValueLayout.JAVA_INT, 31)).isEqualTo(42);
            assertThat(device.mark().secondsSince(before)).isBetween(0.0, 60.0);
        }
        DeviceBuffer buffer = first.buffer();
        first.giveBack();
        assertThatThrownBy(first::buffer).isInstanceOf(IllegalStateException.class);
        assertThat(memory.lentBytes()).isEqualTo(128);
        assertThat(memory.keptBytes()).isEqualTo(128);
        assertThat(memory.take(128).buffer()).isSameAs(buffer);
        memory.release();
        assertThat(memory.keptBytes()).isZero();
    }

    @Test
    void moreThanThereIsIsRefusedWithNumbers() {
        DeviceMemory memory = new DeviceMemory(OpenClHere.backend().memory().device());
        assertThatThrownBy(() -> memory.take(1L << 50))
                .isInstanceOf(DeviceMemoryException.class)
                .hasMessageContaining("opencl:0 has no room for " + (1L << 50) + " more bytes");
    }

    /** PoCL's handler of SIGFPE, which Java's division is made of, would let a number come out. */
    @Test
    void integersDividedByZeroStillThrow() throws Exception {
        OpenClHere.backend();
        assertThat(OtherJvm.run(DevicesTest.class, List.of(OtherJvm.USUAL)).succeeded())
                .endsWith("ArithmeticException");
    }

    public static void main(String[] arguments) {
        Device device = Devices.open("opencl");
        device.allocate(64).free();
        int thrown = 0;
        for (int i = 0; i < 20_000; i++) { // interpreted, and compiled
            try {
                thrown += divided(i, i % 2);
            } catch (ArithmeticException e) {
                thrown++;
            }
        }
        System.out.println(thrown == 10_000 ? "ArithmeticException" : "numbers came out");
        System.exit(0);
    }

    private static int divided(int a, int b) {
        return a / b * 0;
    }

    /** The header's text and every kernel's are of the two dialects' common words. */
    @Test
    void kernelsSayNothingThatOneCompilerAloneKnows() throws Exception {
        Path kernels = Path.of("src/main/resources/replklab/tensor/device");
        try (var files = Files.list(kernels)) {
            assertThat(files.toList())
                    .hasSizeGreaterThan(5)
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .doesNotContain(
                                    "__kernel", "__global", "__shared__", "get_global_id", "threadIdx", "atomic"));
        }
    }
}
