package replklab.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The formats of weights files, told apart by their first bytes. */
enum WeightsFormat {
    /** {@link Safetensors}; also what is no weights file at all, since its beginning may be any number. */
    SAFETENSORS(""),
    /** A zip archive: {@link PthFile}. */
    PYTORCH("PK\3\4"),
    /** A pickle of the number that PyTorch's files began with before they were archives. */
    OLD_PYTORCH("\u0080\2\u008a\n");

    private final String beginning;

    WeightsFormat(String beginning) {
        this.beginning = beginning;
    }

    /** A file's format; {@link #SAFETENSORS} if it cannot be read, so that its reader says why. */
    static WeightsFormat of(Path file) {
        String first;
        try (InputStream in = Files.newInputStream(file)) {
            first = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return SAFETENSORS;
        }
        return Arrays.stream(values())
                .filter(format -> format.beginning.equals(first))
                .findFirst()
                .orElse(SAFETENSORS);
    }
}
