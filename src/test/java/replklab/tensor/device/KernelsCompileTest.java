package replklab.tensor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import replklab.base.LabException;
import replklab.conv.ConvolutionShape;
import replklab.device.KernelSource;
import replklab.device.Nvrtc;
import replklab.tensor.Precision;

/**
 * Every kernel by NVIDIA's compiler to machine code for Ampere, Hopper and both Blackwells, without a card: PTX would accept more local
 * memory than the 48 KB that a launch may have without asking, and only machine code says how much there is.
 */
class KernelsCompileTest {
    private static final List<String> ARCHITECTURES = List.of("sm_80", "sm_90", "sm_100", "sm_120");
    private static final long MOST_LOCAL = 48 << 10;
    private static final int CUDA = 190; // of ELF's machines

    private static Nvrtc nvrtc() {
        return Nvrtc.load().orElseGet(() -> {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("CI has no NVRTC: .venv-nvrtc from requirements-nvrtc.txt");
            }
            return abort("not tested: there is no NVRTC here (.venv-nvrtc from requirements-nvrtc.txt)");
        });
    }

    static List<Launcher.Program> programs() {
        List<Launcher.Program> programs = new ArrayList<>();
        Stream.of("elementwise.cl", "arrays.cl", "norms.cl", "space.cl", "products.cl")
                .map(Launcher.Program::of)
                .forEach(programs::add);
        for (SumLaunches.What what : SumLaunches.What.values()) {
            programs.add(SumLaunches.program(what));
        }
        for (int rows : new int[] {10, 1000}) {
            for (int form = 0; form < 3; form++) {
                ProductLaunches.Shape shape = new ProductLaunches.Shape(rows, 100, 70, form == 2, form == 0);
                programs.add(ProductLaunches.program(shape, Precision.FLOAT32));
            }
        }
        programs.add(ProductLaunches.program(new ProductLaunches.Shape(10, 9, 8, true, true), Precision.BF16));
        programs.add(DepthwiseLaunches.PLAIN);
        for (DepthwiseLaunches.Form form : DepthwiseLaunches.Form.values()) {
            programs.add(DepthwiseLaunches.program(shape(3, 1, 1), 0, form));
            programs.add(DepthwiseLaunches.program(shape(31, 1, 1), 5, form));
            programs.add(DepthwiseLaunches.program(shape(63, 1, 1), 63, form));
            if (form != DepthwiseLaunches.Form.INPUT) {
                programs.add(DepthwiseLaunches.program(shape(3, 2, 1), 0, form));
                // The longest line that is tiled.
                programs.add(DepthwiseLaunches.program(shape(3, 1, 82), 0, form));
            }
        }
        return programs;
    }

    private static ConvolutionShape shape(int kernel, int stride, int dilation) {
        return new ConvolutionShape(8, 100, 100, 64, kernel, stride, dilation);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void compilesForEachCardWithinItsLocalMemory(Launcher.Program program) {
        Nvrtc nvrtc = nvrtc();
        ARCHITECTURES.parallelStream().forEach(architecture -> {
            Map<String, Long> local = localMemory(nvrtc.compile(program.source(), architecture));
            assertThat(local.values())
                    .as("%s for %s: %s", program, architecture, local)
                    .allMatch(bytes -> bytes <= MOST_LOCAL);
            if (program.source().text().contains("KERNEL(reduce)")) {
                assertThat(local).as("what the test reads").containsKey("reduce");
                assertThat(local.get("reduce")).isBetween(64L * Float.BYTES, 2048L);
            }
        });
    }

    /** Or the test above could not fail. */
    @Test
    void tooMuchLocalMemoryIsRefused() {
        KernelSource source = new KernelSource("large.cu", """
                extern "C" __global__ void large(float *x) {
                    __shared__ float much[13000];
                    much[threadIdx.x] = x[threadIdx.x];
                    __syncthreads();
                    x[threadIdx.x] = much[12999 - threadIdx.x];
                }
                """);
        Nvrtc nvrtc = nvrtc();
        assertThatThrownBy(() -> nvrtc.compile(source, "sm_90"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("large.cu does not compile for sm_90");
    }

    @Test
    void aMistakeIsToldInTheCompilersWords() {
        Nvrtc nvrtc = nvrtc();
        assertThatThrownBy(() -> nvrtc.compile(new KernelSource("typo.cu", "extern float missing"), "sm_90"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("typo.cu does not compile for sm_90")
                .hasMessageContaining("error");
    }

    /** Static local memory by kernel: the sizes of an ELF file's sections {@code .nv.shared.NAME}. */
    private static Map<String, Long> localMemory(byte[] cubin) {
        ByteBuffer elf = ByteBuffer.wrap(cubin).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(elf.getInt(0)).isEqualTo(0x464C457F);
        assertThat((int) elf.getShort(0x12)).isEqualTo(CUDA);
        int sections = Math.toIntExact(elf.getLong(0x28));
        int size = elf.getShort(0x3A);
        int count = elf.getShort(0x3C);
        int names = Math.toIntExact(elf.getLong(sections + size * elf.getShort(0x3E) + 0x18));
        Map<String, Long> found = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int section = sections + i * size;
            StringBuilder name = new StringBuilder();
            for (int at = names + elf.getInt(section); elf.get(at) != 0; at++) {
                name.append((char) elf.get(at));
            }
            if (name.indexOf(".nv.shared.") == 0) {
                found.put(name.substring(".nv.shared.".length()), elf.getLong(section + 0x20));
            }
        }
        return found;
    }
}
