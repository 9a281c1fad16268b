package replklab.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.Fuzz;
import replklab.base.LabException;
import replklab.base.QuietErrors;

/** Damaged files of data: whatever their bytes, they are read or refused in so many words. */
class ReadersFuzzTest {
    private static final long MEMORY = 16 << 20;

    /** What a small image may become, decoded and as RGB, with what the decoders need beside it. */
    private static final long IMAGE_MEMORY = 512 << 20;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void loadPlugIns() {
        ImageIO.setUseCache(false);
    }

    @Test
    void damagedNpyFiles() throws IOException {
        Path file = folder.resolve("mutant.npy");
        NpyFile.write(file, new int[] {2, 3, 4, 5}, rows -> rows.write(new float[120]));
        byte[] floats = Files.readAllBytes(file);
        byte[] integers = new String(floats, StandardCharsets.ISO_8859_1)
                .replace("<f4", "<i4")
                .getBytes(StandardCharsets.ISO_8859_1);
        new Fuzz(file.toString(), MEMORY, input -> {
                    Files.write(file, input);
                    try (NpyFile npy = NpyFile.open(file)) {
                        if (npy.type().startsWith("f")) {
                            npy.floats(0, npy.shape().length == 0 ? 1 : npy.shape()[0]);
                        } else {
                            npy.integers();
                        }
                    }
                    try (NpyImages images = NpyImages.open(file, 3)) {
                        images.batch(0, 1);
                    }
                })
                .mutants(
                        List.of(floats),
                        Stream.of(
                                        "f2",
                                        "f8",
                                        "f0",
                                        "i1",
                                        "u8",
                                        ">",
                                        "|",
                                        "(",
                                        ")",
                                        ",",
                                        "0",
                                        "2147483647",
                                        "99999999999",
                                        "True")
                                .map(word -> word.getBytes(StandardCharsets.US_ASCII))
                                .toList())
                .readsSomeAndRefusesSome();
        new Fuzz(file.toString(), MEMORY, input -> {
                    Files.write(file, input);
                    try (NpyFile npy = NpyFile.open(file)) {
                        npy.integers();
                    }
                })
                .mutants(List.of(integers), List.of())
                .readsSomeAndRefusesSome();
    }

    @Test
    void damagedIdxFiles() throws IOException {
        Path file = folder.resolve("mutant-idx3-ubyte.gz");
        byte[] plain = ByteBuffer.allocate(16 + 60)
                .put(new byte[] {0, 0, 8, 3})
                .putInt(5)
                .putInt(3)
                .putInt(4)
                .array();
        new Fuzz(file.toString(), MEMORY, input -> Idx.parse(file, input, 3))
                .mutants(List.of(gzip(plain)), List.of())
                .readsSomeAndRefusesSome();
        new Fuzz(file.toString(), MEMORY, input -> Idx.parse(file, gzip(input), 3))
                .mutants(List.of(plain), List.of())
                .readsSomeAndRefusesSome();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void damagedCifarBatches() throws IOException {
        byte[] good = new byte[2 * 3073];
        for (String name :
                new String[] {"data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"}) {
            Files.write(folder.resolve(name + ".bin"), good);
        }
        Path file = folder.resolve("data_batch_1.bin");
        new Fuzz(file.toString(), MEMORY, input -> {
                    Files.write(file, input);
                    Cifar10.open(folder, 2);
                })
                .mutants(List.of(good), List.of())
                .readsSomeAndRefusesSome();
    }

    /** Pictures of all kinds of samples, as far as a format has them. */
    private static List<byte[]> pictures(String format) throws IOException {
        if (format.equals("pnm")) {
            return portableMaps();
        }
        if (format.equals("webp")) { // which Java writes with nothing we have
            return List.of(file("plain.webp"), file("turned-6.webp"));
        }
        int[] types = {
            BufferedImage.TYPE_INT_RGB,
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_USHORT_GRAY,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_BYTE_BINARY,
            BufferedImage.TYPE_4BYTE_ABGR
        };
        List<byte[]> pictures = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int type : types) {
            BufferedImage image = new BufferedImage(13, 9, type);
            for (int i = 0; i < 13 * 9; i++) {
                image.setRGB(i % 13, i / 13, random.nextInt());
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (ImageIO.write(image, format, out)) {
                pictures.add(out.toByteArray());
            }
        }
        return pictures;
    }

    private static byte[] file(String name) throws IOException {
        try (InputStream in = ReadersFuzzTest.class.getResourceAsStream("files/" + name)) {
            return in.readAllBytes();
        }
    }

    /** Bits, grey and colours, of one and two bytes, as numbers in words and as bytes. */
    private static List<byte[]> portableMaps() {
        List<byte[]> maps = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        String[] kinds = {"P1 1 1", "P2 255 1", "P3 255 3", "P4 1 0", "P5 255 1", "P6 255 3", "P5 65535 2", "P6 65535 6"
        };
        for (String kind : kinds) {
            String[] parts = kind.split(" ");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes((parts[0] + "\n# a comment\n13 9\n" + (kind.contains(" 1 ") ? "" : parts[1] + "\n"))
                    .getBytes(StandardCharsets.US_ASCII));
            boolean words = parts[0].compareTo("P4") < 0;
            int samples = parts[0].equals("P4") ? 2 * 9 : 13 * 9 * Integer.parseInt(parts[2]);
            for (int i = 0; i < samples; i++) {
                int sample = random.nextInt(words && kind.contains(" 1 ") ? 2 : 256);
                if (words) {
                    out.writeBytes((sample + (i % 13 == 12 ? "\n" : " ")).getBytes(StandardCharsets.US_ASCII));
                } else {
                    out.write(sample);
                }
            }
            maps.add(out.toByteArray());
        }
        return maps;
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "gif", "tif", "webp", "pnm"})
    void damagedImages(String format) throws IOException {
        Path file = folder.resolve("mutant." + format);
        PixelLabels meaning = PixelLabels.PLAIN;
        try (var _ = new QuietErrors()) { // libjpeg-turbo writes a line for each file that it warns of
            new Fuzz(file.toString(), IMAGE_MEMORY, input -> {
                        ImageFiles.read(Files.write(file, input));
                        try {
                            LabelImage.read(file, meaning, 3);
                        } catch (LabException e) {
                            // Most pictures are no annotations; what else is thrown counts.
                            return;
                        }
                    })
                    .mutants(pictures(format), List.of())
                    .readsSomeAndRefusesSome();
        }
    }
}
