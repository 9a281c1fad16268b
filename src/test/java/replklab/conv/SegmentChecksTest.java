package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import replklab.base.UsageException;

/** What must never reach unchecked code is refused, by both algorithms, in words that name it. */
class SegmentChecksTest {
    static Stream<DepthwiseConvolution> algorithms() {
        return Stream.of(new DirectDepthwise(), new FftDepthwise(), new PlannedDepthwise(DepthwisePlanner.current()));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void refusesWrongMemoryBeforeTouchingIt(DepthwiseConvolution conv) {
        ConvolutionShape s = new ConvolutionShape(1, 8, 8, 16, 3, 1, 1);
        Epilogue none = Epilogue.NONE;
        Arena closed = Arena.ofConfined();
        MemorySegment gone = closed.allocate(4 * s.inputSize());
        closed.close();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment x = arena.allocate(4 * s.inputSize(), 64);
            MemorySegment w = arena.allocate(4 * s.filterSize(), 64);
            MemorySegment y = arena.allocate(4 * s.outputSize(), 64);
            MemorySegment dw = arena.allocate(4 * s.filterSize(), 64);
            assertThatThrownBy(() -> conv.forward(s, null, w, none, y)).hasMessage("x is missing (null)");
            assertThatThrownBy(() -> conv.forward(s, x, w, null, y)).hasMessageContaining("epilogue is missing");
            assertThatThrownBy(() -> conv.forward(s, gone, w, none, y)).hasMessageContaining("x was closed");
            try (Arena confined = Arena.ofConfined()) {
                MemorySegment own = confined.allocate(4 * s.inputSize(), 64);
                assertThatThrownBy(() -> conv.forward(s, own, w, none, y)).hasMessageContaining("confined");
            }
            assertThatThrownBy(() -> conv.forward(s, x, w, none, y.asSlice(4)))
                    .hasMessage("y has 4092 bytes; the shape needs 4096");
            assertThatThrownBy(() -> conv.forward(s, x, w, Epilogue.bias(w.asSlice(0, 60)), y))
                    .hasMessage("bias has 60 bytes; the shape needs 64");
            assertThatThrownBy(() -> conv.forward(s, x, w, none, x)).hasMessage("y overlaps x in memory");
            assertThatThrownBy(() -> conv.forward(s, x, w, Epilogue.bias(y), y))
                    .hasMessage("y overlaps bias in memory");
            assertThatThrownBy(() -> conv.inputGradient(s, y, w, y)).hasMessage("dx overlaps dy in memory");
            assertThatThrownBy(() -> conv.weightGradient(s, x, y, x)).hasMessage("dw overlaps x in memory");
            assertThatThrownBy(() -> conv.gradients(s, x, y, w, x, dw)).hasMessage("dx overlaps x in memory");
            assertThatThrownBy(() -> conv.forward(s, MemorySegment.ofArray(new float[1024]), w, none, y))
                    .hasMessageContaining("Java heap");
        }
    }

    /** What a pass takes: how many floats of what name; what it writes; and the pass. */
    private record Pass(
            String label, Map<String, Long> sizes, Set<String> writes, Consumer<Map<String, MemorySegment>> run) {
        @Override
        public String toString() {
            return label;
        }
    }

    private static final ConvolutionShape STRIDED = new ConvolutionShape(2, 9, 7, 16, 5, 2, 1);
    private static final ConvolutionShape DENSE = new ConvolutionShape(2, 9, 7, 16, 5, 1, 1);
    private static final ConvolutionShape SMALL = DENSE.withKernel(3);

    static Stream<Pass> passes() {
        DepthwiseConvolution direct = new DirectDepthwise();
        FftDepthwise fft = new FftDepthwise();
        return Stream.of(
                        passes(direct, STRIDED), passes(direct, DENSE), passes(fft, DENSE), prepared(DENSE), pairs(fft))
                .flatMap(Function.identity());
    }

    private static Stream<Pass> passes(DepthwiseConvolution conv, ConvolutionShape s) {
        long in = s.inputSize();
        long filter = s.filterSize();
        long out = s.outputSize();
        String label = conv.name() + " " + s + " ";
        return Stream.of(
                new Pass(
                        label + "forward",
                        Map.of("x", in, "w", filter, "bias", 16L, "y", out),
                        Set.of("y"),
                        m -> conv.forward(s, m.get("x"), m.get("w"), Epilogue.bias(m.get("bias")), m.get("y"))),
                new Pass(
                        label + "input gradient",
                        Map.of("dy", out, "w", filter, "dx", in),
                        Set.of("dx"),
                        m -> conv.inputGradient(s, m.get("dy"), m.get("w"), m.get("dx"))),
                new Pass(
                        label + "weight gradient",
                        Map.of("x", in, "dy", out, "dw", filter),
                        Set.of("dw"),
                        m -> conv.weightGradient(s, m.get("x"), m.get("dy"), m.get("dw"))),
                new Pass(
                        label + "gradients",
                        Map.of("x", in, "dy", out, "w", filter, "dx", in, "dw", filter),
                        Set.of("dx", "dw"),
                        m -> conv.gradients(s, m.get("x"), m.get("dy"), m.get("w"), m.get("dx"), m.get("dw"))));
    }

    private static Stream<Pass> prepared(ConvolutionShape s) {
        PlannedDepthwise planned = new PlannedDepthwise(DepthwisePlanner.current());
        Map<String, Long> sizes = Map.of("x", s.inputSize(), "w", s.filterSize(), "bias", 16L, "y", s.outputSize());
        return Stream.of(Algorithm.DIRECT, Algorithm.FFT)
                .flatMap(algorithm -> Stream.of(
                        new Pass(algorithm.label() + ", filters prepared before", sizes, Set.of("y"), m -> {
                            PreparedFilters filters;
                            try (Arena arena = Arena.ofShared()) {
                                filters = planned.prepare(s, algorithm, arena.allocate(4 * s.filterSize(), 64));
                            }
                            planned.forward(
                                    s, m.get("x"), m.get("w"), filters, Epilogue.bias(m.get("bias")), m.get("y"));
                        }),
                        new Pass(
                                algorithm.label() + ", preparing",
                                Map.of("w", s.filterSize()),
                                Set.of(),
                                m -> planned.prepare(s, algorithm, m.get("w")))));
    }

    private static Stream<Pass> pairs(FftDepthwise fft) {
        long large = DENSE.filterSize();
        long small = SMALL.filterSize();
        long map = DENSE.inputSize();
        return Stream.of(
                new Pass(
                        "pair forward",
                        Map.of("x", map, "wLarge", large, "wSmall", small, "yLarge", map, "ySmall", map),
                        Set.of("yLarge", "ySmall"),
                        m -> fft.forwardPair(
                                DENSE,
                                SMALL,
                                m.get("x"),
                                m.get("wLarge"),
                                m.get("wSmall"),
                                m.get("yLarge"),
                                m.get("ySmall"))),
                new Pass(
                        "pair gradients",
                        Map.of(
                                "x", map, "dyLarge", map, "dySmall", map, "wLarge", large, "wSmall", small, "dx", map,
                                "dwLarge", large, "dwSmall", small),
                        Set.of("dx", "dwLarge", "dwSmall"),
                        m -> fft.gradientsPair(
                                DENSE,
                                SMALL,
                                m.get("x"),
                                m.get("dyLarge"),
                                m.get("dySmall"),
                                m.get("wLarge"),
                                m.get("wSmall"),
                                m.get("dx"),
                                m.get("dwLarge"),
                                m.get("dwSmall"))));
    }

    @Test
    void transformsTakeNeitherStrideNorDilation() {
        FftDepthwise fft = new FftDepthwise();
        try (Arena arena = Arena.ofShared()) {
            for (ConvolutionShape s : List.of(STRIDED, new ConvolutionShape(2, 9, 7, 16, 5, 1, 2))) {
                passes(fft, s)
                        .forEach(pass -> assertThatThrownBy(() -> pass.run.accept(memory(pass, arena)))
                                .as("%s", pass)
                                .hasMessageStartingWith("the fft algorithm takes stride 1 and dilation 1, not "));
            }
        }
    }

    @Test
    void aPairIsOneInputAndTwoKernels() {
        FftDepthwise fft = new FftDepthwise();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment m = arena.allocate(4 * STRIDED.withKernel(63).filterSize(), 64);
            for (ConvolutionShape[] pair : new ConvolutionShape[][] {
                {STRIDED, STRIDED.withKernel(3)}, {DENSE, DENSE.withKernel(7)}, {DENSE, SMALL.withBatch(1)}
            }) {
                String why = "(the fft algorithm takes stride 1|a pair of kernels works on one input).*";
                assertThatThrownBy(() -> fft.forwardPair(pair[0], pair[1], m, m, m, m, m))
                        .hasMessageMatching(why);
                assertThatThrownBy(() -> fft.gradientsPair(pair[0], pair[1], m, m, m, m, m, m, m, m))
                        .hasMessageMatching(why);
            }
        }
        assertThat(fft.supports(DENSE)).isTrue();
        assertThat(fft.supports(STRIDED)).isFalse();
        assertThat(fft.name()).isEqualTo("fft");
        assertThat(new DirectDepthwise().supports(STRIDED)).isTrue();
        assertThat(new DirectDepthwise().name()).isEqualTo("direct");
    }

    private static Map<String, MemorySegment> memory(Pass pass, Arena arena) {
        Map<String, MemorySegment> memory = new TreeMap<>();
        pass.sizes.forEach((name, size) -> memory.put(name, arena.allocate(4 * size, 64)));
        return memory;
    }

    /** As long as the shape needs is long enough, and a float less is not, whichever it is. */
    @ParameterizedTest
    @MethodSource("passes")
    void everyArgumentIsMeasured(Pass pass) {
        try (Arena arena = Arena.ofShared()) {
            pass.run.accept(memory(pass, arena));
            pass.sizes.forEach((name, size) -> {
                Map<String, MemorySegment> memory = memory(pass, arena);
                memory.put(name, memory.get(name).asSlice(0, 4 * size - 4));
                assertThatThrownBy(() -> pass.run.accept(memory))
                        .hasMessage(name + " has " + (4 * size - 4) + " bytes; the shape needs " + 4 * size);
            });
        }
    }

    /** What is written may lie right before or behind what is read, and share no byte with it. */
    @ParameterizedTest
    @MethodSource("passes")
    void whatIsWrittenOverlapsNothing(Pass pass) {
        try (Arena arena = Arena.ofShared()) {
            for (String written : pass.writes) {
                for (String other : pass.sizes.keySet()) {
                    if (!other.equals(written)) {
                        whatIsWrittenOverlapsNothing(pass, arena, written, other);
                        whatIsWrittenOverlapsNothing(pass, arena, other, written);
                    }
                }
            }
        }
    }

    private static void whatIsWrittenOverlapsNothing(Pass pass, Arena arena, String first, String second) {
        long end = 4 * pass.sizes.get(first);
        long length = 4 * pass.sizes.get(second);
        MemorySegment both = arena.allocate(end + length, 64);
        Map<String, MemorySegment> memory = memory(pass, arena);
        memory.put(first, both.asSlice(0, end));
        memory.put(second, both.asSlice(end, length));
        pass.run.accept(memory);
        memory.put(second, both.asSlice(end - 4, length));
        assertThatThrownBy(() -> pass.run.accept(memory))
                .hasMessageMatching("(%1$s overlaps %2$s|%2$s overlaps %1$s) in memory".formatted(first, second));
    }

    @Test
    void kernelSizesThatAreEvenOrNotPositiveAreRefusedByValue() {
        for (int kernel : new int[] {0, -3, 4, 65}) {
            assertThatThrownBy(() -> new ConvolutionShape(1, 8, 8, 16, kernel, 1, 1))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("kernel size is " + kernel)
                    .hasMessageContaining("odd numbers from 1 to 63");
        }
    }

    @Test
    void anEpiloguesBoundsAreInOrder() {
        assertThatThrownBy(() -> new Epilogue(null, 6, 0)).hasMessageContaining("6.0 and 0.0");
    }
}
