package replklab.data;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Generators named by what they are for. Deriving each from numbers, instead of drawing all from one generator, makes
 * every example's randomness independent of the order in which threads come to it.
 */
final class Seeds {
    /** What a generator is for: two purposes never share random numbers. */
    enum Purpose {
        ORDER(1),
        EXAMPLE(2),
        MIX(3),
        SUBSET(4),
        SCENE(5),
        CUES(6),
        VALIDATION(7);

        private final long number;

        Purpose(long number) {
            this.number = number;
        }
    }

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** The generator of {@code purpose} at the given coordinates, such as an epoch and a position in it. */
    static RandomGenerator generator(long seed, Purpose purpose, long... coordinates) {
        long state = mix(seed + GOLDEN);
        state = mix(state ^ (purpose.number * GOLDEN));
        for (long coordinate : coordinates) {
            state = mix(state + (coordinate + 1) * GOLDEN);
        }
        return new SplittableRandom(state);
    }

    /** A random order of 0 to {@code size} - 1 (Fisher and Yates). */
    static int[] permutation(int size, RandomGenerator random) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** A bijection of 64 bits in which every input bit moves every output bit (SplitMix64's finaliser). */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
