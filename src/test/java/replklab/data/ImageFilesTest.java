package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.Digests;
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

    /** {@code files/README.md} has the lines that made the files and their sums, the first 16 digits of SHA-256. */
    @ParameterizedTest
    @CsvSource({
        "jpeg-420.jpg, 27, 19, 4992e5aef8cc3dfa",
        "jpeg-422.jpg, 27, 19, 13fbcf6a5d43fe96",
        "jpeg-444.jpg, 27, 19, d1ac2bfd3f46d539",
        "jpeg-progressive.jpg, 27, 19, 4992e5aef8cc3dfa",
        "jpeg-restarts.jpg, 27, 19, 4992e5aef8cc3dfa",
        "jpeg-rgb.jpg, 27, 19, 33769986c661fa2d",
        "jpeg-grey.jpg, 27, 19, b8b54e667f48ae35",
        "jpeg-warned.jpg, 13, 9, 19a8c3b2dcccea2e",
        "plain.webp, 48, 32, 7f7ae376cb8f10ac",
        "turned-6.webp, 48, 32, f933da64de985279"
    })
    void samplesArePillowsToTheLastBit(String name, int width, int height, String sum) {
        RgbImage read = ImageFiles.read(resource(name));
        assertThat(read.width()).isEqualTo(width);
        assertThat(read.height()).isEqualTo(height);
        assertThat(Digests.of(read.samples())).startsWith(sum);
    }

    /** What else a file says of its samples changes none: gamma, significant bits and a background are put before the pixels. */
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_3BYTE_BGR})
    void samplesOfAPngAreThoseStored(int type) throws IOException {
        var image = new BufferedImage(37, 23, type);
        int bands = image.getRaster().getNumBands();
        int[] stored = new SplittableRandom(type).ints(37 * 23 * bands, 0, 256).toArray();
        image.getRaster().setPixels(0, 0, 37, 23, stored);
        int[] expected = bands == 3
                ? stored
                : Arrays.stream(stored).flatMap(v -> IntStream.of(v, v, v)).toArray();
        Path file = write(image, "png", "noise.png");
        assertThat(unsigned(ImageFiles.read(file))).isEqualTo(expected);
        byte[] plain = Files.readAllBytes(file);
        Files.write(
                file,
                withChunks(
                        plain,
                        chunk("gAMA", 0, 0, 0x57, 0xE4),
                        bands == 3 ? chunk("sBIT", 5, 6, 5) : chunk("sBIT", 4),
                        bands == 3 ? chunk("bKGD", 0, 9, 0, 9, 0, 9) : chunk("bKGD", 0, 9)));
        assertThat(unsigned(ImageFiles.read(file))).isEqualTo(expected);
        Files.write(file, withChunks(plain, bands == 3 ? chunk("tRNS", 0, 9, 0, 9, 0, 9) : chunk("tRNS", 0, 9)));
        assertThat(unsigned(ImageFiles.read(file))).as("one colour transparent").isEqualTo(expected);
    }

    /** A PNG whose chunks follow the header. */
    private static byte[] withChunks(byte[] png, byte[]... chunks) {
        int header = 8 + 25;
        ByteBuffer made = ByteBuffer.allocate(png.length
                + Arrays.stream(chunks).mapToInt(chunk -> chunk.length).sum());
        made.put(png, 0, header);
        Arrays.stream(chunks).forEach(made::put);
        return made.put(png, header, png.length - header).array();
    }

    private static byte[] chunk(String kind, int... data) {
        ByteBuffer made = ByteBuffer.allocate(12 + data.length).putInt(data.length);
        made.put(kind.getBytes(StandardCharsets.US_ASCII));
        Arrays.stream(data).forEach(value -> made.put((byte) value));
        CRC32 sum = new CRC32();
        sum.update(made.array(), 4, 4 + data.length);
        return made.putInt((int) sum.getValue()).array();
    }

    @Test
    void noPartOfAPngPassesForTheWhole() throws IOException {
        var image = new BufferedImage(19, 11, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 19 * 11; i++) {
            image.setRGB(i % 19, i / 19, i * 2654435 & 0xFFFFFF);
        }
        Path file = write(image, "png", "part.png");
        byte[] whole = Files.readAllBytes(file);
        int pixelsEnd = whole.length - 12;
        for (int length = 0; length < pixelsEnd; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ImageFiles.read(file))
                    .as("%d bytes", length)
                    .isInstanceOf(LabException.class);
        }
    }

    /** A decoder would fill up what is missing with grey, and only say so. */
    @ParameterizedTest
    @ValueSource(strings = {"420", "progressive", "restarts", "grey"})
    void noPartOfAJpegPassesForTheWhole(String kind) throws IOException {
        byte[] whole = Files.readAllBytes(resource("jpeg-" + kind + ".jpg"));
        Path file = folder.resolve("part.jpg");
        for (int length = 1; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ImageFiles.read(file)).isInstanceOf(LabException.class);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 100)); // something after the end is nobody's
        assertThat(ImageFiles.read(file).samples())
                .isEqualTo(ImageFiles.read(resource("jpeg-" + kind + ".jpg")).samples());
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

    /** Found among 100,000 damaged ones: a decoder in Java would not come to an end with it. */
    @Test
    void aDamagedWebpIsRefused() throws IOException {
        Path file = Files.write(
                folder.resolve("endless.webp"),
                HexFormat.of()
                        .parseHex("524946465e00000057454250565038580a000000080000001f00002f00005650384c1d0000002f1fc00b"
                                + "005650384c1d0000002f1fc00b000f3014a30f3014a33f14f31f78100824fb4b27304044ff27a07dee0000"
                                + "455849461a0000004d4d002a00000008000101120003000000010006000081000000"));
        assertThatThrownBy(() -> ImageFiles.read(file))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(file + " cannot be read: its WebP data make no sense");
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

    /** As Pillow's {@code ImageOps.exif_transpose} turns them; {@code files/README.md} has the lines that made the files. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void turnsImagesAndAnnotationsAsTheirMetadataSay(int orientation) {
        Path file = resource("turned-" + orientation + ".png");
        int[] upright = new int[24];
        Arrays.setAll(upright, i -> i * 10);
        RgbImage read = ImageFiles.read(file);
        assertThat(read.width()).isEqualTo(6);
        assertThat(read.height()).isEqualTo(4);
        assertThat(IntStream.range(0, 24).map(i -> unsigned(read)[3 * i]).toArray())
                .containsExactly(upright);
        LabelImage labels = LabelImage.read(file, PixelLabels.PLAIN, 250);
        assertThat(labels.width()).isEqualTo(6);
        assertThat(IntStream.range(0, 24).map(i -> labels.labels()[i] & 0xFF).toArray())
                .containsExactly(upright);
    }

    @ParameterizedTest
    @ValueSource(strings = {"turned-6.jpg", "turned-6.webp", "turned-6.tif", "plain.ppm", "plain.webp"})
    void readsTheFieldsFormatsUpright(String name) {
        RgbImage read = ImageFiles.read(resource(name));
        assertThat(read.width()).isEqualTo(48);
        assertThat(read.height()).isEqualTo(32);
        int[] samples = unsigned(read);
        for (int y = 4; y < 32; y += 8) {
            for (int x = 4; x < 48; x += 8) {
                int at = (y * 48 + x) * 3;
                boolean red = y < 16 && x < 24;
                assertThat(samples[at]).as("%d, %d", x, y).isCloseTo(red ? 250 : 0, within(6));
                assertThat(samples[at + 1]).as("%d, %d", x, y).isCloseTo(red ? 20 : 0, within(6));
            }
        }
    }

    @Test
    void readsPortableGreymaps() {
        RgbImage read = ImageFiles.read(resource("plain.pgm"));
        assertThat(Arrays.copyOf(unsigned(read), 3)).containsExactly(250, 250, 250);
    }

    /** Whatever is said about the pixels: they are there. */
    @Test
    void brokenMetadataAreNoObstacle() throws IOException {
        byte[] good = Files.readAllBytes(resource("turned-6.jpg"));
        int exif = new String(good, StandardCharsets.ISO_8859_1).indexOf("Exif");
        Path file = folder.resolve("broken.jpg");
        int end = exif - 2 + (good[exif - 2] & 0xFF) * 256 + (good[exif - 1] & 0xFF);
        for (int at = exif; at < end; at++) {
            for (int value : new int[] {0, 0x7F, 0xFF}) {
                byte[] bytes = good.clone();
                bytes[at] = (byte) value;
                Files.write(file, bytes);
                RgbImage read = ImageFiles.read(file);
                assertThat(read.width() * read.height()).isEqualTo(48 * 32);
            }
        }
    }

    /** As Pillow's: samples are not converted, whatever colours they stand for. */
    @Test
    void aColourProfileChangesNoSample() throws IOException {
        var image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        IntStream.range(0, 256).forEach(i -> image.setRGB(i % 16, i / 16, 0x78B33B));
        Path plain = write(image, "jpg", "plain.jpg");
        byte[] bytes = Files.readAllBytes(plain);
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        byte[] words = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
        int length = 2 + words.length + profile.length;
        ByteBuffer with = ByteBuffer.allocate(bytes.length + 2 + length);
        with.put(bytes, 0, 20); // SOI and JFIF's segment
        with.putShort((short) 0xFFE2).putShort((short) length).put(words).put(profile);
        with.put(bytes, 20, bytes.length - 20);
        Path profiled = Files.write(folder.resolve("profiled.jpg"), with.array());
        assertThat(ImageFiles.read(profiled).samples())
                .containsExactly(ImageFiles.read(plain).samples());
    }

    private static Path resource(String name) {
        try {
            return Path.of(ImageFilesTest.class.getResource("files/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
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
