package replklab.base;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damaged copies of good inputs: flipped, overwritten, repeated, left out, spliced and cut off, lengths at their extremes. */
final class Mutants {
    private static final long[] EXTREMES = {
        0,
        1,
        -1,
        127,
        128,
        255,
        256,
        0x7FFF,
        0xFFFF,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        Long.MAX_VALUE,
        1L << 60
    };

    private final List<byte[]> good;
    private final List<byte[]> words;

    /** @param words pieces that mean something to the reader, which chance would not find */
    Mutants(List<byte[]> good, List<byte[]> words) {
        this.good = good;
        this.words = words;
    }

    /** The next one. */
    byte[] next(SplittableRandom random) {
        byte[] bytes = good.get(random.nextInt(good.size()));
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits && bytes.length > 0; i++) {
            bytes = edited(bytes, random);
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    private byte[] edited(byte[] before, SplittableRandom random) {
        byte[] bytes = before.clone();
        // Structure is thickest at the ends: headers there, directories here.
        int at = place(bytes.length, random);
        int length = Math.min(1 + random.nextInt(16), bytes.length - at);
        switch (random.nextInt(words.isEmpty() ? 7 : 9)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0xff : 0));
            case 3 -> System.arraycopy(before, random.nextInt(bytes.length - length + 1), bytes, at, length);
            case 4 -> putExtreme(bytes, at, random);
            case 5 -> bytes = spliced(before, at, at + length, new byte[0]);
            case 6 -> {
                byte[] other = good.get(random.nextInt(good.size()));
                int from = random.nextInt(other.length);
                byte[] piece = Arrays.copyOfRange(other, from, Math.min(other.length, from + 1 + random.nextInt(64)));
                bytes = spliced(
                        before, at, random.nextBoolean() ? at : Math.min(bytes.length, at + piece.length), piece);
            }
            default ->
                bytes = spliced(before, at, at + random.nextInt(length + 1), words.get(random.nextInt(words.size())));
        }
        return bytes;
    }

    private static int place(int length, SplittableRandom random) {
        int near = Math.min(length, 256);
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(near);
            case 1 -> length - 1 - random.nextInt(near);
            default -> random.nextInt(length);
        };
    }

    private static void putExtreme(byte[] bytes, int at, SplittableRandom random) {
        ByteBuffer number = ByteBuffer.allocate(8);
        int size = 2 << random.nextInt(3);
        boolean little = random.nextBoolean();
        number.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .putLong(EXTREMES[random.nextInt(EXTREMES.length)]);
        System.arraycopy(number.array(), little ? 0 : 8 - size, bytes, at, Math.min(size, bytes.length - at));
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
        byte[] whole = new byte[from + piece.length + bytes.length - to];
        System.arraycopy(bytes, 0, whole, 0, from);
        System.arraycopy(piece, 0, whole, from, piece.length);
        System.arraycopy(bytes, to, whole, from + piece.length, bytes.length - to);
        return whole;
    }
}
