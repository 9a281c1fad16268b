package replklab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import replklab.base.Options;
import replklab.base.Registry;
import replklab.base.Registry.Found;
import replklab.base.UsageException;

/** The probes that an experiment can name: the library's, those that were registered, and the user's own classes. */
public final class Probes {
    private static final String KEY = "evaluate";

    private static final Registry<Options, Probe, ProbeFactory> REGISTRY = new Registry<>(
            "probe",
            ProbeFactory.class,
            Probe.class,
            Options.class,
            make -> make::make,
            new TreeMap<String, ProbeFactory>(Map.of(
                    "cost", asked -> new CostProbe(asked.integer("batch"), asked.integer("passes")),
                    "merge", asked -> new MergeProbe(),
                    "receptive-field", asked -> new FieldProbe(asked.integer("images")),
                    "shape-bias", asked -> new ShapeBiasProbe(asked.integer("images")))));

    private Probes() {}

    /**
     * Gives a probe a name, from a notebook's cell for instance, for as long as the program runs. Finished runs count until the name is
     * registered again or the program ends.
     *
     * @throws UsageException if the library has a probe of that name
     */
    public static void register(String name, ProbeFactory probe) {
        register(name, "", probe);
    }

    /**
     * The same with a version, by which finished runs are known again: change it whenever the code changes what is computed.
     *
     * @param version such as {@code "2"}
     */
    public static void register(String name, String version, ProbeFactory probe) {
        REGISTRY.register(name, version, probe);
    }

    /**
     * The probes of an experiment, in the order of its file.
     *
     * @throws UsageException for an unknown name or key, or a value that is not allowed
     */
    static List<Probe> of(ExperimentSpec spec) {
        List<Probe> probes = new ArrayList<>();
        spec.evaluate().forEach((name, given) -> {
            Options options = Experiments.options(KEY + "." + name, given == null ? Map.of() : given);
            probes.add(REGISTRY.make(found(name, spec), options, options));
        });
        return probes;
    }

    /** What a name stands for. */
    static Found<ProbeFactory> found(String name, ExperimentSpec spec) {
        return REGISTRY.require(KEY, name, spec.classPath());
    }
}
