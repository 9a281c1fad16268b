package replklab.tensor.cpu;

import static replklab.tensor.cpu.Lanes.V;

import java.lang.foreign.MemorySegment;
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
        // A vector's length is a power of two: it shares with the channels what these have of that.
        int forWholeVectors = V / Math.min(V, Integer.lowestOneBit(channels));
        return Math.ceilDiv(WIDE, channels * forWholeVectors) * forWholeVectors;
    }

    /** One number a channel, for as many rows as are taken as one. */
    static MemorySegment repeated(MemorySegment numbers, int channels) {
        if (rows(channels) == 1) {
            return numbers;
        }
        MemorySegment wide =
                Tensor.empty(Shape.of(1, channels * rows(channels))).memory(); // on a tape the pool's
        MemorySegment.copy(numbers, 0, wide, 0, (long) channels * Float.BYTES);
        repeat(wide, channels);
        return wide;
    }

    /** Writes the first so many numbers behind themselves, once for each further row that is taken with the first. */
    static void repeat(MemorySegment numbers, int channels) {
        long bytes = (long) channels * Float.BYTES;
        for (int i = 1; i < rows(channels); i++) {
            MemorySegment.copy(numbers, 0, numbers, i * bytes, bytes);
        }
    }
}
