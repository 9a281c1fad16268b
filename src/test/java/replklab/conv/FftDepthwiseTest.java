package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.conv.ConvMemory.assertClose;
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
            SplittableRandom random = new SplittableRandom(large.hashCode());
            MemorySegment x = random(arena, large.inputSize(), random);
            MemorySegment wLarge = random(arena, large.filterSize(), random);
            MemorySegment wSmall = random(arena, small.filterSize(), random);
            MemorySegment dyLarge = random(arena, large.outputSize(), random);
            MemorySegment dySmall = random(arena, large.outputSize(), random);
            MemorySegment yLarge = output(arena, large.outputSize());
            MemorySegment ySmall = output(arena, large.outputSize());
            MemorySegment dx = output(arena, large.inputSize());
            MemorySegment dwLarge = output(arena, large.filterSize());
            MemorySegment dwSmall = output(arena, small.filterSize());

            fft.forwardPair(large, small, x, wLarge, wSmall, yLarge, ySmall);
            fft.gradientsPair(large, small, x, dyLarge, dySmall, wLarge, wSmall, dx, dwLarge, dwSmall);

            TextbookDepthwise first = new TextbookDepthwise(large, x, wLarge, null, dyLarge);
            TextbookDepthwise second = new TextbookDepthwise(small, x, wSmall, null, dySmall);
            double[] both = new double[first.dx.length];
            for (int i = 0; i < both.length; i++) {
                both[i] = first.dx[i] + second.dx[i];
            }
            assertClose("large kernel's output", yLarge, first.y);
            assertClose("input gradient", dx, both);
            assertClose("large kernel's gradient", dwLarge, first.dw);
            assertClose("small kernel's output", ySmall, second.y);
            assertClose("small kernel's gradient", dwSmall, second.dw);
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
