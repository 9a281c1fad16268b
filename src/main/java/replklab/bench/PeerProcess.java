package replklab.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process that is asked and answers, one JSON document a line. It ends when its standard input does, so it never outlives
 * this program.
 */
public final class PeerProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofMinutes(3);
    private static final long END_SECONDS = 10;

    /** Those that run now; a Ctrl-C in the middle of a long call takes them along. */
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "stop-peers"));
    }

    private final Process process;
    private final Writer orders;
    private final LinkedBlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
    private final String version;

    private PeerProcess(Process process) {
        this.process = process;
        RUNNING.add(process);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("answers-" + process.pid()).start(this::listen);
        try {
            this.version = answer(START).path("version").asText();
        } catch (LeftOutException e) {
            close();
            throw e;
        }
    }

    /** Starts a process whose first line tells its version; what it writes to standard error goes where the builder says. */
    public static PeerProcess start(ProcessBuilder builder) {
        try {
            return new PeerProcess(builder.start());
        } catch (IOException e) {
            throw new LeftOutException("it does not start: " + e.getMessage());
        }
    }

    /** The version that the process told first. */
    public String version() {
        return version;
    }

    /**
     * Gives an order and waits for the answer.
     *
     * @throws LeftOutException if the answer is an error, comes too late, or does not come
     */
    public JsonNode ask(Map<String, Object> order, Duration patience) {
        try {
            orders.write(JSON.writeValueAsString(order) + "\n");
            orders.flush();
        } catch (IOException e) {
            throw ended();
        }
        return answer(patience);
    }

    private JsonNode answer(Duration patience) {
        Optional<String> line;
        try {
            line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LeftOutException("interrupted");
        }
        if (line == null) {
            process.destroyForcibly();
            throw new LeftOutException("no answer for " + patience.toSeconds() + " s");
        }
        try {
            JsonNode answer = JSON.readTree(line.orElseThrow(this::ended));
            if (answer.has("error")) {
                throw new LeftOutException(answer.get("error").asText());
            }
            return answer;
        } catch (JsonProcessingException e) {
            throw new LeftOutException("its answer is no JSON: " + line.orElse(""));
        }
    }

    private LeftOutException ended() {
        boolean told = waited();
        return new LeftOutException("its process ended" + (told ? " with exit code " + process.exitValue() : ""));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Passes lines on; the end of the stream is an empty one. */
    private void listen() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().map(Optional::of).forEach(answers::add);
        } catch (IOException | UncheckedIOException closed) {
            // The process went away, which the empty line tells.
        }
        answers.add(Optional.empty());
    }

    private boolean waited() {
        try {
            return process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        try {
            orders.close();
        } catch (IOException gone) {
            // It needs no telling.
        }
        if (!waited()) {
            process.destroyForcibly();
        }
        RUNNING.remove(process);
    }
}
