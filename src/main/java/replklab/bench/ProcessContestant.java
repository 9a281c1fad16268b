package replklab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A contestant in a process of its own, which is started when it is first needed. */
final class ProcessContestant implements Contestant {
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final String implementation;
    private final String variant;
    private final Supplier<PeerProcess> start;
    private final Lifetime lifetime;
    private final UnaryOperator<SequencedMap<String, Object>> told;
    private PeerProcess process;
    private String version = "";
    private String unavailable;
    private boolean settling;

    /** How long the process lives. */
    enum Lifetime {
        /** As long as the contestant. */
        ALL_CASES,
        /** A new process for every case: its memory is the case's alone. */
        ONE_CASE,
        /** As long as the contestant, and its memory is not watched: that takes longer than many a case. */
        UNWATCHED
    }

    /**
     * @param start starts the process; a {@link LeftOutException} out of it stands for every case
     * @param told what the process is told of a case, given {@link BenchCase#fields()}
     */
    ProcessContestant(
            String implementation,
            String variant,
            Lifetime lifetime,
            Supplier<PeerProcess> start,
            UnaryOperator<SequencedMap<String, Object>> told) {
        this.implementation = implementation;
        this.variant = variant;
        this.lifetime = lifetime;
        this.start = start;
        this.told = told;
    }

    @Override
    public String implementation() {
        return implementation;
    }

    @Override
    public String variant() {
        return variant;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public void prepare(BenchCase what, Duration patience) {
        if (unavailable != null) {
            throw new LeftOutException(unavailable);
        }
        Map<String, Object> order = order("prepare", "case", told.apply(what.fields()));
        if (process == null || !process.isAlive()) {
            try {
                process = start.get();
                version = process.version();
            } catch (LeftOutException e) {
                unavailable = e.getMessage();
                throw e;
            }
        }
        order.put("memory", lifetime != Lifetime.UNWATCHED);
        process.ask(order, patience);
    }

    @Override
    public double[] run(int times) {
        JsonNode answer = process.ask(order("run", "times", times), PATIENCE);
        settling = answer.path("settling").asBoolean();
        JsonNode milliseconds = answer.path("ms");
        double[] values = new double[milliseconds.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = milliseconds.get(i).asDouble();
        }
        if (values.length != times) {
            throw new LeftOutException("it answered " + values.length + " times instead of " + times);
        }
        return values;
    }

    @Override
    public boolean isSettling() {
        return settling;
    }

    @Override
    public void resetPeak() {
        process.ask(Map.of("do", "reset-peak"), PATIENCE);
    }

    @Override
    public Description describe() {
        JsonNode answer = process.ask(Map.of("do", "describe"), PATIENCE);
        Map<String, Double> layers = new LinkedHashMap<>();
        answer.path("layers")
                .properties()
                .forEach(entry -> layers.put(entry.getKey(), entry.getValue().asDouble()));
        Memory memory = new Memory(number(answer, "baseline_mib"), number(answer, "peak_mib"));
        return new Description(memory, answer.path("plan").asText(""), layers);
    }

    private static double number(JsonNode answer, String field) {
        JsonNode value = answer.path(field);
        return value.isNumber() ? value.asDouble() : Double.NaN;
    }

    @Override
    public void drop() {
        if (process == null) {
            return;
        }
        if (lifetime == Lifetime.ONE_CASE) {
            close();
            return;
        }
        try {
            process.ask(Map.of("do", "drop"), PATIENCE);
        } catch (LeftOutException gone) {
            close(); // the next case starts a new process
        }
    }

    private static Map<String, Object> order(String what, String key, Object value) {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("do", what);
        order.put(key, value);
        return order;
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
            process = null;
        }
    }
}
