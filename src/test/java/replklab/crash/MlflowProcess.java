package replklab.crash;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A real MLflow server of somebody else's, on 127.0.0.1, that can be killed and started again on its port. */
final class MlflowProcess implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 300_000;

    private final Path folder;
    private final int port;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Store store;
    private Map<String, String> credentials = Map.of();
    private Process process;

    private MlflowProcess(Path folder, int port, List<String> command, Map<String, String> environment, Store store) {
        this.folder = folder;
        this.port = port;
        this.command = command;
        this.environment = environment;
        this.store = store;
    }

    /** One with SQLite and its artifacts in a folder, ready to answer. */
    static MlflowProcess start(Path folder) throws IOException {
        return start(folder, LabProcess.python(), "sqlite:///" + folder.resolve("mlflow.db"), Map.of(), List.of());
    }

    /**
     * One with any database.
     *
     * @param python an interpreter that has MLflow and the database's driver
     * @param more options of {@code mlflow server}
     */
    static MlflowProcess start(
            Path folder, Path python, String database, Map<String, String> environment, List<String> more)
            throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                python.toString(),
                "-m",
                "mlflow",
                "server",
                "--host",
                "127.0.0.1",
                "--workers",
                "1",
                "--serve-artifacts"));
        command.addAll(List.of("--port", Integer.toString(port)));
        command.addAll(List.of("--backend-store-uri", database));
        command.addAll(List.of(
                "--artifacts-destination",
                Files.createDirectories(folder.resolve("artifacts")).toString()));
        command.addAll(more);
        Store store = new Store(database, folder.resolve("artifacts"), python);
        MlflowProcess server = new MlflowProcess(folder, port, command, environment, store);
        server.start();
        return server;
    }

    /** A port that nobody listens on; somebody may take it before it is used, which the server would report. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it, again perhaps, and waits until it answers. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("server.log").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("MLFLOW_"));
        builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
        builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
        builder.environment().put("DO_NOT_TRACK", "true");
        builder.environment().putAll(environment);
        process = builder.start();
        if (!Processes.await(() -> !process.isAlive() || answers(), PATIENCE_MILLIS) || !process.isAlive()) {
            kill();
            throw new AssertionError("MLflow did not start:\n" + Files.readString(folder.resolve("server.log")));
        }
    }

    private boolean answers() {
        try {
            HttpURLConnection health =
                    (HttpURLConnection) URI.create(uri() + "/health").toURL().openConnection();
            health.setConnectTimeout(2_000);
            health.setReadTimeout(20_000);
            return health.getResponseCode() == 200;
        } catch (IOException notYet) {
            Processes.pause(100);
            return false;
        }
    }

    int port() {
        return port;
    }

    String uri() {
        return "http://127.0.0.1:" + port;
    }

    Store store() {
        return store;
    }

    /** What a program needs in its environment to log here. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(credentials);
        environment.put("MLFLOW_TRACKING_URI", uri());
        return environment;
    }

    /** The same server, whose programs log in. */
    MlflowProcess as(String user, String password) {
        credentials = Map.of("MLFLOW_TRACKING_USERNAME", user, "MLFLOW_TRACKING_PASSWORD", password);
        return this;
    }

    /** SIGKILL to all its processes. */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
