package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.conv.ConvMemory.output;
import static replklab.conv.ConvMemory.random;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only the Fourier algorithm has: prepared filters and pairs of kernels. */
class FftDepthwiseTest {
    private final FftDepthwise fft = new FftDepthwise();

    static Stream<ConvolutionShape> shapes() {
        return ConvMemory.denseShapes().limit(30);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aPairEqualsItsTwoKernels(ConvolutionShape large) {
        ConvolutionShape small = large.withKernel(Math.min(5, large.kernel()));
        try (Arena arena = Arena.ofShared()) {
            KernelPair p = new KernelPair(large, small, arena);
            fft.forwardPair(large, small, p.x, p.wLarge, p.wSmall, p.yLarge, p.ySmall);
            p.assertOutputs();
            fft.gradientsPair(large, small, p.x, p.dyLarge, p.dySmall, p.wLarge, p.wSmall, p.dx, p.dwLarge, p.dwSmall);
            p.assertGradients();
        }
    }

    @Test
    void refusesWhatItCannotCompute() {
        ConvolutionShape strided = new ConvolutionShape(1, 8, 8, 4, 3, 2, 1);
        assertThat(fft.supports(strided)).isFalse();
        assertThatThrownBy(() -> fft.forward(strided, null, null, Epilogue.NONE, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stride 1 and dilation 1, not stride 2");
        ConvolutionShape s = new ConvolutionShape(1, 8, 8, 4, 3, 1, 1);
        assertThatThrownBy(() -> fft.forwardPair(s, s.withKernel(5), null, null, null, null, null))
                .hasMessageContaining("the second not larger than the first");
    }

    /** One pixel that is not finite spoils the map of its image and channel, all of it and nothing else. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void whatIsNotFiniteStaysInItsMap(float pixel) {
        ConvolutionShape s = new ConvolutionShape(2, 21, 18, 19, 13, 1, 1);
        try (Arena arena = Arena.ofShared()) {
            SplittableRandom random = new SplittableRandom(1);
            MemorySegment x = random(arena, s.inputSize(), random);
            MemorySegment w = random(arena, s.filterSize(), random);
            MemorySegment y = output(arena, s.outputSize());
            long image = s.inputSize() / 2;
            x.setAtIndex(ValueLayout.JAVA_FLOAT, image + 100 * 19 + 5, pixel); // image 1, channel 5
            fft.forward(s, x, w, Epilogue.NONE, y);
            for (long i = 0; i < s.outputSize(); i++) {
                boolean spoilt = i >= image && i % 19 == 5;
                assertThat(Float.isNaN(y.getAtIndex(ValueLayout.JAVA_FLOAT, i)))
                        .as("value %d", i)
                        .isEqualTo(spoilt);
            }
        }
    }

    @Test
    void everyLengthOfTransformEqualsItsDefinition() {
        for (int least = 3; least <= 130; least++) {
            int length = Radices.lengthFor(least);
            assertThat(length).isGreaterThanOrEqualTo(least);
            new FourierCheck(length).assertEqualsDefinition();
        }
    }
}
