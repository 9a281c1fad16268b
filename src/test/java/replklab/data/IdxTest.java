package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;

class IdxTest {
    private static final Path FILE = Path.of("some-idx2-ubyte.gz");

    @Test
    void readsHeaderAndValues() throws IOException {
        Idx idx = Idx.parse(FILE, gzip(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 20, 30, 40, 50, 255), 2);
        assertThat(idx.dimensions()).containsExactly(2, 3);
        assertThat(idx.bytes()).containsExactly(10, 20, 30, 40, 50, 255);
    }

    @Test
    void refusesWhatIsNoIdxFile() throws IOException {
        byte[] floats = gzip(0, 0, 13, 1, 0, 0, 0, 0);
        byte[] tooShort = gzip(0, 0, 8, 1, 0, 0, 0, 3, 1, 2);
        byte[] plain = {1, 2, 3};
        assertThatThrownBy(() -> Idx.parse(FILE, floats, 1))
                .isInstanceOf(LabException.class)
                .hasMessage("some-idx2-ubyte.gz: not an IDX file of unsigned bytes with 1 dimensions");
        assertThatThrownBy(() -> Idx.parse(FILE, tooShort, 1))
                .hasMessage("some-idx2-ubyte.gz: its header promises 3 values, it holds 2");
        assertThatThrownBy(() -> Idx.parse(FILE, plain, 1)).hasMessageContaining("not a readable gzip file");
        byte[] tooLong = gzip(0, 0, 8, 1, 0, 0, 0, 1, 1, 2);
        assertThatThrownBy(() -> Idx.parse(FILE, tooLong, 1)).hasMessageContaining("promises 1 values, it holds more");
        // 2^31 times 2^31 times 4 is 2^64, which a long takes for 0.
        byte[] overflowing = gzip(0, 0, 8, 3, 128, 0, 0, 0, 128, 0, 0, 0, 0, 0, 0, 4);
        assertThatThrownBy(() -> Idx.parse(FILE, overflowing, 3))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("at most 1073741824 values are read");
    }

    private static byte[] gzip(int... bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            for (int value : bytes) {
                gzip.write(value);
            }
        }
        return out.toByteArray();
    }
}
