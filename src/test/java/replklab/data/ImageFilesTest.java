package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;

class ImageFilesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_4BYTE_ABGR,
                BufferedImage.TYPE_BYTE_INDEXED
            })
    void readsColoursAndDropsAlpha(int type) throws IOException {
        var image = new BufferedImage(2, 1, type);
        image.setRGB(0, 0, 0xFF3366CC); // colours that the standard palette holds
        image.setRGB(1, 0, 0xFFFF0033);
        RgbImage read = ImageFiles.read(write(image, "png", "colours.png"));
        assertThat(read.width()).isEqualTo(2);
        assertThat(read.height()).isEqualTo(1);
        assertThat(unsigned(read)).containsExactly(0x33, 0x66, 0xCC, 0xFF, 0x00, 0x33);
    }

    @Test
    void keepsColoursUnderTransparency() throws IOException {
        var image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x40102030);
        assertThat(unsigned(ImageFiles.read(write(image, "png", "glass.png")))).containsExactly(0x10, 0x20, 0x30);
    }

    @Test
    void greyBecomesThreeEqualChannelsOfTheStoredValue() throws IOException {
        var image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 128, 255});
        assertThat(unsigned(ImageFiles.read(write(image, "png", "grey.png"))))
                .containsExactly(0, 0, 0, 128, 128, 128, 255, 255, 255);
        assertThat(unsigned(ImageFiles.read(write(image, "bmp", "grey.bmp"))))
                .containsExactly(0, 0, 0, 128, 128, 128, 255, 255, 255);
    }

    @Test
    void sixteenBitsAreRoundedToEight() throws IOException {
        var image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 257 * 100, 65535});
        assertThat(unsigned(ImageFiles.read(write(image, "png", "deep.png"))))
                .containsExactly(0, 0, 0, 100, 100, 100, 255, 255, 255);
    }

    @Test
    void readsAJpegWithAnotherEnding() throws IOException {
        var image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        Arrays.fill(((DataBufferInt) image.getRaster().getDataBuffer()).getData(), 0x808080);
        assertThat(unsigned(ImageFiles.read(write(image, "jpg", "really-a-jpeg.png"))))
                .containsOnly(128);
    }

    /** ImageNet holds a few JPEGs in CMYK. This one is Pillow's, of ink (0, 200, 200, 20). */
    @Test
    void readsCmykJpegs() throws IOException {
        String jpeg =
                "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwP"
                        + "FxgWFBgSFBUU/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMF"
                        + "BQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldY"
                        + "WVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn"
                        + "6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD9U6+PK+PK/R2v/9k=";
        Path file = Files.write(folder.resolve("cmyk.jpg"), Base64.getDecoder().decode(jpeg));
        int[] samples = unsigned(ImageFiles.read(file));
        assertThat(samples).hasSize(8 * 8 * 3);
        assertThat(samples[0]).as("red").isGreaterThan(180);
        assertThat(samples[1]).as("green").isLessThan(90);
        assertThat(samples[2]).as("blue").isLessThan(90);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void namesAFileThatIsCutShort(String format) throws IOException {
        var image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            image.setRGB(i % 64, i / 64, i * 2654435 & 0xFFFFFF); // noise, so that no format makes it small
        }
        Path whole = write(image, format, "whole." + format);
        byte[] bytes = Files.readAllBytes(whole);
        Path half = Files.write(folder.resolve("half." + format), Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(ImageFiles.read(whole).width()).isEqualTo(64);
        assertThatThrownBy(() -> ImageFiles.read(half))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("image " + half + " cannot be read: ");
    }

    @Test
    void namesAFileThatIsNoImageOrEmptyOrMissing() throws IOException {
        Path text = Files.writeString(folder.resolve("text.jpg"), "not an image");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        for (Path file : new Path[] {text, empty, folder.resolve("missing.png")}) {
            assertThatThrownBy(() -> ImageFiles.read(file))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    /** Found among 100,000 damaged ones: a decoder would take 900 MB for the first, 500 MB for the second. */
    @ParameterizedTest
    @CsvSource({
        "a.bmp, its compression is 4; 0 to 3 are read, 424d62000000000000003e000000280000000d00000009000000010001c6"
                + "0400000000000036040000280000000d00000009000000010008000000000090000000000000000000000000",
        "a.tif, 'its samples have 27 bits; 1 to 16, 32 and 64 are read', 4d4d002a0000000800090100000300000001000d00000101000300000001"
                + "000900000102000300000001001b000001030003000000010001000001060003000000010001000001110004000000010000007a011500"
                + "030000000100010000011600030000000100090000011700040000000100000009000000000000000000000000000000000000000000000000"
    })
    void asksNoMoreMemoryThanAnImageNeeds(String name, String message, String bytes) throws IOException {
        Path file = Files.write(folder.resolve(name), HexFormat.of().parseHex(bytes));
        assertThatThrownBy(() -> ImageFiles.read(file))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(message);
    }

    @Test
    void knowsImagesByTheirEnding() {
        assertThat(new String[] {"a.JPEG", "b.jpg", "c.x.PNG", "d.tiff"}).allMatch(ImageFiles::isImage);
        assertThat(new String[] {"a.txt", "jpg", ".jpg", "b.jpg.part"}).noneMatch(ImageFiles::isImage);
    }

    private Path write(BufferedImage image, String format, String name) throws IOException {
        Path file = folder.resolve(name);
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return file;
    }

    private static int[] unsigned(RgbImage image) {
        int[] values = new int[image.samples().length];
        Arrays.setAll(values, i -> image.samples()[i] & 0xFF);
        return values;
    }
}
