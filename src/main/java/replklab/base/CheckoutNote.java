package replklab.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A text that programs keep for later ones, in the checkout's {@code .lab} folder: what was measured of this machine, for example. */
public final class CheckoutNote {
    private final String name;

    /** @param name of the file */
    public CheckoutNote(String name) {
        this.name = name;
    }

    /** What was kept last; empty if nothing was, it cannot be read, or this program runs outside a checkout. */
    public Optional<String> read() {
        Optional<Path> file = file().filter(Files::isReadable);
        try {
            return file.isEmpty() ? Optional.empty() : Optional.of(Files.readString(file.get()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** @throws LabException outside a checkout */
    public void keep(String text) {
        Path file = file().orElseThrow(() -> new LabException(
                name + " is kept in the checkout's .lab folder, and this program runs outside a checkout"));
        try {
            Files.createDirectories(file.getParent());
            WholeFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep " + file, e);
        }
    }

    private Optional<Path> file() {
        return LabHome.find().map(root -> root.resolve(".lab").resolve(name));
    }
}
