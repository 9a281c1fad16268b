package replklab.data;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What the markers of a JPEG file say (ITU-T T.81, annex B), read before a decoder looks at it.
 *
 * @param bytes the file
 * @param width columns
 * @param height rows
 * @param components colours as they are stored, before any conversion
 * @param isPlain whether samples have eight bits and are coded as all decoders know it: baseline, extended or progressive, in
 *     Huffman's code
 */
record JpegFile(byte[] bytes, int width, int height, int components, boolean isPlain) {
    private static final int START = 0xFFD8;
    private static final int FRAME = 0xC0;
    private static final int PROGRESSIVE = 0xC2;
    private static final int LAST_FRAME = 0xCF;
    private static final int HUFFMAN_TABLES = 0xC4;
    private static final int EXTENSION = 0xC8;
    private static final int ARITHMETIC_TABLES = 0xCC;
    private static final int TEMPORARY = 0x01;
    private static final int RESTART = 0xD0;
    private static final int START_AGAIN = 0xD8;
    private static final int END = 0xD9;

    /**
     * Walks from marker to marker to the end.
     *
     * @return null if it is no JPEG file
     * @throws IOException if it has no frame or ends before its end: decoders would make up the rest
     */
    static JpegFile of(byte[] bytes) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        if (bytes.length < 3 || (file.getShort(0) & 0xFFFF) != START || bytes[2] != (byte) 0xFF) {
            return null;
        }
        JpegFile found = null;
        int at = 2;
        while (at + 1 < bytes.length) {
            int marker = bytes[at + 1] & 0xFF;
            if (bytes[at] != (byte) 0xFF || marker == 0 || marker == 0xFF) {
                at++; // pixels, or bytes that fill up
                continue;
            }
            at += 2;
            if (marker == END) {
                if (found == null) {
                    throw new IOException("it is a JPEG file without a picture");
                }
                return found;
            }
            if (marker == TEMPORARY || (marker >= RESTART && marker <= START_AGAIN)) {
                continue;
            }
            if (found == null && isFrame(marker) && at + 8 <= bytes.length) { // length, bits, height, width, components
                found = new JpegFile(
                        bytes,
                        file.getShort(at + 5) & 0xFFFF,
                        file.getShort(at + 3) & 0xFFFF,
                        bytes[at + 7] & 0xFF,
                        bytes[at + 2] == Byte.SIZE && marker <= PROGRESSIVE);
            }
            at += at + 2 <= bytes.length ? Math.max(2, file.getShort(at) & 0xFFFF) : 2;
        }
        throw new IOException("Truncated file: its end is missing");
    }

    private static boolean isFrame(int marker) {
        return marker >= FRAME
                && marker <= LAST_FRAME
                && marker != HUFFMAN_TABLES
                && marker != EXTENSION
                && marker != ARITHMETIC_TABLES;
    }
}
