package replklab.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import replklab.base.LabException;
import replklab.base.LabHome;

/** JupyterLab and MLflow's page side by side, both on 127.0.0.1, until Ctrl-C. */
final class Workbench {
    private static final int USUAL_PORT = 8888;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process jupyter;
    private final Path log;
    private final URI server;

    private Workbench(Process jupyter, Path log, URI server) {
        this.jupyter = jupyter;
        this.log = log;
        this.server = server;
    }

    /**
     * Starts both, says where they are, and waits until JupyterLab ends.
     *
     * @param start the notebook or folder that JupyterLab shows first
     * @param profile what {@link NotebookCommand#PROFILE_VARIABLE} says in the notebooks
     * @param browser whether to open the pages, which needs a screen
     */
    static void open(Path start, String profile, boolean browser) throws IOException, InterruptedException {
        String token = newToken();
        int port = freePort();
        Workbench workbench = startJupyter(port, token, profile);
        try (TrackerPage tracker = TrackerPage.open()) {
            workbench.await();
            String place =
                    LabHome.root().relativize(start.toAbsolutePath()).toString().replace(" ", "%20");
            String page = workbench.server + "/lab/tree/" + (Files.exists(start) ? place : "") + "?token=" + token;
            System.out.println("JupyterLab  " + page);
            System.out.println("MLflow      " + tracker.page());
            System.out.println("Ctrl-C stops both.");
            if (browser && hasScreen()) {
                openPage(tracker.page().toString());
                openPage(page);
            }
            BooleanSupplier stopping = Ending.watch();
            int code = workbench.jupyter.waitFor();
            if (code != 0 && !stopping.getAsBoolean()) {
                throw new LabException("JupyterLab ended with exit code " + code + "; its log is " + workbench.log);
            }
        } finally {
            PythonScript.stop(workbench.jupyter);
        }
    }

    private static Workbench startJupyter(int port, String token, String profile) throws IOException {
        Path log = Files.createDirectories(LabHome.resolve(".lab")).resolve("jupyter.log");
        List<String> arguments = new ArrayList<>(List.of(
                "-m",
                "jupyterlab",
                "--no-browser",
                "--ServerApp.ip=127.0.0.1",
                "--ServerApp.port=" + port,
                "--ServerApp.port_retries=0",
                "--ServerApp.root_dir=" + LabHome.root(),
                // Other kernels would not find the library, and news from elsewhere are not asked for.
                "--KernelSpecManager.allowed_kernelspecs=replk-lab",
                "--KernelSpecManager.ensure_native_kernel=False",
                "--MultiKernelManager.default_kernel_name=replk-lab",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
                "--LabApp.news_url=None"));
        if (System.getProperty("user.name").equals("root")) {
            arguments.add("--allow-root"); // containers
        }
        ProcessBuilder builder =
                PythonScript.python(arguments).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(Map.of("JUPYTER_TOKEN", token, NotebookCommand.PROFILE_VARIABLE, profile));
        return new Workbench(PythonScript.start(builder), log, URI.create("http://127.0.0.1:" + port));
    }

    private void await() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/api"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    if (client.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException notYet) {
                    // It refuses connections until it is up.
                }
                if (jupyter.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                    throw new LabException("JupyterLab did not start; its log is " + log);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        for (int port : new int[] {USUAL_PORT, 0}) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return socket.getLocalPort();
            } catch (IOException taken) {
                if (port == 0) {
                    throw taken;
                }
            }
        }
        throw new AssertionError("port 0 is never taken");
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
