package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import replklab.base.UsageException;

/** The probes that an experiment can name, each with its own options. */
final class Probes {
    private static final Map<String, Class<? extends Probe>> KINDS = new TreeMap<>(
            Map.of("cost", CostProbe.class, "merge", MergeProbe.class, "shape-bias", ShapeBiasProbe.class));

    private Probes() {}

    /**
     * The probes of an experiment, in the order of its file.
     *
     * @throws UsageException for an unknown name or key, or a value that is not allowed
     */
    static List<Probe> of(ExperimentSpec spec) {
        List<Probe> probes = new ArrayList<>();
        spec.evaluate().forEach((name, options) -> probes.add(make(name, options)));
        return probes;
    }

    private static Probe make(String name, Map<String, JsonNode> options) {
        Class<? extends Probe> kind = KINDS.get(name);
        if (kind == null) {
            throw UsageException.unknown("name in evaluate:", name, KINDS.keySet());
        }
        return Experiments.options("evaluate." + name, options == null ? Map.of() : options, kind);
    }
}
