package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import replklab.base.UsageException;

/** What an experiment can name to be measured, each with its own options. */
final class Measurables {
    private static final Map<String, Class<? extends Measurable>> KINDS =
            new TreeMap<>(Map.of("depthwise-layers", DepthwiseLayers.class, "network-latency", NetworkLatency.class));

    private Measurables() {}

    /**
     * What is to be measured.
     *
     * @param options its options, {@code name} among them
     * @throws UsageException for an unknown name or key, or a value that is not allowed
     */
    static Measurable of(Map<String, JsonNode> options) {
        JsonNode name = options.get("name");
        if (name == null) {
            throw new UsageException("measure.name is missing (known: " + String.join(", ", KINDS.keySet()) + ")");
        }
        Class<? extends Measurable> kind = KINDS.get(name.asText());
        if (kind == null) {
            throw UsageException.unknown("measurement", name.asText(), KINDS.keySet());
        }
        Map<String, JsonNode> own = new LinkedHashMap<>(options);
        own.remove("name");
        return Experiments.options("measure", own, kind);
    }

    /** Throws unless an implementation is one of those that can be measured so. */
    static void requireKnown(String implementation, List<String> known) {
        if (!known.contains(implementation)) {
            throw UsageException.unknown("implementation", implementation, known);
        }
    }

    /** Throws unless a measured time is positive or zero and not absurdly long. */
    static void requireTime(String field, int milliseconds) {
        if (milliseconds < 0 || milliseconds > 600_000) {
            throw new UsageException(field + " is " + milliseconds + "; allowed are 0 to 600000 milliseconds");
        }
    }
}
