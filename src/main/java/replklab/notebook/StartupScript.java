package replklab.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What a notebook and JShell start with. */
public final class StartupScript {
    private StartupScript() {}

    /** For the compiler of what a user types: it knows the kernels' module, and does not warn of it at each error. */
    public static List<String> compilerOptions() {
        return List.of("--add-modules", "jdk.incubator.vector", "-Xlint:-incubating");
    }

    /** Imports, as Java source. */
    public static String text() {
        try (InputStream in = StartupScript.class.getResourceAsStream("startup.jsh")) {
            return new String(Objects.requireNonNull(in, "startup.jsh").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
