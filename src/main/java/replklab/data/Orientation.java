package replklab.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * How an image is to be turned before it is looked at, as cameras note it that were held otherwise: Exif 2.32, tag 0x0112, in JPEG, PNG,
 * WebP and TIFF. Pixels are worth more than what is said about them: metadata that make no sense turn nothing.
 */
enum Orientation {
    /** As it is stored. */
    NORMAL(false, false, false),
    /** 2: left and right are exchanged. */
    FLIPPED(true, false, false),
    /** 3: by half a turn. */
    HALF_TURN(true, true, false),
    /** 4: up and down are exchanged. */
    UPSIDE_DOWN(false, true, false),
    /** 5: rows are columns. */
    TRANSPOSED(false, false, true),
    /** 6: by a quarter to the right. */
    RIGHT(false, true, true),
    /** 7: rows are columns, from the other corner. */
    ANTI_TRANSPOSED(true, true, true),
    /** 8: by a quarter to the left. */
    LEFT(true, false, true);

    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY = 12;

    private static final int JPEG = 0xFFD8;
    private static final int JPEG_APP1 = 0xFFE1;
    private static final int JPEG_PIXELS = 0xFFDA;
    private static final long PNG = 0x89504E470D0A1A0AL;
    private static final int RIFF = 0x52494646;
    private static final int INTEL = 0x49492A00;
    private static final int MOTOROLA = 0x4D4D002A;

    private final boolean fromRight;
    private final boolean fromBottom;
    private final boolean columnsAreRows;

    Orientation(boolean fromRight, boolean fromBottom, boolean columnsAreRows) {
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
        this.columnsAreRows = columnsAreRows;
    }

    /** What a file says; {@link #NORMAL} if it says nothing, or nothing that makes sense. */
    static Orientation of(byte[] file) {
        try {
            ByteBuffer exif = exif(ByteBuffer.wrap(file));
            int value = exif == null ? 1 : value(exif);
            return value >= 1 && value <= values().length ? values()[value - 1] : NORMAL;
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return NORMAL; // cut off, or a length or place that is none
        }
    }

    /** The part of a file that is laid out as a TIFF file is; null if there is none. */
    private static ByteBuffer exif(ByteBuffer file) {
        if (file.getInt(0) == INTEL || file.getInt(0) == MOTOROLA) {
            return file;
        }
        if ((file.getShort(0) & 0xFFFF) == JPEG) {
            return inJpeg(file.position(2));
        }
        if (file.getLong(0) == PNG) {
            return chunk(file.position(8), "eXIf", true);
        }
        return file.getInt(0) == RIFF ? chunk(file.position(12).order(ByteOrder.LITTLE_ENDIAN), "EXIF", false) : null;
    }

    /** Segments: a marker, a length that counts itself, and what is so long. */
    private static ByteBuffer inJpeg(ByteBuffer file) {
        while (true) {
            int marker = file.getShort() & 0xFFFF;
            if (marker < 0xFF00 || marker == JPEG_PIXELS) {
                return null;
            }
            if (marker == 0xFFFF) { // bytes that fill up
                file.position(file.position() - 1);
                continue;
            }
            int start = file.position();
            int length = file.getShort() & 0xFFFF;
            if (marker == JPEG_APP1 && length >= 8 && ascii(file, 6).equals("Exif\0\0")) {
                return file.slice(start + 8, length - 8);
            }
            file.position(start + length);
        }
    }

    /** Chunks: PNG's are a length, a name, the content and a checksum; RIFF's a name, a length and the content, of even length. */
    private static ByteBuffer chunk(ByteBuffer file, String wanted, boolean png) {
        while (file.remaining() >= 8) {
            int length = png ? file.getInt() : 0;
            String name = ascii(file, 4);
            length = png ? length : file.getInt();
            int start = file.position();
            if (name.equals(wanted)) {
                ByteBuffer found = file.slice(start, length).order(ByteOrder.BIG_ENDIAN);
                // Some write JPEG's words before it.
                return length > 6 && ascii(found.duplicate(), 4).equals("Exif") ? found.slice(6, length - 6) : found;
            }
            file.position(Math.addExact(start, png ? length + 4 : length + (length & 1)));
        }
        return null;
    }

    private static String ascii(ByteBuffer from, int count) {
        byte[] bytes = new byte[count];
        from.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The tag's value in the first directory; 0 if it is not there. */
    private static int value(ByteBuffer exif) {
        exif.order(exif.getShort(0) == (short) (INTEL >> 16) ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = exif.getInt(4);
        int entries = exif.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries; i++) {
            int at = directory + 2 + i * ENTRY;
            if ((exif.getShort(at) & 0xFFFF) == TAG && exif.getShort(at + 2) == SHORT) {
                return exif.getShort(at + 8) & 0xFFFF;
            }
        }
        return 0;
    }

    /** The image as it is to be looked at, with its samples as they were. */
    BufferedImage apply(BufferedImage image) {
        if (this == NORMAL) {
            return image;
        }
        Raster from = image.getRaster();
        int width = columnsAreRows ? image.getHeight() : image.getWidth();
        int height = columnsAreRows ? image.getWidth() : image.getHeight();
        WritableRaster to = from.createCompatibleWritableRaster(width, height);
        Object pixel = null;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = columnsAreRows ? y : x;
                int row = columnsAreRows ? x : y;
                pixel = from.getDataElements(
                        from.getMinX() + (fromRight ? image.getWidth() - 1 - column : column),
                        from.getMinY() + (fromBottom ? image.getHeight() - 1 - row : row),
                        pixel);
                to.setDataElements(x, y, pixel);
            }
        }
        return new BufferedImage(image.getColorModel(), to, image.isAlphaPremultiplied(), null);
    }
}
