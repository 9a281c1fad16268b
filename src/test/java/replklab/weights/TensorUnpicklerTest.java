package replklab.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorUnpicklerTest {
    /** Instructions of the unpickler's own machine in any order reach more of it than damaged files do. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomInstructions(long seed) {
        byte[] codes =
                "(]}).NJKMXUTBCG01 2tauesbqhjrRQc\u0081\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0090\u0091\u0092\u0093\u0094\u0095\u0096"
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
