package replklab.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import replklab.base.Machine;
import replklab.base.Provenance;
import replklab.bench.BenchRun.Row;
import replklab.tensor.Precision;

/** The one JSON document that {@code bench --json} prints; other programs read it. */
public final class BenchJson {
    private static final ObjectMapper WRITER = new ObjectMapper();

    private BenchJson() {}

    /** {@code {"machine": {...}, "rows": [...], "left_out": [...]}}; numbers that are not known are null. */
    public static String of(BenchRun run) {
        return """
                {"machine": %s,
                "rows": %s,
                "left_out": %s}""".formatted(
                        json(machine(run)),
                        lines(run.rows().stream().map(row -> row(row, run.peak()))),
                        lines(leftOut(run).stream()));
    }

    /** A row a line: what a new run changes can be seen, and indentation is no third of the file. */
    private static String lines(Stream<Map<String, Object>> rows) {
        return rows.map(BenchJson::json).collect(Collectors.joining(",\n", "[", "]"));
    }

    private static String json(Map<String, Object> fields) {
        try {
            return WRITER.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts always make JSON", e);
        }
    }

    private static Map<String, Object> machine(BenchRun run) {
        Provenance provenance = run.provenance();
        Machine machine = provenance.machine();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cpu", machine.cpu());
        fields.put("cores", machine.cores());
        fields.put("memory_gib", machine.memoryGib());
        fields.put("os", machine.os());
        fields.put("jdk", provenance.jdk());
        fields.put("vector_bits", FloatVector.SPECIES_PREFERRED.vectorBitSize());
        fields.put("threads", run.threads());
        fields.put("fma_gflops_one_thread", run.peak().oneThread());
        fields.put("fma_gflops", run.peak().allThreads());
        fields.put("other_load", known(run.load()));
        fields.put("commit", provenance.commit());
        fields.put("dirty", provenance.dirty());
        fields.put("backend", provenance.backend());
        fields.put("versions", run.versions());
        fields.put("command", run.command());
        fields.put("started", provenance.started().toString());
        fields.put("seconds", provenance.took().toSeconds());
        return fields;
    }

    private static Map<String, Object> row(Row row, FmaPeak peak) {
        Measured measured = row.measured();
        Map<String, Object> fields = new LinkedHashMap<>(row.what().fields());
        fields.put("implementation", measured.implementation());
        fields.put("milliseconds", row.milliseconds());
        if (row.what() instanceof ConvCase) {
            fields.put(ModelCase.PRECISION, Precision.FLOAT32.toString());
        }
        fields.putAll(row.what().rates(row.milliseconds(), peak));
        fields.put("peak_mib", known(measured.description().memory().ofTheCaseMib()));
        fields.put("process_peak_mib", known(measured.description().memory().peakMib()));
        fields.putAll(spread(measured.timing()));
        fields.put("variant", measured.variant());
        fields.put("version", measured.version());
        fields.put("plan", measured.description().plan());
        fields.put(
                "variants",
                measured.variants().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> variant(entry.getValue()),
                                (a, b) -> a,
                                LinkedHashMap::new)));
        if (!measured.description().layers().isEmpty()) {
            fields.put("layers", measured.description().layers());
            fields.put("depthwise_share", measured.description().depthwiseShare());
        }
        return fields;
    }

    private static Map<String, Object> variant(Timing timing) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("milliseconds", timing.median());
        fields.putAll(spread(timing));
        return fields;
    }

    private static Map<String, Object> spread(Timing timing) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("low", timing.low());
        fields.put("high", timing.high());
        fields.put("fastest", timing.fastest());
        fields.put("slowest", timing.slowest());
        fields.put("runs", timing.runs());
        return fields;
    }

    private static Double known(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static List<Map<String, Object>> leftOut(BenchRun run) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < run.cases().size(); i++) {
            for (LeftOut one : run.results().get(i).leftOut()) {
                Map<String, Object> fields =
                        new LinkedHashMap<>(run.cases().get(i).fields());
                fields.put("implementation", one.implementation());
                fields.put("variant", one.variant());
                fields.put("reason", one.reason());
                all.add(fields);
            }
        }
        return all;
    }
}
