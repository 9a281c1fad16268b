package replklab.tracking;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import replklab.base.ExitActions;
import replklab.base.LabException;

/**
 * MLflow's tracking server on 127.0.0.1, with its database and artifacts under one folder ({@code mlflow.db},
 * {@code artifacts/}, {@code server.log}). One server at most works on a folder: a second process that asks for it gets
 * the one that is running, which {@code server.json} names.
 *
 * <p>What started the server stops it, by {@link #close}, or by ending in whatever way: the server watches for that.
 */
public final class MlflowServer implements AutoCloseable {
    /** The port taken when it is free. */
    public static final int USUAL_PORT = 5000;

    /** The first start compiles some thousand Python files, which takes a slow disk its time. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final int LOG_LINES = 15;

    /** Two threads of one process cannot both wait for a lock on one file. */
    private static final ReentrantLock STARTING = new ReentrantLock();

    private final Path folder;
    private final int port;
    private final Optional<Process> process;
    private final Runnable exitAction = this::stop;

    /**
     * The {@code server.json} of a server that runs, or ran.
     *
     * @param started milliseconds since 1970, which with the process id tells a process from a later one
     */
    private record Running(long pid, long started, int port) {
        static Path file(Path folder) {
            return folder.resolve("server.json");
        }

        Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> Math.abs(startOf(handle) - started) < 5_000);
        }

        static long startOf(ProcessHandle handle) {
            return handle.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
        }
    }

    private MlflowServer(Path folder, int port, Optional<Process> process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
        process.ifPresent(own -> ExitActions.add(ExitActions.Phase.SERVERS, exitAction));
    }

    /**
     * The server on this folder: the running one, or a new one on port {@value #USUAL_PORT}, or on a free port when that
     * is taken.
     *
     * @param folder such as {@code mlruns}, made if missing
     * @param notices hears what the user may want to know, such as another port
     * @throws LabException if it cannot be started, with the end of its log
     */
    public static MlflowServer open(Path folder, Consumer<String> notices) {
        return open(folder, OptionalInt.empty(), PythonEnvironment.python(), notices);
    }

    /** The server on this folder: the running one, or a new one on exactly this port. */
    public static MlflowServer open(Path folder, int port, Consumer<String> notices) {
        return open(folder, OptionalInt.of(port), PythonEnvironment.python(), notices);
    }

    static MlflowServer open(Path folder, OptionalInt port, Path python, Consumer<String> notices) {
        Path place = folder.toAbsolutePath().normalize();
        STARTING.lock();
        try {
            Files.createDirectories(place);
            try (FileChannel file = FileChannel.open(
                            place.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = file.lock()) {
                Optional<MlflowServer> running = running(place);
                if (running.isPresent()) {
                    int taken = running.get().port;
                    if (port.isPresent() && port.getAsInt() != taken) {
                        notices.accept("MLflow of " + folder + " runs already, on port " + taken);
                    }
                    return running.get();
                }
                return start(place, port, python, notices);
            }
        } catch (IOException e) {
            throw new LabException("cannot start MLflow in " + folder + ": " + e.getMessage(), e);
        } finally {
            STARTING.unlock();
        }
    }

    /** Address of the server and its page, without a slash at the end. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Whether this object started the server and will stop it. */
    public boolean owned() {
        return process.isPresent();
    }

    /** Whether the server is there and well. */
    public boolean answers() {
        return process.map(Process::isAlive).orElse(true) && Health.answers(uri());
    }

    /** Stops the server if this object started it. */
    @Override
    public void close() {
        ExitActions.remove(exitAction);
        stop();
    }

    private static Optional<MlflowServer> running(Path folder) throws IOException {
        Optional<Running> noted = Json.load(Running.file(folder), Running.class);
        Optional<ProcessHandle> alive = noted.flatMap(Running::process);
        if (alive.isEmpty()) {
            return Optional.empty();
        }
        MlflowServer server = new MlflowServer(folder, noted.get().port(), Optional.empty());
        long deadline = System.nanoTime() + 2 * STOP_PATIENCE.toNanos();
        while (!server.answers()) {
            if (!works(alive.get())) {
                return Optional.empty();
            }
            if (System.nanoTime() > deadline) {
                throw new LabException(
                        "MLflow of " + folder + " (process " + noted.get().pid() + ", port "
                                + noted.get().port() + ") runs but does not answer; end that process and try again");
            }
            pause(); // it may be about to stop
        }
        return Optional.of(server);
    }

    /** Whether a process runs; one that has ended but that no parent has collected, as in a container, counts as alive. */
    static boolean works(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private static MlflowServer start(Path folder, OptionalInt port, Path python, Consumer<String> notices)
            throws IOException {
        Path program = PythonEnvironment.program("serve.py", folder);
        Path log = folder.resolve("server.log");
        int wanted = port.orElse(USUAL_PORT);
        ProcessBuilder builder = new ProcessBuilder(
                        python.toString(),
                        program.toString(),
                        folder.toString(),
                        Integer.toString(wanted),
                        port.isPresent() ? "exact" : "any")
                .directory(folder.toFile())
                .redirectError(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("MLFLOW_DISABLE_TELEMETRY", "true");
        environment.put("DO_NOT_TRACK", "true");
        // Seven more processes, for jobs of the language-model part.
        environment.put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
        environment.remove("MLFLOW_TRACKING_URI");
        Process process = builder.start();
        Runnable kill = process::destroyForcibly;
        ExitActions.add(ExitActions.Phase.SERVERS, kill);
        try {
            int taken = portOf(process, log);
            if (taken != wanted) {
                notices.accept("port " + wanted + " is taken: MLflow listens on " + taken);
            }
            await(process, URI.create("http://127.0.0.1:" + taken), log);
            Json.save(Running.file(folder), new Running(process.pid(), Running.startOf(process.toHandle()), taken));
            return new MlflowServer(folder, taken, Optional.of(process));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        } finally {
            ExitActions.remove(kill);
        }
    }

    /** The first line of the process is the port it has taken. */
    private static int portOf(Process process, Path log) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (line == null) {
            throw failure(process, log);
        }
        return Integer.parseInt(line.strip());
    }

    private static void await(Process process, URI uri, Path log) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Health.answers(uri)) {
            if (!process.isAlive()) {
                throw failure(process, log);
            }
            if (System.nanoTime() > deadline) {
                throw new LabException("MLflow did not answer at " + uri + " within " + PATIENCE.toSeconds()
                        + " s; the end of " + log + ":\n" + tail(log));
            }
            pause();
        }
    }

    private static LabException failure(Process process, Path log) throws IOException {
        try {
            process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String end = tail(log);
        String hint = end.contains("ModuleNotFoundError") ? "\n./lab setup installs what is missing" : "";
        return new LabException("MLflow did not start; the end of " + log + ":\n" + end + hint);
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }

    private void stop() {
        process.ifPresent(own -> {
            try {
                own.getOutputStream().close(); // the server ends when its input does
                if (!own.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    own.descendants().forEach(ProcessHandle::destroyForcibly);
                }
            } catch (IOException e) {
                own.descendants().forEach(ProcessHandle::destroyForcibly);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                own.destroyForcibly();
                forget(own.pid());
            }
        });
    }

    private void forget(long pid) {
        Path file = Running.file(folder);
        try {
            if (Json.load(file, Running.class)
                    .filter(noted -> noted.pid() == pid)
                    .isPresent()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The next starter sees that the process is gone.
            file.toFile().deleteOnExit();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for MLflow", e);
        }
    }
}
