package replklab.conv;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
