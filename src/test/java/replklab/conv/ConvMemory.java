package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Shapes and memory for the tests of this package. */
final class ConvMemory {
    private ConvMemory() {}

    /** Awkward shapes, then random ones; all at stride and dilation 1. */
    static Stream<ConvolutionShape> denseShapes() {
        Stream<ConvolutionShape> awkward = Stream.of(
                new ConvolutionShape(1, 1, 1, 1, 1, 1, 1),
                new ConvolutionShape(2, 1, 1, 9, 63, 1, 1),
                new ConvolutionShape(1, 1, 1, 3, 31, 1, 1),
                new ConvolutionShape(1, 1, 9, 4, 7, 1, 1),
                new ConvolutionShape(1, 13, 1, 9, 5, 1, 1),
                new ConvolutionShape(1, 2, 3, 8, 5, 1, 1),
                new ConvolutionShape(2, 7, 7, 16, 13, 1, 1),
                new ConvolutionShape(5, 7, 7, 20, 7, 1, 1),
                new ConvolutionShape(1, 5, 11, 17, 63, 1, 1),
                new ConvolutionShape(1, 2, 37, 33, 5, 1, 1),
                new ConvolutionShape(1, 31, 29, 3, 29, 1, 1),
                new ConvolutionShape(1, 23, 41, 16, 1, 1, 1),
                new ConvolutionShape(9, 14, 14, 8, 13, 1, 1),
                new ConvolutionShape(1, 56, 56, 16, 31, 1, 1));
        SplittableRandom random = new SplittableRandom(7);
        Stream<ConvolutionShape> drawn = Stream.generate(() -> new ConvolutionShape(
                        1 + random.nextInt(3),
                        1 + random.nextInt(24),
                        1 + random.nextInt(24),
                        1 + random.nextInt(40),
                        1 + 2 * random.nextInt(12),
                        1,
                        1))
                .limit(60);
        return Stream.of(awkward, threeByThree(1), drawn).flatMap(shapes -> shapes);
    }

    /** Maps whose rows and columns come out even or do not, with whole vectors of channels, a part of one, and many. */
    static Stream<ConvolutionShape> threeByThree(int stride) {
        return Stream.of(
                new ConvolutionShape(2, 1, 1, 37, 3, stride, 1),
                new ConvolutionShape(1, 5, 1, 16, 3, stride, 1),
                new ConvolutionShape(2, 1, 8, 5, 3, stride, 1),
                new ConvolutionShape(1, 2, 2, 32, 3, stride, 1),
                new ConvolutionShape(3, 6, 7, 37, 3, stride, 1),
                new ConvolutionShape(3, 7, 6, 37, 3, stride, 1),
                new ConvolutionShape(5, 9, 11, 300, 3, stride, 1),
                new ConvolutionShape(9, 40, 37, 24, 3, stride, 1), // several tasks
                new ConvolutionShape(4, 30, 31, 300, 3, stride, 1), // of several chunks of channels
                new ConvolutionShape(1, 3, 300, 8, 3, stride, 1));
    }

    static MemorySegment random(Arena arena, long size, SplittableRandom random) {
        MemorySegment segment = arena.allocate(size * Float.BYTES, 64);
        for (long i = 0; i < size; i++) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
        }
        return segment;
    }

    /** Random memory that is not what a pass should write, to show that everything is written. */
    static MemorySegment output(Arena arena, long size) {
        MemorySegment segment = arena.allocate(size * Float.BYTES, 64);
        for (long i = 0; i < size; i++) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NaN);
        }
        return segment;
    }

    /** Largest error over largest value at most 1e-6. */
    static void assertClose(String what, MemorySegment actual, double[] expected) {
        double error = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(actual.getAtIndex(ValueLayout.JAVA_FLOAT, i) - expected[i]);
            error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(error, difference);
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        assertThat(error).as(what).isLessThanOrEqualTo(1e-6 * largest);
    }
}
