package replklab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import replklab.base.ExitActions;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.OwnerOnly;

/** JupyterLab and MLflow's page side by side, both on 127.0.0.1, until Ctrl-C. */
final class Workbench {
    private static final int USUAL_PORT = 8888;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process jupyter;
    private final Path log;
    private final Path runtime;
    private final String token;

    private Workbench(Process jupyter, Path log, Path runtime, String token) {
        this.jupyter = jupyter;
        this.log = log;
        this.runtime = runtime;
        this.token = token;
    }

    /**
     * Starts both, says where they are, and waits until JupyterLab ends.
     *
     * @param start the notebook or folder that JupyterLab shows first
     * @param profile what {@link NotebookCommand#PROFILE_VARIABLE} says in the notebooks
     * @param port JupyterLab's, this and no other; empty for the usual one or a free one
     * @param browser whether to open the pages, which needs a screen
     * @param originals whether the checkout's own notebooks can be changed
     */
    static void open(Path start, String profile, OptionalInt port, boolean browser, boolean originals)
            throws IOException, InterruptedException {
        Workbench workbench = startJupyter(newToken(), profile, port, originals);
        try (TrackerPage tracker = TrackerPage.open()) {
            URI server = workbench.await();
            String place =
                    LabHome.root().relativize(start.toAbsolutePath()).toString().replace(" ", "%20");
            String page = server + "/lab/tree/" + (Files.exists(start) ? place : "") + "?token=" + workbench.token;
            System.out.println("JupyterLab  " + page);
            System.out.println("MLflow      " + tracker.page());
            if (!originals) {
                System.out.println("Notebooks   in " + MyNotebooks.FOLDER
                        + "/, yours to change; those in notebooks/ stay as they are");
            }
            System.out.println("Ctrl-C stops JupyterLab, and MLflow unless runs use it.");
            if (browser && hasScreen()) {
                openPage(tracker.page().toString());
                openPage(workbench.redirection(page).toUri().toString());
            }
            int code = workbench.jupyter.waitFor();
            if (code != 0 && !ExitActions.stopping()) {
                throw new LabException("JupyterLab ended with exit code " + code + "; its log is " + workbench.log);
            }
        } finally {
            PythonScript.stop(workbench.jupyter);
        }
    }

    private static Workbench startJupyter(String token, String profile, OptionalInt port, boolean originals)
            throws IOException {
        Path log = OwnerOnly.empty(
                Files.createDirectories(LabHome.resolve(".lab")).resolve("jupyter.log")); // it shows the token
        Path runtime = OwnerOnly.folder(LabHome.resolve(".lab", "jupyter"));
        List<String> arguments = new ArrayList<>(List.of(
                "-m",
                "jupyterlab",
                "--no-browser",
                "--ServerApp.ip=127.0.0.1",
                "--ServerApp.port=" + port.orElse(USUAL_PORT),
                "--ServerApp.port_retries=" + (port.isPresent() ? 0 : 50), // it tells which one it has taken
                "--ServerApp.root_dir=" + LabHome.root(),
                // Other kernels would not find the library, and nobody asked for news from elsewhere (jupyter/labconfig
                // neither).
                "--KernelSpecManager.allowed_kernelspecs=replk-lab",
                "--KernelSpecManager.ensure_native_kernel=False",
                "--MultiKernelManager.default_kernel_name=replk-lab",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"));
        if (!originals) {
            arguments.add("--ServerApp.contents_manager_class=lab_contents.Contents");
        }
        if (System.getProperty("user.name").equals("root")) {
            arguments.add("--allow-root"); // containers
        }
        ProcessBuilder builder = PythonScript.python(arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // In the environment, which only the owner can read: the command line is open to all.
        builder.environment()
                .putAll(Map.of(
                        "JUPYTER_TOKEN",
                        token,
                        "JUPYTER_RUNTIME_DIR",
                        runtime.toString(),
                        NotebookCommand.PROFILE_VARIABLE,
                        profile));
        // Besides what the user has there: lab_contents.py, and the settings in jupyter/.
        addToPath(builder, "PYTHONPATH", PythonScript.folder());
        addToPath(builder, "JUPYTER_CONFIG_PATH", PythonScript.script("jupyter"));
        return new Workbench(PythonScript.start(builder), log, runtime, token);
    }

    private static void addToPath(ProcessBuilder builder, String variable, String folder) {
        builder.environment().merge(variable, folder, (theirs, ours) -> theirs + File.pathSeparator + ours);
    }

    /** Waits until JupyterLab serves and gives its address, without a slash at the end. */
    private URI await() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (true) {
                Optional<URI> server = address();
                if (server.isPresent() && answers(client, server.get())) {
                    return server.get();
                }
                if (jupyter.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                    throw new LabException("JupyterLab did not start; its log is " + log);
                }
            }
        }
    }

    /** Where this very process listens, as it has written down, rather than what may answer on a port. */
    private Optional<URI> address() {
        try {
            JsonNode written = JSON.readTree(
                    runtime.resolve("jpserver-" + jupyter.pid() + ".json").toFile());
            return written.path("token").asText().equals(token)
                    ? Optional.of(URI.create(written.path("url").asText().replaceAll("/+$", "")))
                    : Optional.empty();
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    private static boolean answers(HttpClient client, URI server) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + "/api"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false; // it refuses connections until it is up
        }
    }

    /** A file that leads to a page: the browser's command line is no place for the token. */
    private Path redirection(String page) throws IOException {
        Path file = runtime.resolve("open.html");
        String text = "<!DOCTYPE html><meta http-equiv=\"refresh\" content=\"0; url=" + page + "\">\n";
        OwnerOnly.write(file, text.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    private static String newToken() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static boolean hasScreen() {
        return System.getProperty("os.name").startsWith("Mac")
                || System.getenv("DISPLAY") != null
                || System.getenv("WAYLAND_DISPLAY") != null;
    }

    private static void openPage(String address) throws IOException {
        PythonScript.python(List.of("-m", "webbrowser", "-t", address))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
