package replklab.conv;

import static replklab.conv.ConvMemory.assertClose;
import static replklab.conv.ConvMemory.output;
import static replklab.conv.ConvMemory.random;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pass of every algorithm equals the textbook loop in double precision, on random and on awkward shapes. */
class DepthwiseConvolutionTest {
    static Stream<Arguments> algorithmsAndShapes() {
        List<DepthwiseConvolution> algorithms = List.of(new DirectDepthwise(), new FftDepthwise());
        return Stream.concat(ConvMemory.denseShapes(), stridedShapes())
                .flatMap(shape -> algorithms.stream()
                        .filter(algorithm -> algorithm.supports(shape))
                        .map(algorithm -> Arguments.of(algorithm.name(), shape, algorithm)));
    }

    private static Stream<ConvolutionShape> stridedShapes() {
        Stream<ConvolutionShape> awkward = Stream.of(
                new ConvolutionShape(3, 28, 28, 24, 3, 2, 1),
                new ConvolutionShape(1, 28, 28, 8, 3, 1, 6),
                new ConvolutionShape(2, 13, 17, 5, 5, 2, 3),
                new ConvolutionShape(1, 9, 9, 4, 3, 4, 2));
        SplittableRandom random = new SplittableRandom(11);
        Stream<ConvolutionShape> drawn = Stream.generate(() -> new ConvolutionShape(
                        1 + random.nextInt(3),
                        1 + random.nextInt(20),
                        1 + random.nextInt(20),
                        1 + random.nextInt(40),
                        1 + 2 * random.nextInt(9),
                        1 + random.nextInt(3),
                        1 + random.nextInt(3)))
                .limit(40);
        return Stream.of(awkward, ConvMemory.threeByThree(2), drawn).flatMap(shapes -> shapes);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("algorithmsAndShapes")
    void equalsTheTextbookLoop(String name, ConvolutionShape s, DepthwiseConvolution algorithm) {
        try (Arena arena = Arena.ofShared()) {
            SplittableRandom random = new SplittableRandom(s.hashCode());
            MemorySegment x = random(arena, s.inputSize(), random);
            MemorySegment w = random(arena, s.filterSize(), random);
            MemorySegment bias = random(arena, s.channels(), random);
            MemorySegment dy = random(arena, s.outputSize(), random);
            TextbookDepthwise textbook = new TextbookDepthwise(s, x, w, bias, dy);

            MemorySegment y = output(arena, s.outputSize());
            algorithm.forward(s, x, w, Epilogue.bias(bias), y);
            assertClose("output", y, textbook.y);

            MemorySegment rectified = output(arena, s.outputSize());
            algorithm.forward(s, x, w, Epilogue.bias(bias).relu(), rectified);
            double[] positive =
                    Arrays.stream(textbook.y).map(v -> Math.max(0, v)).toArray();
            // Relative to what was there before the rectifier: where all is negative there is no largest value.
            assertCloseRelativeTo(textbook.y, rectified, positive);

            MemorySegment dx = output(arena, s.inputSize());
            algorithm.inputGradient(s, dy, w, dx);
            assertClose("input gradient", dx, textbook.dx);

            MemorySegment dw = output(arena, s.filterSize());
            algorithm.weightGradient(s, x, dy, dw);
            assertClose("weight gradient", dw, textbook.dw);

            MemorySegment dxTogether = output(arena, s.inputSize());
            MemorySegment dwTogether = output(arena, s.filterSize());
            algorithm.gradients(s, x, dy, w, dxTogether, dwTogether);
            assertClose("input gradient of both", dxTogether, textbook.dx);
            assertClose("weight gradient of both", dwTogether, textbook.dw);

            MemorySegment plain = output(arena, s.outputSize());
            algorithm.forward(s, x, w, Epilogue.NONE, plain);
            assertClose("output without bias", plain, new TextbookDepthwise(s, x, w, null, dy).y);
        }
    }

    private static void assertCloseRelativeTo(double[] scale, MemorySegment actual, double[] expected) {
        double[] withScale = Arrays.copyOf(expected, expected.length + 1);
        withScale[expected.length] = Arrays.stream(scale).map(Math::abs).max().orElseThrow();
        double[] values = new double[withScale.length];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment extended = arena.allocate(4L * values.length, 64);
            MemorySegment.copy(actual, 0, extended, 0, 4L * expected.length);
            extended.setAtIndex(
                    java.lang.foreign.ValueLayout.JAVA_FLOAT, expected.length, (float) withScale[expected.length]);
            assertClose("rectified output", extended, withScale);
        }
    }
}
