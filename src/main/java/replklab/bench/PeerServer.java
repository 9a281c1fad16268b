package replklab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import replklab.base.HeapLevel;
import replklab.base.Stopwatch;

/**
 * The Java side of what {@code worker.py} does for the Python peers: a process that computes what it is told, one JSON
 * document a line. Our own implementations run in processes of their own too, so that times and memory mean the same for
 * everybody.
 */
public final class PeerServer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Workload workload;
    private final JustInTime compiler = new JustInTime();
    private Workload.Prepared prepared;
    private double baselineMib = Double.NaN;

    PeerServer(Workload workload) {
        this.workload = workload;
    }

    /**
     * Serves one workload until standard input ends.
     *
     * @param arguments the workload's name, as {@link Workloads} knows it
     */
    public static void main(String[] arguments) throws IOException {
        HeapLevel.keep();
        // Whatever libraries print must not come between the answers.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        new PeerServer(Workloads.of(arguments[0]))
                .serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), out);
        System.exit(0); // the libraries' threads would keep it alive
    }

    void serve(BufferedReader orders, PrintStream answers) throws IOException {
        answers.println(JSON.writeValueAsString(Map.of("version", workload.version())));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            answers.println(JSON.writeValueAsString(answer(JSON.readTree(line))));
        }
    }

    private ObjectNode answer(JsonNode order) {
        ObjectNode answer = JSON.createObjectNode();
        try {
            switch (order.path("do").asText()) {
                case "prepare" -> {
                    prepared = null;
                    if (order.path("memory").asBoolean(true)) {
                        Memory.giveBack();
                        baselineMib = Memory.residentMib();
                    }
                    prepared = workload.prepare(PeerCases.read(order.path("case")), order.path("case"));
                }
                case "run" -> run(order.path("times").asInt(), answer);
                case "reset-peak" -> Memory.resetPeak();
                case "describe" -> describe(answer);
                case "drop" -> {
                    prepared = null;
                    Memory.giveBack();
                }
                default -> answer.put("error", "unknown order " + order.path("do"));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            prepared = null;
            answer.put("error", e instanceof LeftOutException ? e.getMessage() : e.toString());
        }
        return answer;
    }

    private void run(int times, ObjectNode answer) {
        ArrayNode milliseconds = answer.putArray("ms");
        compiler.begin();
        double[] each = Stopwatch.milliseconds(times, prepared::run);
        Arrays.stream(each).forEach(milliseconds::add);
        answer.put("settling", compiler.isBusy(Arrays.stream(each).sum()));
    }

    private void describe(ObjectNode answer) {
        // Before the profile, which is not part of the case.
        answer.put("peak_mib", Memory.peakOfThisProcessMib());
        answer.put("baseline_mib", baselineMib);
        answer.put("plan", prepared.plan());
        ObjectNode layers = answer.putObject("layers");
        prepared.layers().forEach(layers::put);
    }
}
