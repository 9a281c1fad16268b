package replklab.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The imports that a notebook and JShell start with. */
public final class StartupScript {
    private StartupScript() {}

    /** The script's Java source, import lines only. */
    public static String text() {
        try (InputStream in = StartupScript.class.getResourceAsStream("startup.jsh")) {
            return new String(Objects.requireNonNull(in, "startup.jsh").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
