package replklab.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import replklab.base.LabHome;

/** The Python environment of the peers, {@code .venv-peers}: {@code ./lab setup --peers} makes it. */
public final class PeerEnvironment {
    private PeerEnvironment() {}

    /** Names another Python with the peers in it. */
    static final String PROPERTY = "replklab.peers.python";

    /** Lists those of its arguments that are no modules; it imports none, which would take seconds. */
    private static final String FIND =
            "import importlib.util as u, sys; print(*[m for m in sys.argv[1:] if u.find_spec(m) is None])";

    /** Its interpreter, which need not exist. */
    public static Path python() {
        String other = System.getProperty(PROPERTY);
        return other == null ? LabHome.resolve(".venv-peers", "bin", "python") : Path.of(other);
    }

    /** Those of some modules that a Python does not have: all of them where it does not run. */
    static Set<String> missing(Path python, Set<String> modules) {
        if (modules.isEmpty()) {
            return modules;
        }
        List<String> command = new ArrayList<>(List.of(python.toString(), "-c", FIND));
        command.addAll(modules);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                return modules;
            }
            Set<String> missing = new TreeSet<>(List.of(said.split(" ")));
            missing.retainAll(modules);
            return missing;
        } catch (IOException notThere) {
            return modules;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return modules;
        }
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
