package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.nn.Scrambled;

/** Damaged weights files: whatever their bytes, they are read or refused in so many words. */
class FuzzTest {
    private static final int MUTANTS = 400;

    @TempDir
    private static Path folder;

    /** A small network's files, in which most bytes are structure. */
    private static byte[] safetensors;

    private static byte[] pth;

    @BeforeAll
    static void writeGoodFiles() throws IOException {
        RepLKNetConfig config = new RepLKNetConfig(List.of(3), List.of(1), List.of(2), 1, 1, 2, 0, 1, 2);
        RepLKNet network = Scrambled.of(new RepLKNet(config, new SplittableRandom(1)), 1);
        Path file = folder.resolve("good.safetensors");
        Weights.save(network, file, Map.of());
        safetensors = Files.readAllBytes(file);
        assertThat(Checkpoints.load(file).config()).isEqualTo(config);
        pth = Files.readAllBytes(Reference.file("weights.pth"));
    }

    /** Reads everything in a file; true if it was refused. */
    private static boolean refused(Path file) {
        try {
            Checkpoints.load(file);
            return false;
        } catch (LabException e) {
            assertThat(e.getMessage()).contains(file.toString()).hasSizeLessThan(20_000);
            return true;
        } catch (RuntimeException | Error e) {
            return fail("not in so many words", e);
        }
    }

    /** Flips, overwrites, repeats, leaves out or cuts off bytes between two places. */
    private static byte[] mutant(byte[] good, int low, int high, SplittableRandom random) {
        byte[] bytes = good.clone();
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(low, high);
            int length = Math.min(1 + random.nextInt(16), high - at);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0xff : 0));
                case 3 -> System.arraycopy(good, random.nextInt(low, high - length + 1), bytes, at, length);
                default -> System.arraycopy(good, at, bytes, Math.max(low, at - length), high - at);
            }
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedSafetensors(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int header = 8
                + (int) ByteBuffer.wrap(safetensors)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong();
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] bytes = mutant(safetensors, 0, i % 2 == 0 ? header : safetensors.length, random);
            refused += refused(Files.write(folder.resolve("mutant.safetensors"), bytes)) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(MUTANTS / 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedPickles(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        // The pickle is the archive's first entry; the list of entries is at the end.
        int directory = directory();
        for (int i = 0; i < MUTANTS; i++) {
            byte[] bytes = i % 2 == 0 ? mutant(pth, 64, 34_000, random) : mutant(pth, directory, pth.length, random);
            refused += refused(Files.write(folder.resolve("mutant.pth"), bytes)) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(MUTANTS / 2);
    }

    private static int directory() {
        ByteBuffer bytes = ByteBuffer.wrap(pth).order(ByteOrder.LITTLE_ENDIAN);
        return bytes.getInt(pth.length - 22 + 16);
    }

    @Test
    void randomBytes() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < MUTANTS; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertThat(refused(Files.write(folder.resolve("random.pth"), bytes)))
                    .isTrue();
        }
    }

    /** Instructions of the unpickler's own machine in any order reach more of it than damaged files do. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomInstructions(long seed) {
        byte[] codes = "(]}).NJKMXGtau sbqhjrRQc\u0081\u0085\u0086\u0087\u0088\u0089\u008a\u008c\u0093\u0094\u0095"
                .getBytes(StandardCharsets.ISO_8859_1);
        SplittableRandom random = new SplittableRandom(seed);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] pickle = new byte[random.nextInt(1, 60)];
            for (int at = 0; at < pickle.length; at++) {
                pickle[at] = random.nextInt(3) == 0 ? (byte) random.nextInt(4) : codes[random.nextInt(codes.length)];
            }
            try {
                TensorUnpickler.read(pickle);
                read++;
            } catch (IOException | RuntimeException e) {
                refused++; // PthFile says it in so many words
            }
        }
        assertThat(refused).isPositive();
        assertThat(read).isPositive().isEqualTo(20_000 - refused);
    }
}
