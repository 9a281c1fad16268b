package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.Digests;
import replklab.base.LabException;

/** Digests of files' contents, and the cache that spares reading them twice. */
class ContentDigestsTest {
    private static final List<String> NAMES = List.of("a.png", "b/c.png");

    /** A moment at which all files of a test have long been written. */
    private static final long LATER = Long.MAX_VALUE;

    @TempDir
    Path root;

    private Path cache;
    private Path images;

    @BeforeEach
    void write() throws IOException {
        cache = root.resolve("lab/digests.txt");
        images = Files.createDirectories(root.resolve("images/b")).getParent();
        Files.writeString(images.resolve("a.png"), "one");
        Files.writeString(images.resolve("b/c.png"), "two");
    }

    private String digest(long now) {
        return new ContentDigests(new DigestCache(cache), () -> now).of(images, NAMES);
    }

    @Test
    void areThoseOfSha256sum() {
        String one = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
        String two = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3";
        assertThat(digest(0)).isEqualTo(Digests.of(one + "  a.png\n" + two + "  b/c.png\n"));
    }

    @Test
    void areFoundAgainAsLongAsTheFilesStay() throws IOException {
        String whole = digest(LATER);
        assertThat(cache).exists();
        assertThat(digest(LATER)).isEqualTo(whole);
        // What the cache says counts: so it is known to be asked.
        String key = Files.readString(cache).substring(0, 64);
        String other = "f".repeat(64);
        new DigestCache(cache).put(key, other);
        assertThat(digest(LATER)).isEqualTo(other);
        Files.writeString(images.resolve("a.png"), "eno");
        assertThat(digest(LATER)).isNotEqualTo(other).isNotEqualTo(whole);
        Files.writeString(images.resolve("a.png"), "one");
        assertThat(digest(LATER)).isEqualTo(whole);
    }

    /** A file system's clock ticks coarsely: a file may change without another time. */
    @Test
    void ofFilesJustWrittenAreNotKept() {
        String digest = digest(System.currentTimeMillis());
        assertThat(cache).doesNotExist();
        assertThat(digest(LATER)).isEqualTo(digest);
    }

    @Test
    void aDamagedCacheIsAsGoodAsNone() throws IOException {
        String digest = digest(LATER);
        byte[] good = Files.readAllBytes(cache);
        for (int at = 0; at < good.length; at++) {
            byte[] bytes = good.clone();
            bytes[at] ^= (byte) (at % 2 == 0 ? 1 : 0x80);
            Files.write(cache, bytes);
            assertThat(digest(LATER)).isEqualTo(digest);
        }
        Files.write(cache, Arrays.copyOf(good, good.length / 2));
        assertThat(digest(LATER)).isEqualTo(digest);
        Files.delete(cache);
        Files.createDirectories(cache.resolve("x"));
        assertThat(digest(LATER)).isEqualTo(digest);
    }

    @Test
    void aFileThatIsGoneIsNamed() throws IOException {
        Files.delete(images.resolve("a.png"));
        assertThatThrownBy(() -> digest(0)).isInstanceOf(LabException.class).hasMessageContaining("a.png");
    }
}
