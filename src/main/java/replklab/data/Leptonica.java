package replklab.data;

import static org.bytedeco.leptonica.global.leptonica.L_SEVERITY_NONE;
import static org.bytedeco.leptonica.global.leptonica.pixDestroy;
import static org.bytedeco.leptonica.global.leptonica.pixGetData;
import static org.bytedeco.leptonica.global.leptonica.pixGetDepth;
import static org.bytedeco.leptonica.global.leptonica.pixGetHeight;
import static org.bytedeco.leptonica.global.leptonica.pixGetWidth;
import static org.bytedeco.leptonica.global.leptonica.pixGetWpl;
import static org.bytedeco.leptonica.global.leptonica.pixReadMemJpeg;
import static org.bytedeco.leptonica.global.leptonica.pixReadMemPng;
import static org.bytedeco.leptonica.global.leptonica.pixReadMemWebP;
import static org.bytedeco.leptonica.global.leptonica.setMsgSeverity;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.leptonica.PIX;

/**
 * libjpeg-turbo, libpng and libwebp, the decoders behind Pillow, torchvision and OpenCV: the same samples to the last bit, sooner than
 * ImageIO's, and no damaged file that keeps them for ever. They are those in Leptonica, which lets no error of theirs end the
 * program. It is missing where its build does not load, as beside ND4J's CUDA build, which needs an older JavaCPP.
 */
final class Leptonica {
    /** System property that, set to {@code imageio}, leaves all files to ImageIO: for comparisons. */
    static final String PROPERTY = "replklab.images";

    /** A decoder. */
    @FunctionalInterface
    private interface Decoder {
        PIX decode(BytePointer file);
    }

    /** Bits of one of Leptonica's words, which hold four grey samples, or red, green, blue and nothing, the first at the top. */
    private static final int WORD = Integer.SIZE;

    private Leptonica() {}

    /** Whether it loads here. */
    static boolean isAvailable() {
        return Library.FOUND;
    }

    /** Whether it reads this file: it loads here, and Pillow would not convert the colours itself, as it does with CMYK. */
    static boolean reads(JpegFile file) {
        return file.isPlain() && (file.components() == 1 || file.components() == 3) && isAvailable();
    }

    /**
     * Decodes a file that it {@linkplain #reads(JpegFile) reads}.
     *
     * @throws IOException if the decoder gives up
     */
    static BufferedImage jpeg(JpegFile file) throws IOException {
        int length = file.bytes().length;
        return decode(file.bytes(), "JPEG", bytes -> pixReadMemJpeg(bytes, length, 0, 1, (IntPointer) null, 0));
    }

    /** Whether it reads this file: it loads here, and there is nothing but pixels, which it would make something else of. */
    static boolean reads(PngFile file) {
        return file.isPlain() && isAvailable();
    }

    /**
     * Decodes a file that it {@linkplain #reads(PngFile) reads}.
     *
     * @throws IOException if the decoder gives up
     */
    static BufferedImage png(PngFile file) throws IOException {
        int length = file.bytes().length;
        return decode(file.bytes(), "PNG", bytes -> pixReadMemPng(bytes, length));
    }

    /**
     * Decodes a WebP file that holds one picture, without its transparency.
     *
     * @throws IOException if the decoder gives up
     */
    static BufferedImage webp(byte[] file) throws IOException {
        return decode(file, "WebP", bytes -> pixReadMemWebP(bytes, file.length));
    }

    private static BufferedImage decode(byte[] file, String format, Decoder decoder) throws IOException {
        try (BytePointer bytes = new BytePointer(file)) {
            PIX image = decoder.decode(bytes);
            if (image == null || image.isNull()) {
                throw new IOException("its " + format + " data make no sense");
            }
            try {
                return copy(image);
            } finally {
                pixDestroy(image);
            }
        }
    }

    private static BufferedImage copy(PIX image) {
        int width = pixGetWidth(image);
        int height = pixGetHeight(image);
        int bands = pixGetDepth(image) == WORD ? 3 : 1;
        int stride = pixGetWpl(image);
        IntPointer words = pixGetData(image);
        int[] row = new int[stride];
        byte[] samples = new byte[width * height * bands];
        int at = 0;
        for (int y = 0; y < height; y++) {
            words.position((long) y * stride).get(row);
            if (bands == 3) {
                for (int x = 0; x < width; x++) {
                    int word = row[x];
                    samples[at] = (byte) (word >> 24);
                    samples[at + 1] = (byte) (word >> 16);
                    samples[at + 2] = (byte) (word >> 8);
                    at += 3;
                }
            } else {
                for (int x = 0; x < width; x++) {
                    samples[at++] = (byte) (row[x >> 2] >> (24 - 8 * (x & 3)));
                }
            }
        }
        return image(width, height, bands, samples);
    }

    private static BufferedImage image(int width, int height, int bands, byte[] samples) {
        int[] offsets = bands == 3 ? new int[] {0, 1, 2} : new int[] {0};
        WritableRaster raster = Raster.createInterleavedRaster(
                new DataBufferByte(samples, samples.length), width, height, width * bands, bands, offsets, null);
        ColorModel colors = new ComponentColorModel(
                ColorSpace.getInstance(bands == 3 ? ColorSpace.CS_sRGB : ColorSpace.CS_GRAY),
                false,
                false,
                Transparency.OPAQUE,
                DataBuffer.TYPE_BYTE);
        return new BufferedImage(colors, raster, false, null);
    }

    private static final class Library {
        private static final boolean FOUND = load();

        private static boolean load() {
            if ("imageio".equals(System.getProperty(PROPERTY))) {
                return false;
            }
            try {
                setMsgSeverity(L_SEVERITY_NONE); // what is wrong is said by us, once
                return true;
            } catch (LinkageError e) {
                return false;
            }
        }
    }
}
