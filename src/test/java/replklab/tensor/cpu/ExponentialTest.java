package replklab.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** The exponential is right to one unit in the last place, from the smallest number to infinity. */
class ExponentialTest {
    private static final int COUNT = 1 << 14;

    private final MemorySegment memory = Arena.ofAuto().allocate(4L * COUNT, 64);

    @Test
    void isRightToTheLastPlace() {
        for (int i = 0; i < COUNT; i++) {
            Lanes.set(memory, i, argument(i));
        }
        Exponential.run(memory, 0, COUNT);
        for (int i = 0; i < COUNT; i++) {
            double expected = Math.exp(argument(i));
            double error = Math.abs(Lanes.get(memory, i) - expected);
            assertThat(error).as("error at %s", argument(i)).isLessThanOrEqualTo(Math.ulp((float) expected));
        }
    }

    @Test
    void extremeArguments() {
        float[] arguments = {
            0, -0f, 1000, -1000, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 88.8f, -104, -103.2f
        };
        float[] expected = {
            1,
            1,
            Float.POSITIVE_INFINITY,
            0,
            Float.POSITIVE_INFINITY,
            0,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            0,
            Float.MIN_VALUE
        };
        MemorySegment.copy(arguments, 0, memory, java.lang.foreign.ValueLayout.JAVA_FLOAT, 0, arguments.length);
        Exponential.run(memory, 0, 64);
        for (int i = 0; i < arguments.length; i++) {
            assertThat(Float.valueOf(Lanes.get(memory, i)))
                    .as("exp(%s)", arguments[i])
                    .isEqualTo(Float.valueOf(expected[i]));
        }
    }

    /** Evenly from -87 to 88. */
    private static float argument(int i) {
        return -87 + i * (175f / COUNT);
    }
}
