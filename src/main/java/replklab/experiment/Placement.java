package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import replklab.base.Digests;
import replklab.base.LabException;

/**
 * Decides where the results of a {@code full} execution belong. {@code results/full/} is committed and cited: what lies there is
 * not overwritten by results of other settings, which get a folder of their own.
 */
final class Placement {
    /** Key of {@code provenance.json}. */
    static final String SETTINGS = "settings_sha256";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DIGITS = 8;

    private Placement() {}

    /** The experiment at its place; {@code replace} puts it where its file's results stand, whatever lies there. */
    static Experiment of(Path results, Experiment experiment, boolean replace) {
        Path there = experiment.folder(results).resolve("provenance.json");
        if (replace || experiment.profile() != Profile.FULL || !Files.exists(there)) {
            return experiment;
        }
        String settings = settings(experiment);
        return matches(there, experiment, settings)
                ? experiment
                : experiment.at(experiment.place() + "-" + settings.substring(0, DIGITS));
    }

    /** SHA-256 of everything that decides the runs of an experiment; its words do not count. */
    static String settings(Experiment experiment) {
        return Digests.of(RunPlan.of(experiment.spec()).stream()
                .map(plan -> RunConfig.hash(experiment, plan))
                .collect(Collectors.joining("\n")));
    }

    /** Older files have the hash of the whole configuration alone. */
    private static boolean matches(Path provenance, Experiment experiment, String settings) {
        try {
            JsonNode there = JSON.readTree(Files.readAllBytes(provenance));
            return there.has(SETTINGS)
                    ? there.get(SETTINGS).asText().equals(settings)
                    : there.path("config_sha256").asText().equals(Digests.of(experiment.yaml()));
        } catch (IOException e) {
            throw new LabException("cannot read " + provenance + ": " + e.getMessage(), e);
        }
    }
}
