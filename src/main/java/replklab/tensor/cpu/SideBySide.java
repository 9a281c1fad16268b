package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.V;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Rows of few channels, several of them taken as one of so many more channels: whole vectors, and loops long enough to be worth
 * their beginning. What belongs to a channel is repeated for that.
 */
final class SideBySide {
    /** Elements of a row from which it is taken alone. */
    private static final int WIDE = 256;

    private SideBySide() {}

    /** How many rows of so many channels are taken as one; if more than one, they are whole vectors. */
    static int rows(int channels) {
        if (channels >= WIDE) {
            return 1;
        }
        int forWholeVectors =
                V / BigInteger.valueOf(channels).gcd(BigInteger.valueOf(V)).intValue();
        return Math.ceilDiv(WIDE, channels * forWholeVectors) * forWholeVectors;
    }

    /** One number a channel, that often. */
    static MemorySegment repeated(MemorySegment numbers, int channels, int times) {
        if (times == 1) {
            return numbers;
        }
        MemorySegment wide = Tensor.empty(Shape.of(1, channels * times)).memory(); // on a tape the pool's
        repeat(numbers, wide, channels, times);
        return wide;
    }

    /** {@code from}'s first so many numbers, that often. */
    static void repeat(MemorySegment from, MemorySegment to, int channels, int times) {
        long bytes = (long) channels * Float.BYTES;
        for (int i = 0; i < times; i++) {
            MemorySegment.copy(from, 0, to, i * bytes, bytes);
        }
    }
}
