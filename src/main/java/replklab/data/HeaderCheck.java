package replklab.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/** What an image's header claims, looked at before a decoder takes memory for it. */
final class HeaderCheck {
    /** Some 400 MB as bytes of three colours. */
    private static final long MOST_PIXELS = 1 << 27;

    /** What a small file may become without further thought. */
    private static final long EASY_PIXELS = 1 << 24;

    /** Pixels a byte, of a larger one: no more than an image of a single colour has in PNG's or GIF's compression. */
    private static final long MOST_PACKED = 10_000;

    /** Bits of a sample for which the decoder makes a table of all values. */
    private static final int MOST_TABLED = 16;

    /** Where a BMP file has the length of its header, and in one of more than 12 bytes its compression. */
    private static final int BMP_HEADER = 14;

    private static final int BMP_COMPRESSION = 30;

    /** Where the chunks of a WebP file begin, and how many bytes of one are looked at. */
    private static final int WEBP_CHUNKS = 12;

    private static final int WEBP_SIZES = 10;

    /** Kinds of chunks, as numbers in little-endian order: a lossy picture, a lossless one, and an animation's. */
    private static final int VP8 = 0x20385056;

    private static final int VP8L = 0x4C385056;
    private static final int ANMF = 0x464D4E41;

    private HeaderCheck() {}

    /**
     * Looks at it.
     *
     * @param reader of the image
     * @param bytes the whole file
     * @throws IOException saying what is claimed, if it is no image that fits into memory
     */
    static void require(ImageReader reader, byte[] bytes) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        requireSize(width, height, bytes);
        switch (reader.getFormatName()) {
            case "bmp" -> requireOwnPixels(bytes);
            case "tif", "tiff" -> requireKnownSamples(reader);
            case "webp" -> requireFrame(bytes, width, height);
            default -> {} // the others take no more than their pixels need
        }
    }

    /**
     * Looks at the size alone.
     *
     * @throws IOException as {@link #require}
     */
    static void requireSize(int width, int height, byte[] bytes) throws IOException {
        long pixels = (long) width * height;
        if (width < 1
                || height < 1
                || pixels > MOST_PIXELS
                || pixels > Math.max(EASY_PIXELS, bytes.length * MOST_PACKED)) {
            throw new IOException("its header claims %d x %d pixels in %d bytes; at most %d pixels are read"
                    .formatted(width, height, bytes.length, MOST_PIXELS));
        }
    }

    /** A BMP may hold a JPEG or PNG, for which the decoder takes as many bytes as a header says. */
    private static void requireOwnPixels(byte[] bytes) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < BMP_COMPRESSION + Integer.BYTES || header.getInt(BMP_HEADER) <= 12) {
            return;
        }
        int compression = header.getInt(BMP_COMPRESSION);
        if (compression < 0 || compression > 3) {
            throw new IOException("its compression is " + compression + "; 0 to 3 are read");
        }
    }

    /** The picture in a WebP file has the size that the file claims for the whole, or the decoder takes memory for both. */
    private static void requireFrame(byte[] bytes, int width, int height) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long at = WEBP_CHUNKS;
        while (at + 2 * Integer.BYTES + WEBP_SIZES <= bytes.length) {
            int kind = file.getInt((int) at);
            int data = (int) at + 2 * Integer.BYTES;
            if (kind == VP8) { // three bytes, three of a start code, then the sizes
                requireSameSize(file.getShort(data + 6) & 0x3FFF, file.getShort(data + 8) & 0x3FFF, width, height);
                return;
            }
            if (kind == VP8L) {
                int sizes = file.getInt(data + 1);
                requireSameSize((sizes & 0x3FFF) + 1, (sizes >> 14 & 0x3FFF) + 1, width, height);
                return;
            }
            if (kind == ANMF) {
                throw new IOException("it is an animation; pictures are read");
            }
            long size = file.getInt(data - Integer.BYTES) & 0xFFFFFFFFL;
            at = data + size + size % 2;
        }
        throw new IOException("it holds no picture");
    }

    private static void requireSameSize(int frameWidth, int frameHeight, int width, int height) throws IOException {
        if (frameWidth != width || frameHeight != height) {
            throw new IOException("it claims %d x %d pixels, and its picture has %d x %d"
                    .formatted(width, height, frameWidth, frameHeight));
        }
    }

    /** For integers the decoder makes a table of all values that a sample may have. */
    private static void requireKnownSamples(ImageReader reader) throws IOException {
        TIFFField bits = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0))
                .getTIFFField(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE);
        if (bits == null) {
            return;
        }
        for (int i = 0; i < bits.getCount(); i++) {
            long sample = bits.getAsLong(i);
            if (sample < 1 || (sample > MOST_TABLED && sample != Float.SIZE && sample != Double.SIZE)) {
                throw new IOException(
                        "its samples have %d bits; 1 to %d, 32 and 64 are read".formatted(sample, MOST_TABLED));
            }
        }
    }
}
