package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.Digests;
import replklab.base.UsageException;
import replklab.data.Preprocessing.Resize;
import replklab.model.RepLKNetConfig;

/** Beside Pillow, bit by bit; {@code pillow/README.md} has the lines that made the files. */
class PreprocessingTest {
    private static RgbImage image(String name) {
        try {
            return ImageFiles.read(Path.of(PreprocessingTest.class
                    .getResource("pillow/" + name + ".png")
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertSame(RgbImage expected, RgbImage found) {
        assertThat(found.width()).isEqualTo(expected.width());
        assertThat(found.height()).isEqualTo(expected.height());
        assertThat(found.samples()).isEqualTo(expected.samples());
    }

    @ParameterizedTest
    @ValueSource(strings = {"landscape", "portrait"})
    void cropsAndSquaresLikePillow(String name) {
        Preprocessing crop = Preprocessing.evaluation(32, Normalization.IMAGENET);
        assertSame(image(name + "-32"), crop.resized(image(name)));
        Preprocessing square = new Preprocessing(80, Resize.SQUARE, Normalization.IMAGENET);
        assertSame(image(name + "-80"), square.resized(image(name)));
    }

    /** Enlarged from 61 to 256 pixels; SHA-256 of Pillow's 224x224 bytes. */
    @ParameterizedTest
    @CsvSource({
        "landscape, d6559cefefc67b52db084030e8ac875397d5feee6cd7a2e4856fcf61d0913c12",
        "portrait, e8e8d1ab8920cc3050e550607625e19b415207ff06c21cc74432d32c486c854c"
    })
    void enlargesLikePillow(String name, String sha256) {
        RgbImage found = Preprocessing.evaluation(224, Normalization.IMAGENET).resized(image(name));
        assertThat(Digests.of(found.samples())).isEqualTo(sha256);
    }

    @Test
    void theAuthorsCropBelow384AndResizeFromThere() {
        assertThat(Preprocessing.evaluation(224, Normalization.IMAGENET).description())
                .isEqualTo("bicubic resize of the shorter side to 256, centre crop 224");
        assertThat(Preprocessing.evaluation(320, Normalization.HALF).description())
                .isEqualTo("bicubic resize of the shorter side to 365, centre crop 320");
        assertThat(Preprocessing.evaluation(384, Normalization.IMAGENET).description())
                .isEqualTo("bicubic resize to 384x384");
    }

    @Test
    void theAuthorsNormaliseXlByItself() {
        RepLKNetConfig xl = RepLKNetConfig.named("replknet-xl");
        assertThat(Preprocessing.of(xl.withData(3, 21841), 320))
                .isEqualTo(new Preprocessing(320, Resize.CROP, Normalization.HALF));
        for (String name : RepLKNetConfig.names()) {
            Normalization expected = name.equals("replknet-xl") ? Normalization.HALF : Normalization.IMAGENET;
            assertThat(Preprocessing.of(RepLKNetConfig.named(name), 384))
                    .isEqualTo(new Preprocessing(384, Resize.SQUARE, expected));
        }
        assertThatThrownBy(() -> Preprocessing.of(xl.withData(1, 10), 224))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("1 channels, not 3");
    }

    @Test
    void writesNormalisedValuesInNhwcOrder() {
        RgbImage image = new RgbImage(2, 1, new byte[] {10, 20, 30, (byte) 200, (byte) 210, (byte) 220});
        Normalization normalization = new Normalization(List.of(0.1, 0.2, 0.3), List.of(0.4, 0.5, 0.6));
        float[] into = new float[8];
        new Preprocessing(1, Resize.SQUARE, normalization).write(image, into, 1);
        float[] expected = {0, (10 / 255f - 0.1f) / 0.4f, (20 / 255f - 0.2f) / 0.5f, (30 / 255f - 0.3f) / 0.6f};
        assertThat(Arrays.copyOf(into, 4)).usingComparatorWithPrecision(1e-6f).containsExactly(expected);
        assertThat(into[7]).isZero();
    }

    @Test
    void oneChannelIsPillowsLuminance() {
        // Image.new('RGB', (1, 1), (200, 100, 50)).convert('L').getpixel((0, 0)) is 124
        RgbImage colour = new RgbImage(1, 1, new byte[] {(byte) 200, 100, 50});
        float[] into = new float[1];
        new Preprocessing(1, Resize.SQUARE, new Normalization(List.of(0.0), List.of(1.0))).apply(colour, into, 0);
        assertThat(into[0] * 255).isCloseTo(124, within(1e-4f));
    }

    @Test
    void refusesWhatNoImageHas() {
        assertThatThrownBy(() -> Preprocessing.evaluation(0, Normalization.IMAGENET))
                .isInstanceOf(UsageException.class)
                .hasMessage("resolution 0: must be at least 1");
        Normalization two = new Normalization(List.of(0.5, 0.5), List.of(0.5, 0.5));
        assertThatThrownBy(() -> Preprocessing.evaluation(224, two))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("2 channels");
    }
}
