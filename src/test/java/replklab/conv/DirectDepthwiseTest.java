package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import replklab.base.UsageException;

/** Every pass equals the textbook loop in double precision, on random and on awkward shapes. */
class DirectDepthwiseTest {
    private final DirectDepthwise direct = new DirectDepthwise();

    static Stream<DepthwiseShape> shapes() {
        Stream<DepthwiseShape> awkward = Stream.of(
                new DepthwiseShape(1, 1, 1, 1, 1, 1, 1),
                new DepthwiseShape(1, 1, 1, 3, 31, 1, 1),
                new DepthwiseShape(2, 7, 7, 16, 13, 1, 1),
                new DepthwiseShape(1, 5, 11, 17, 63, 1, 1),
                new DepthwiseShape(1, 2, 37, 33, 5, 1, 1),
                new DepthwiseShape(3, 28, 28, 24, 3, 2, 1),
                new DepthwiseShape(1, 28, 28, 8, 3, 1, 6),
                new DepthwiseShape(2, 13, 17, 5, 5, 2, 3),
                new DepthwiseShape(1, 9, 9, 4, 3, 4, 2),
                new DepthwiseShape(1, 56, 56, 16, 31, 1, 1));
        SplittableRandom random = new SplittableRandom(7);
        Stream<DepthwiseShape> drawn = Stream.generate(() -> new DepthwiseShape(
                        1 + random.nextInt(3),
                        1 + random.nextInt(20),
                        1 + random.nextInt(20),
                        1 + random.nextInt(40),
                        1 + 2 * random.nextInt(9),
                        1 + random.nextInt(3),
                        1 + random.nextInt(3)))
                .limit(60);
        return Stream.concat(awkward, drawn);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void equalsTheTextbookLoop(DepthwiseShape s) {
        try (Arena arena = Arena.ofShared()) {
            SplittableRandom random = new SplittableRandom(s.hashCode());
            MemorySegment x = random(arena, s.inputSize(), random);
            MemorySegment w = random(arena, s.filterSize(), random);
            MemorySegment bias = random(arena, s.channels(), random);
            MemorySegment dy = random(arena, s.outputSize(), random);
            MemorySegment y = random(arena, s.outputSize(), random);
            MemorySegment dx = random(arena, s.inputSize(), random);
            MemorySegment dw = random(arena, s.filterSize(), random);

            direct.forward(s, x, w, bias, y);
            direct.inputGradient(s, dy, w, dx);
            direct.weightGradient(s, x, dy, dw);

            TextbookDepthwise textbook = new TextbookDepthwise(s, x, w, bias, dy);
            assertClose(y, textbook.y);
            assertClose(dx, textbook.dx);
            assertClose(dw, textbook.dw);

            direct.forward(s, x, w, null, y);
            assertClose(y, new TextbookDepthwise(s, x, w, null, dy).y);
        }
    }

    @Test
    void refusesWrongMemoryBeforeTouchingIt() {
        DepthwiseShape s = new DepthwiseShape(1, 8, 8, 16, 3, 1, 1);
        Arena closed = Arena.ofConfined();
        MemorySegment gone = closed.allocate(4 * s.inputSize());
        closed.close();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment x = arena.allocate(4 * s.inputSize(), 64);
            MemorySegment w = arena.allocate(4 * s.filterSize(), 64);
            MemorySegment y = arena.allocate(4 * s.outputSize(), 64);
            assertThatThrownBy(() -> direct.forward(s, null, w, null, y)).hasMessage("x is missing (null)");
            assertThatThrownBy(() -> direct.forward(s, gone, w, null, y)).hasMessageContaining("x was closed");
            try (Arena confined = Arena.ofConfined()) {
                MemorySegment own = confined.allocate(4 * s.inputSize(), 64);
                assertThatThrownBy(() -> direct.forward(s, own, w, null, y)).hasMessageContaining("confined");
            }
            assertThatThrownBy(() -> direct.forward(s, x, w, null, y.asSlice(4)))
                    .hasMessage("y has 4092 bytes; the shape needs 4096");
            assertThatThrownBy(() -> direct.forward(s, x, w, null, x)).hasMessage("y overlaps x in memory");
            assertThatThrownBy(() -> direct.inputGradient(s, y, w, y)).hasMessage("dx overlaps dy in memory");
            assertThatThrownBy(() -> direct.forward(s, MemorySegment.ofArray(new float[1024]), w, null, y))
                    .hasMessageContaining("Java heap");
        }
    }

    @Test
    void kernelSizesThatAreEvenOrNotPositiveAreRefusedByValue() {
        for (int kernel : new int[] {0, -3, 4, 65}) {
            assertThatThrownBy(() -> new DepthwiseShape(1, 8, 8, 16, kernel, 1, 1))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("kernel size is " + kernel)
                    .hasMessageContaining("odd numbers from 1 to 63");
        }
    }

    private static MemorySegment random(Arena arena, long size, SplittableRandom random) {
        MemorySegment segment = arena.allocate(size * Float.BYTES, 64);
        for (long i = 0; i < size; i++) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
        }
        return segment;
    }

    /** Largest error over largest value at most 1e-6. */
    private static void assertClose(MemorySegment actual, double[] expected) {
        double error = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            error = Math.max(error, Math.abs(actual.getAtIndex(ValueLayout.JAVA_FLOAT, i) - expected[i]));
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        assertThat(error).isLessThanOrEqualTo(1e-6 * largest);
    }
}
