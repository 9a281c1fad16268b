package replklab.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Rounding to bfloat16, by its definition: the nearest of the two neighbours, the even one of halves. */
class Bfloat16KernelsTest {
    /** Lower halves around the halfway point and at the ends. */
    private static final int[] LOWER = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};

    /** Every upper half with each of these, not a whole number of vectors, and not from the first on. */
    @Test
    void everyNumberIsRoundedToTheNearest() {
        int count = 65_536 * LOWER.length + 3;
        int skipped = 5;
        MemorySegment from = Arena.ofAuto().allocate((long) (count + skipped) * Float.BYTES, 64);
        for (int i = 0; i < count; i++) {
            from.setAtIndex(ValueLayout.JAVA_INT, i + skipped, bits(i));
        }
        MemorySegment shorts = Arena.ofAuto().allocate((long) count * Short.BYTES, 64);
        MemorySegment floats = Arena.ofAuto().allocate((long) count * Float.BYTES, 64);
        Bfloat16Kernels.toShorts(from, skipped, count, shorts);
        Bfloat16Kernels.toFloats(from, skipped, count, floats);
        for (int i = 0; i < count; i++) {
            float exact = Float.intBitsToFloat(bits(i));
            int upper = shorts.getAtIndex(ValueLayout.JAVA_SHORT, i) & 0xffff;
            assertThat(floats.getAtIndex(ValueLayout.JAVA_INT, i)).isEqualTo(upper << 16);
            float rounded = Float.intBitsToFloat(upper << 16);
            if (Float.isNaN(exact)) {
                assertThat(rounded).isNaN();
            } else {
                assertThat(upper).as("%a", exact).isEqualTo(nearest(exact));
            }
        }
    }

    private static int bits(int i) {
        return i / LOWER.length % 65_536 << 16 | LOWER[i % LOWER.length];
    }

    /** The upper half of the nearest number; the one after the largest stands for infinity at its place, 2 to the 128. */
    private static int nearest(float exact) {
        int below = Float.floatToRawIntBits(exact) >>> 16;
        double wide = exact;
        double low = Math.abs(value(below));
        double high = Math.abs(value(below + 1));
        double toLow = Math.abs(wide) - low;
        double toHigh = high - Math.abs(wide);
        if (Float.isInfinite(exact) || toLow < toHigh || (toLow == toHigh && below % 2 == 0)) {
            return below;
        }
        return below + 1;
    }

    private static double value(int upper) {
        float value = Float.intBitsToFloat(upper << 16);
        return Float.isInfinite(value) ? 0x1p128 : value;
    }
}
