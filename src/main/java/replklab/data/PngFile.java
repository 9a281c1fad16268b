package replklab.data;

import java.nio.ByteBuffer;

/**
 * What the chunks of a PNG file say before its pixels begin (ISO/IEC 15948), read before a decoder looks at it.
 *
 * @param bytes the file
 * @param width columns
 * @param height rows
 * @param isPlain whether a pixel is one grey sample or red, green and blue, of eight bits, row after row, with nothing else to be
 *     made of it: no palette, no transparency
 */
record PngFile(byte[] bytes, int width, int height, boolean isPlain) {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int HEADER = 0x49484452;
    private static final int TRANSPARENCY = 0x74524E53;
    private static final int PIXELS = 0x49444154;

    private static final int FIRST_CHUNK = 8;

    /** Length, kind and checksum of a chunk. */
    private static final int AROUND = 12;

    private static final int HEADER_LENGTH = 13;
    private static final int GREY = 0;
    private static final int COLOURS = 2;

    /** The file's header; null if it is no PNG file that has one. */
    static PngFile of(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        if (bytes.length < FIRST_CHUNK + AROUND + HEADER_LENGTH
                || file.getLong(0) != SIGNATURE
                || file.getInt(FIRST_CHUNK) != HEADER_LENGTH
                || file.getInt(FIRST_CHUNK + 4) != HEADER) {
            return null;
        }
        int width = file.getInt(16);
        int height = file.getInt(20);
        int bits = bytes[24];
        int colours = bytes[25];
        int interlaced = bytes[28];
        boolean isPlain = bits == Byte.SIZE && (colours == GREY || colours == COLOURS) && interlaced == 0;
        return new PngFile(bytes, width, height, isPlain && !hasTransparency(file));
    }

    private static boolean hasTransparency(ByteBuffer file) {
        long at = FIRST_CHUNK;
        while (at + AROUND <= file.limit()) {
            int kind = file.getInt((int) at + 4);
            if (kind == TRANSPARENCY || kind == PIXELS) {
                return kind == TRANSPARENCY;
            }
            at += AROUND + Integer.toUnsignedLong(file.getInt((int) at));
        }
        return false;
    }
}
