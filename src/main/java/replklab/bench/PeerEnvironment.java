package replklab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import replklab.base.LabHome;

/** The Python environment of the peers, {@code .venv-peers}: {@code ./lab setup --peers} makes it. */
public final class PeerEnvironment {
    private PeerEnvironment() {}

    /** Its interpreter, which need not exist. */
    public static Path python() {
        return LabHome.resolve(".venv-peers", "bin", "python");
    }

    /**
     * Makes the environment if it is not there or not what {@code requirements-peers.txt} asks for. A failure is told, not
     * thrown: who is not installed is left out.
     */
    public static void furnish(Consumer<String> notice) {
        if (isReady()) {
            return;
        }
        Path lab = LabHome.resolve("lab");
        try {
            // Standard output belongs to the command's own result.
            Process process = new ProcessBuilder("bash", "-c", "exec bash \"$0\" setup --peers >&2", lab.toString())
                    .inheritIO()
                    .start();
            if (process.waitFor() != 0) {
                notice.accept("Not every peer could be installed (the reason stands above); those are left out.");
            }
        } catch (IOException e) {
            notice.accept("The peers could not be installed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isReady() {
        Path wanted = LabHome.resolve("requirements-peers.txt");
        Path mark = LabHome.resolve(".venv-peers", "requirements.installed");
        try {
            return Files.isExecutable(python()) && Files.isReadable(mark) && Files.mismatch(wanted, mark) < 0;
        } catch (IOException e) {
            return false;
        }
    }
}
