package replklab.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import replklab.base.LabException;
import replklab.base.UsageException;

/** The text of an experiment's file: UTF-8, with or without a byte order mark, and no longer than anybody writes by hand. */
final class ExperimentText {
    /** Some hundred times what the longest experiment has. */
    static final int MOST_BYTES = 1 << 20;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private ExperimentText() {}

    /**
     * Reads a file.
     *
     * @throws LabException if it cannot be read
     * @throws UsageException if it holds no such text
     */
    static String read(Path file) {
        if (Files.isDirectory(file)) {
            throw new LabException("cannot read " + file + ": it is a folder");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(MOST_BYTES + 1)); // a pipe or a device has no size to ask for
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The text of a file's bytes. */
    static String of(byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw new UsageException("it is longer than " + MOST_BYTES + " bytes; an experiment's file is short");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(rest, text, true);
        text.flip();
        if (result.isError()) {
            throw new UsageException(
                    "line %d holds the byte 0x%02X, which is no UTF-8; an experiment's file is UTF-8 text"
                            .formatted(line(text), bytes[rest.position()]));
        }
        return checked(text.toString());
    }

    /** The text without a byte order mark; control characters other than tabs and line ends are refused. */
    static String checked(String text) {
        String bare = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        for (int i = 0; i < bare.length(); i++) {
            char c = bare.charAt(i);
            if (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r') {
                throw new UsageException(
                        "line %d holds the control character U+%04X; an experiment's file is plain text"
                                .formatted(line(bare.substring(0, i)), (int) c));
            }
        }
        return bare;
    }

    private static long line(CharSequence before) {
        return 1 + before.chars().filter(c -> c == '\n').count();
    }
}
