package replklab.tracking;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A record of a {@link RunLog} as a line: length and CRC32C of its JSON in hexadecimal, then the JSON. So a record that a dead
 * process or a damaged disk cut or changed is told from a whole one.
 */
final class LogLine {
    private static final int DIGITS = 8;
    private static final int HEAD = 2 * (DIGITS + 1);
    private static final HexFormat HEX = HexFormat.of();

    private LogLine() {}

    /** The line with its end. */
    static byte[] encode(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] line = new byte[HEAD + body.length + 1];
        byte[] head = head(body, 0, body.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, line, 0, HEAD);
        System.arraycopy(body, 0, line, HEAD, body.length);
        line[line.length - 1] = '\n';
        return line;
    }

    /** The JSON of a line without its end; empty if it is not whole. */
    static Optional<String> decode(byte[] bytes, int from, int to) {
        int length = to - from - HEAD;
        if (length < 0) {
            return Optional.empty();
        }
        // Letter by letter: a digit in capitals is a changed byte, too.
        String head = new String(bytes, from, HEAD, StandardCharsets.ISO_8859_1);
        return head.equals(head(bytes, from + HEAD, length))
                ? Optional.of(new String(bytes, from + HEAD, length, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private static String head(byte[] bytes, int from, int length) {
        return HEX.toHexDigits(length) + " " + HEX.toHexDigits(crc(bytes, from, length)) + " ";
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
