package replklab.tracking;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import replklab.base.LabException;
import replklab.base.OwnerOnly;

/**
 * The process of an embedded server, as it names itself in the folder's {@code server.json}.
 *
 * @param started milliseconds since 1970, which with the process id tells a process from a later one
 */
record ServerProcess(long pid, long started, int port) {
    /** How long a start may take: the first one compiles some thousand Python files, which takes a slow disk its time. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final int LOG_LINES = 15;

    private static Path file(Path folder) {
        return folder.resolve("server.json");
    }

    /** The last one of a folder, which may have ended since. */
    static Optional<ServerProcess> last(Path folder) {
        return Json.load(file(folder), ServerProcess.class);
    }

    /**
     * Starts one and waits until it serves.
     *
     * @param exact whether no other port will do
     * @throws LabException saying what is wrong
     */
    static ServerProcess start(Path folder, ServerKey key, int port, boolean exact, Path python) throws IOException {
        Path program = PythonEnvironment.program("serve.py", folder);
        Path log = folder.resolve("server.log");
        if (Files.exists(log)) { // it tells why the last one ended
            Files.move(log, folder.resolve("server.log.old"), StandardCopyOption.REPLACE_EXISTING);
        }
        OwnerOnly.empty(log);
        ProcessBuilder builder = new ProcessBuilder(python.toString(), program.toString())
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        cleanse(builder.environment());
        Process process = builder.start();
        try {
            // Not on the command line, which everybody on the machine can read.
            try (Writer orders = process.outputWriter(StandardCharsets.UTF_8)) {
                orders.write(Json.line(Map.of(
                        "folder",
                        folder.toString(),
                        "port",
                        port,
                        "exact",
                        exact,
                        "key",
                        key.hex(),
                        "token",
                        key.token())));
            } catch (IOException e) {
                throw failure(process, log, Optional.empty()); // it has ended, and its log says why
            }
            BufferedReader words = process.inputReader(StandardCharsets.UTF_8);
            int taken = Integer.parseInt(word(process, words, log, "listening "));
            word(process, words, log, "ready");
            if (!key.answers(taken, PATIENCE)) {
                throw failure(process, log, Optional.of("it does not answer on port " + taken));
            }
            return last(folder).orElseThrow(); // it told of itself before it said that it listens
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** MLflow reads some two hundred variables; those of the user are meant for clients, or for other servers. */
    static void cleanse(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("MLFLOW_") || name.startsWith("_MLFLOW_"));
        environment.put("MLFLOW_DISABLE_TELEMETRY", "true");
        environment.put("DO_NOT_TRACK", "true");
        // Seven more processes, for jobs of the language-model part.
        environment.put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    }

    /** The rest of the next line of the process, which must begin so. */
    private static String word(Process process, BufferedReader words, Path log, String begin) throws IOException {
        CompletableFuture<Optional<String>> next = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Optional.ofNullable(words.readLine());
                    } catch (IOException e) {
                        return Optional.empty();
                    }
                },
                Thread::startVirtualThread); // the common pool may be busy, with callers of this too
        Optional<String> line;
        try {
            line = next.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failure(process, log, Optional.of("nothing heard of it for " + PATIENCE.toSeconds() + " s"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for MLflow", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        if (line.isEmpty() || !line.get().startsWith(begin)) {
            throw failure(process, log, line.map(text -> text.replaceFirst("^failed ", "")));
        }
        return line.get().substring(begin.length());
    }

    private static LabException failure(Process process, Path log, Optional<String> reason) throws IOException {
        if (reason.isPresent()) {
            return new LabException("MLflow did not start: " + reason.get() + "; its log is " + log);
        }
        try {
            process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS); // its last words
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .toList();
        String end = String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        return new LabException("MLflow did not start; the end of " + log + ":\n" + end);
    }

    /** Whether it runs; one that has ended but that no parent has collected, as in a container, counts as alive for Java. */
    boolean runs() {
        return handle().isPresent();
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info().command().isPresent())
                .filter(process -> Math.abs(startOf(process) - started) < 5_000);
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
    }

    /** Ends it, and waits until it has. */
    void stop(Path folder) throws IOException {
        Optional<ProcessHandle> process = handle();
        if (process.isPresent()) {
            process.get().destroy();
            long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
            while (runs()) {
                if (System.nanoTime() > deadline) {
                    process.get().destroyForcibly();
                }
                SharedServer.pause(20);
            }
        }
        Files.deleteIfExists(file(folder));
    }
}
