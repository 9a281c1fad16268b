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
        long pixels = (long) width * height;
        if (width < 1
                || height < 1
                || pixels > MOST_PIXELS
                || pixels > Math.max(EASY_PIXELS, bytes.length * MOST_PACKED)) {
            throw new IOException("its header claims %d x %d pixels in %d bytes; at most %d pixels are read"
                    .formatted(width, height, bytes.length, MOST_PIXELS));
        }
        switch (reader.getFormatName()) {
            case "bmp" -> requireOwnPixels(bytes);
            case "tif", "tiff" -> requireKnownSamples(reader);
            default -> {} // the others take no more than their pixels need
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
